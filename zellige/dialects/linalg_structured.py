"""The named structured ops of linalg, as one table: loops, operands and body of each, as upstream defines them.

A row says what the op computes in the notation

    "conv_2d_nhwc_hwcf": "n oh ow f | kh kw c : n oh~kh ow~kw c ; kh kw c f ; n oh ow f"

First the loops, parallel ones until a bar, then reductions until the next; then the operands, the output as the last.
An operand is a list of index expressions, one a dimension: a loop, or the sum of two loops; `-` is a scalar operand.
`oh~kh` is a window, `oh * stride + kh * dilation`: the i-th window of an operand has the i-th stride and dilation.
`oh+kh` is a window of stride and dilation 1. To add an op is to add a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from types import MappingProxyType

from xdsl.ir.affine import AffineExpr, AffineMap


class Body(Enum):
    """What is done with one element of each operand; `out` is the output's element before."""

    MULTIPLY_ADD = auto()
    """`out + cast(a) * cast(b)`."""
    QUANTIZED_MULTIPLY_ADD = auto()
    """`out + (cast(a) - a_zero) * (cast(b) - b_zero)`."""
    SUM = auto()
    """`out + cast(a)`."""
    MAX = auto()
    MAX_UNSIGNED = auto()
    MIN = auto()
    MIN_UNSIGNED = auto()


@dataclass(frozen=True)
class Structure:
    """One row of the table, read."""

    loops: tuple[str, ...]
    reductions: frozenset[str]
    operands: tuple[tuple[str, ...], ...]
    body: Body

    @cached_property
    def windows(self) -> int:
        """How many strides, and how many dilations, the op has."""
        return sum("~" in expression for operand in self.operands for expression in operand)

    def maps(self, strides: Sequence[int] = (), dilations: Sequence[int] = ()) -> tuple[AffineMap, ...]:
        """The indexing map of each operand; one stride and one dilation a window."""
        assert len(strides) == len(dilations) == self.windows
        return tuple(self._map(operand, strides, dilations) for operand in self.operands)

    def _map(self, operand: Sequence[str], strides: Sequence[int], dilations: Sequence[int]) -> AffineMap:
        dims = {loop: AffineExpr.dimension(i) for i, loop in enumerate(self.loops)}
        results: list[AffineExpr] = []
        window = 0
        for expression in operand:
            if "~" in expression:
                output, kernel = expression.split("~")
                results.append(dims[output] * strides[window] + dims[kernel] * dilations[window])
                window += 1
            elif "+" in expression:
                output, kernel = expression.split("+")
                results.append(dims[output] + dims[kernel])
            else:
                results.append(dims[expression])
        return AffineMap(len(self.loops), 0, tuple(results))


def _rows(body: Body, **rows: str) -> dict[str, Structure]:
    return {name: _read(text, body) for name, text in rows.items()}


def _read(text: str, body: Body) -> Structure:
    loops, operands = text.split(":")
    groups = [group.split() for group in loops.split("|")]
    return Structure(
        loops=tuple(loop for group in groups for loop in group),
        reductions=frozenset(loop for group in groups[1::2] for loop in group),
        operands=tuple(tuple(e for e in operand.split() if e != "-") for operand in operands.split(";")),
        body=body,
    )


CONTRACTIONS = MappingProxyType(
    _rows(
        Body.MULTIPLY_ADD,
        matmul="m n | k : m k ; k n ; m n",
        matmul_transpose_a="m n | k : k m ; k n ; m n",
        matmul_transpose_b="m n | k : m k ; n k ; m n",
        batch_matmul="b m n | k : b m k ; b k n ; b m n",
        batch_matmul_transpose_a="b m n | k : b k m ; b k n ; b m n",
        batch_matmul_transpose_b="b m n | k : b m k ; b n k ; b m n",
        batch_reduce_matmul="| b | m n | k : b m k ; b k n ; m n",
        matvec="m | n : m n ; n ; m",
        vecmat="n | m : m ; m n ; n",
        batch_matvec="b m | k : b m k ; b k ; b m",
        batch_vecmat="b n | k : b k ; b k n ; b n",
        dot="| m : m ; m ; -",
        mmt4d="m n | k | m0 n0 | k0 : m k m0 k0 ; n k n0 k0 ; m n m0 n0",
        batch_mmt4d="b m n | k | m0 n0 | k0 : b m k m0 k0 ; b n k n0 k0 ; b m n m0 n0",
    )
    | _rows(
        Body.QUANTIZED_MULTIPLY_ADD,
        quantized_matmul="m n | k : m k ; k n ; - ; - ; m n",
        quantized_batch_matmul="b m n | k : b m k ; b k n ; - ; - ; b m n",
    )
)

CONVOLUTIONS = MappingProxyType(
    _rows(
        Body.MULTIPLY_ADD,
        conv_1d="ow | kw : ow+kw ; kw ; ow",
        conv_2d="oh ow | kh kw : oh+kh ow+kw ; kh kw ; oh ow",
        conv_3d="od oh ow | kd kh kw : od+kd oh+kh ow+kw ; kd kh kw ; od oh ow",
        conv_1d_nwc_wcf="n ow f | kw c : n ow~kw c ; kw c f ; n ow f",
        conv_1d_ncw_fcw="n f ow | c kw : n c ow~kw ; f c kw ; n f ow",
        conv_2d_nhwc_hwcf="n oh ow f | kh kw c : n oh~kh ow~kw c ; kh kw c f ; n oh ow f",
        conv_2d_nhwc_fhwc="n oh ow f | kh kw c : n oh~kh ow~kw c ; f kh kw c ; n oh ow f",
        conv_2d_nchw_fchw="n f oh ow | c kh kw : n c oh~kh ow~kw ; f c kh kw ; n f oh ow",
        conv_2d_ngchw_fgchw="n g f oh ow | c kh kw : n g c oh~kh ow~kw ; f g c kh kw ; n g f oh ow",
        conv_2d_ngchw_gfchw="n g f oh ow | c kh kw : n g c oh~kh ow~kw ; g f c kh kw ; n g f oh ow",
        conv_2d_nhwgc_gfhwc="n oh ow g f | kh kw c : n oh~kh ow~kw g c ; g f kh kw c ; n oh ow g f",
        conv_3d_ndhwc_dhwcf="n od oh ow f | kd kh kw c : n od~kd oh~kh ow~kw c ; kd kh kw c f ; n od oh ow f",
        conv_3d_ncdhw_fcdhw="n f od oh ow | c kd kh kw : n c od~kd oh~kh ow~kw ; f c kd kh kw ; n f od oh ow",
        depthwise_conv_1d_nwc_wc="n ow c | kw : n ow~kw c ; kw c ; n ow c",
        depthwise_conv_1d_ncw_cw="n ow c | kw : n c ow~kw ; c kw ; n c ow",
        depthwise_conv_1d_nwc_wcm="n ow c m | kw : n ow~kw c ; kw c m ; n ow c m",
        depthwise_conv_2d_nhwc_hwc="n oh ow c | kh kw : n oh~kh ow~kw c ; kh kw c ; n oh ow c",
        depthwise_conv_2d_nchw_chw="n oh ow c | kh kw : n c oh~kh ow~kw ; c kh kw ; n c oh ow",
        depthwise_conv_2d_nhwc_hwcm="n oh ow c m | kh kw : n oh~kh ow~kw c ; kh kw c m ; n oh ow c m",
        depthwise_conv_3d_ndhwc_dhwc="n od oh ow | kd kh kw | c : n od~kd oh~kh ow~kw c ; kd kh kw c ; n od oh ow c",
        depthwise_conv_3d_ncdhw_cdhw="n od oh ow | kd kh kw | c : n c od~kd oh~kh ow~kw ; c kd kh kw ; n c od oh ow",
        depthwise_conv_3d_ndhwc_dhwcm=(
            "n od oh ow m | kd kh kw | c : n od~kd oh~kh ow~kw c ; kd kh kw c m ; n od oh ow c m"
        ),
    )
    | _rows(
        Body.QUANTIZED_MULTIPLY_ADD,
        conv_2d_nhwc_hwcf_q="n oh ow f | kh kw c : n oh~kh ow~kw c ; kh kw c f ; - ; - ; n oh ow f",
        conv_2d_nhwc_fhwc_q="n oh ow f | kh kw c : n oh~kh ow~kw c ; f kh kw c ; - ; - ; n oh ow f",
        conv_2d_nchw_fchw_q="n f oh ow | c kh kw : n c oh~kh ow~kw ; f c kh kw ; - ; - ; n f oh ow",
        conv_2d_ngchw_gfchw_q="n g f oh ow | c kh kw : n g c oh~kh ow~kw ; g f c kh kw ; - ; - ; n g f oh ow",
        conv_2d_nhwgc_gfhwc_q="n oh ow g f | kh kw c : n oh~kh ow~kw g c ; g f kh kw c ; - ; - ; n oh ow g f",
        conv_3d_ndhwc_dhwcf_q="n od oh ow f | kd kh kw c : n od~kd oh~kh ow~kw c ; kd kh kw c f ; - ; - ; n od oh ow f",
        depthwise_conv_2d_nhwc_hwc_q="n oh ow c | kh kw : n oh~kh ow~kw c ; kh kw c ; - ; - ; n oh ow c",
        depthwise_conv_2d_nhwc_hwcm_q="n oh ow c m | kh kw : n oh~kh ow~kw c ; kh kw c m ; - ; - ; n oh ow c m",
    )
)

_NHWC = "n oh ow c | kh kw : n oh~kh ow~kw c ; kh kw ; n oh ow c"
_NCHW = "n c oh ow | kh kw : n c oh~kh ow~kw ; kh kw ; n c oh ow"
_NWC = "n ow c | kw : n ow~kw c ; kw ; n ow c"
_NCW = "n c ow | kw : n c ow~kw ; kw ; n c ow"
_NDHWC = "n od oh ow c | kd kh kw : n od~kd oh~kh ow~kw c ; kd kh kw ; n od oh ow c"

POOLINGS = MappingProxyType(
    _rows(
        Body.SUM,
        pooling_nhwc_sum=_NHWC,
        pooling_nchw_sum=_NCHW,
        pooling_nwc_sum=_NWC,
        pooling_ncw_sum=_NCW,
        pooling_ndhwc_sum=_NDHWC,
    )
    | _rows(
        Body.MAX,
        pooling_nhwc_max=_NHWC,
        pooling_nchw_max=_NCHW,
        pooling_nwc_max=_NWC,
        pooling_ncw_max=_NCW,
        pooling_ndhwc_max=_NDHWC,
    )
    | _rows(Body.MAX_UNSIGNED, pooling_nhwc_max_unsigned=_NHWC, pooling_nwc_max_unsigned=_NWC)
    | _rows(Body.MIN, pooling_nhwc_min=_NHWC, pooling_nwc_min=_NWC, pooling_ndhwc_min=_NDHWC)
    | _rows(Body.MIN_UNSIGNED, pooling_nhwc_min_unsigned=_NHWC, pooling_nwc_min_unsigned=_NWC)
)

STRUCTURED = MappingProxyType({**CONTRACTIONS, **CONVOLUTIONS, **POOLINGS})
"""Name without `linalg.` -> structure."""
