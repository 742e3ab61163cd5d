"""Convolutions of StableHLO against the definition, written out in numpy for the layout [b, 0, 1, f] x [0, 1, i, o]."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Convolution:
    """Shapes are in the order batch, space, features and space, input features, output features."""

    lhs: tuple[int, ...]
    rhs: tuple[int, ...]
    numbers: str
    stride: tuple[int, ...]
    pad: tuple[tuple[int, int], ...]
    lhs_dilate: tuple[int, ...]
    rhs_dilate: tuple[int, ...]
    reverse: tuple[bool, ...]
    feature_groups: int = 1
    batch_groups: int = 1
    kind: str = "f32"
    result_kind: str = "f32"

    def layouts(self) -> tuple[list[int], list[int], list[int]]:
        """For each operand and the result the dimension of the order above that each of its dimensions is."""
        space = [str(i) for i in range(len(self.stride))]
        lhs, rest = self.numbers.split("x")
        rhs, out = rest.split("->")
        orders = (["b", *space, "f"], [*space, "i", "o"], ["b", *space, "f"])
        texts = (lhs, rhs, out)
        pairs = zip(texts, orders, strict=True)
        lhs, rhs, out = ([order.index(c) for c in text.strip("[]").split(", ")] for text, order in pairs)
        return lhs, rhs, out

    def text(self, result: tuple[int, ...]) -> str:
        """A module of one convolution."""

        def tensor(shape: tuple[int, ...], kind: str) -> str:
            return f"tensor<{'x'.join(map(str, shape))}x{kind}>"

        lhs, rhs, out = self.layouts()
        types = [
            tensor(tuple(self.lhs[d] for d in lhs), self.kind),
            tensor(tuple(self.rhs[d] for d in rhs), self.kind),
            tensor(tuple(result[d] for d in out), self.result_kind),
        ]
        window = ", ".join(
            f"{name} = {str(value).replace('(', '[').replace(')', ']').replace(',]', ']').lower()}"
            for name, value in (
                ("stride", self.stride),
                ("pad", self.pad),
                ("lhs_dilate", self.lhs_dilate),
                ("rhs_dilate", self.rhs_dilate),
                ("reverse", self.reverse),
            )
        )
        return f"""
func.func @main(%x: {types[0]}, %k: {types[1]}) -> {types[2]} {{
  %0 = stablehlo.convolution(%x, %k) dim_numbers = {self.numbers}, window = {{{window}}}
    {{batch_group_count = {self.batch_groups} : i64, feature_group_count = {self.feature_groups} : i64}}
    : ({types[0]}, {types[1]}) -> {types[2]}
  return %0 : {types[2]}
}}
"""


def reference(case: Convolution, x: Array, k: Array) -> Array:
    """Each element of the result as the specification defines it, in the order batch, space, features."""
    space = len(case.stride)
    stretched = [(n - 1) * d + 1 for n, d in zip(x.shape[1:-1], case.lhs_dilate, strict=True)]
    wide = np.zeros([x.shape[0], *stretched, x.shape[-1]])
    wide[(slice(None), *(slice(None, None, d) for d in case.lhs_dilate), slice(None))] = x
    wide = np.pad(wide, [(0, 0), *((max(low, 0), max(high, 0)) for low, high in case.pad), (0, 0)])
    cut = [slice(max(-low, 0), wide.shape[i + 1] - max(-high, 0)) for i, (low, high) in enumerate(case.pad)]
    wide = wide[(slice(None), *cut, slice(None))]
    k = k[tuple(slice(None, None, -1) if r else slice(None) for r in case.reverse)]
    extents = [(n - 1) * d + 1 for n, d in zip(k.shape[:space], case.rhs_dilate, strict=True)]
    sizes = [(n - extent) // s + 1 for n, extent, s in zip(wide.shape[1:-1], extents, case.stride, strict=True)]
    batch, features, inputs = x.shape[0] // case.batch_groups, k.shape[-1], k.shape[-2]
    result = np.zeros([batch, *sizes, features])
    for f in range(features):
        group = f // (features // case.feature_groups)
        part = wide[..., group * inputs : (group + 1) * inputs]
        start = f // (features // case.batch_groups) * batch
        part = part[start : start + batch]
        for offset in product(*(range(n) for n in k.shape[:space])):
            window = tuple(
                slice(o * d, o * d + (n - 1) * s + 1, s)
                for o, d, n, s in zip(offset, case.rhs_dilate, sizes, case.stride, strict=True)
            )
            result[..., f] += part[(slice(None), *window)] @ k[offset][:, f]
    return result


NONE2, ONE2, NO2 = ((0, 0), (0, 0)), (1, 1), (False, False)
NHWC, NCHW = "[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]", "[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1]"

CASES = {
    "nhwc": Convolution((2, 7, 9, 5), (3, 3, 5, 12), NHWC, (2, 1), ((1, 1), (0, 2)), ONE2, ONE2, NO2),
    "nchw": Convolution((2, 7, 9, 5), (3, 2, 5, 12), NCHW, (1, 2), ((1, 1), (1, 0)), ONE2, (2, 1), NO2),
    "pointwise": Convolution((1, 6, 6, 8), (1, 1, 8, 16), NHWC, ONE2, NONE2, ONE2, ONE2, NO2),
    "strided pointwise": Convolution((1, 7, 6, 8), (1, 1, 8, 16), NCHW, (2, 2), NONE2, ONE2, ONE2, NO2),
    "reversed": Convolution((1, 6, 5, 3), (3, 2, 3, 4), NHWC, ONE2, NONE2, ONE2, ONE2, (True, False)),
    "transposed": Convolution((1, 4, 5, 6), (3, 4, 6, 3), NCHW, ONE2, ((2, 1), (2, 3)), (2, 3), ONE2, NO2),
    "large transposed": Convolution(
        (1, 20, 21, 40), (4, 3, 40, 32), NCHW, ONE2, ((2, 1), (2, 1)), (2, 3), ONE2, (True, False)
    ),
    "cut": Convolution((1, 6, 7, 3), (2, 2, 3, 4), NHWC, ONE2, ((-1, 1), (2, -2)), ONE2, ONE2, NO2),
    "depthwise": Convolution((1, 8, 8, 12), (3, 3, 1, 12), NHWC, ONE2, ((1, 1), (1, 1)), ONE2, ONE2, NO2, 12),
    "depthwise nchw": Convolution((2, 8, 9, 6), (3, 3, 1, 6), NCHW, (2, 2), ((1, 1), (1, 1)), ONE2, ONE2, NO2, 6),
    "multiplier": Convolution((1, 5, 5, 4), (2, 2, 1, 12), NHWC, ONE2, NONE2, ONE2, ONE2, NO2, 4),
    "feature groups": Convolution((1, 5, 5, 6), (2, 2, 3, 8), NCHW, ONE2, NONE2, ONE2, ONE2, NO2, 2),
    "groups to one": Convolution((1, 5, 5, 6), (2, 2, 3, 2), NHWC, ONE2, NONE2, ONE2, ONE2, NO2, 2),
    "batch groups": Convolution((6, 5, 5, 4), (3, 3, 4, 9), NHWC, ONE2, NONE2, ONE2, ONE2, NO2, 1, 3),
    "batch groups to one": Convolution((3, 5, 5, 4), (3, 3, 4, 3), NCHW, ONE2, NONE2, ONE2, ONE2, NO2, 1, 3),
    "line": Convolution((2, 9, 3), (4, 3, 5), "[b, f, 0]x[o, i, 0]->[b, f, 0]", (2,), ((1, 2),), (1,), (1,), (False,)),
    "mixed order": Convolution(
        (2, 5, 6, 3), (2, 3, 3, 4), "[1, f, b, 0]x[i, 1, o, 0]->[f, 1, 0, b]", (1, 2), NONE2, ONE2, (2, 1), NO2
    ),
    "volume": Convolution(
        (1, 4, 5, 4, 3),
        (2, 2, 2, 3, 4),
        "[b, 0, 1, 2, f]x[0, 1, 2, i, o]->[b, 0, 1, 2, f]",
        (1, 2, 1),
        ((1, 0), (0, 1), (0, 0)),
        (1, 1, 1),
        (1, 1, 2),
        (False, False, False),
    ),
    "points": Convolution((4, 6), (6, 5), "[b, f]x[i, o]->[b, f]", (), (), (), (), ()),
    "bytes": Convolution(
        (1, 6, 6, 8), (3, 3, 8, 16), NHWC, ONE2, ((1, 1), (1, 1)), ONE2, ONE2, NO2, kind="i8", result_kind="i32"
    ),
    "unsigned bytes": Convolution(
        (1, 6, 6, 8), (3, 3, 8, 16), NHWC, ONE2, ((1, 1), (1, 1)), ONE2, ONE2, NO2, kind="ui8", result_kind="i32"
    ),
}
DTYPES = {"f32": np.float32, "i8": np.int8, "ui8": np.uint8}


@pytest.mark.parametrize("name", CASES)
def test_against_the_definition(name: str) -> None:
    case, random = CASES[name], np.random.default_rng(7)
    low = 0 if case.kind == "ui8" else -100
    x, k = (random.integers(low, 100, shape).astype(DTYPES[case.kind]) for shape in (case.lhs, case.rhs))
    expected = reference(case, x.astype(np.float64), k.astype(np.float64))
    lhs, rhs, out = case.layouts()
    with zellige.load(zellige.compile(case.text(expected.shape)), cache=False) as program:
        got = program["main"](x.transpose(lhs).copy(), k.transpose(rhs).copy())
    # Products of small integers are exact in f32.
    np.testing.assert_array_equal(np.asarray(got), expected.transpose(out))
