"""The ops of linalg, by their tables: what each computes, and on which types its body is defined."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects.builtin import i1
from xdsl.ir import Attribute, Region
from xdsl.utils.exceptions import VerifyException

from scripts.support.element_types import words
from scripts.support.markdown import short_name, summary, table
from zellige.dialects.linalg_bodies import ELEMENTWISE_INPUTS, BodyError, elementwise_body, structured_body
from zellige.dialects.linalg_explicit import EXPLICIT_OPS
from zellige.dialects.linalg_ext import LinalgExt
from zellige.dialects.linalg_mapped import MAPPED_OPS
from zellige.dialects.linalg_packing import PACKING_OPS
from zellige.dialects.linalg_random import FillRng2dOp
from zellige.dialects.linalg_structured import CONTRACTIONS, CONVOLUTIONS, POOLINGS, Structure
from zellige.dialects.linalg_winograd import WINOGRAD_OPS

_INTRODUCTION = """\
The body of `linalg.generic` has ops of arith, math and complex, `linalg.index` and `tensor.extract`; its maps are sums
of multiples of loops and of constants. For the named ops, types are those of elements where all operands have one;
operands of other types are cast to that of the result, as upstream does it. `oh~kh` is a window, `oh * stride + kh *
dilation`.
"""

_IN_ORDER = """\
### In order

Ops of which one step depends on the step before. The text forms of `iree_linalg_ext` and `tm_tensor`, which torch-mlir
prints, are read too.
"""


def section() -> str:
    """Named ops, and those of our own dialect."""
    families = (("Contractions", CONTRACTIONS), ("Convolutions", CONVOLUTIONS), ("Poolings", POOLINGS))
    elementwise = [(f"`{name}`", _elementwise_types(name)) for name in (*ELEMENTWISE_INPUTS, "fill")]
    parts = ["## linalg\n", _INTRODUCTION]
    for family, rows in families:
        parts += [f"### {family}\n"]
        parts += [table(["op", "dimensions", "types"], [_structured(name, row) for name, row in rows.items()])]
    parts += ["### Elementwise\n", table(["op", "types"], elementwise)]
    others = (*EXPLICIT_OPS, *MAPPED_OPS, *PACKING_OPS, FillRng2dOp, *WINOGRAD_OPS)
    parts += ["### With bodies or attributes\n"]
    parts += [table(["op", ""], [(short_name(op), summary(op)) for op in others])]
    parts += [_IN_ORDER, table(["op", ""], [(f"`{op.name}`", summary(op)) for op in LinalgExt.operations])]
    return "\n".join(parts)


def _structured(name: str, row: Structure) -> tuple[str, str, str]:
    *operands, result = [f"({', '.join(operand)})" if operand else "scalar" for operand in row.operands]
    count = len(row.operands)
    return (
        f"`{name}`",
        f"{', '.join(operands)} → {result}",
        _defined(lambda e: structured_body(row.body, [e] * count, is_unsigned=False)),
    )


def _elementwise_types(name: str) -> str:
    count = ELEMENTWISE_INPUTS.get(name, 1)

    def types(element: Attribute) -> Sequence[Attribute]:
        return [i1 if name == "select" else element, *[element] * count]

    return _defined(lambda element: elementwise_body(name, types(element), is_unsigned=False))


def _defined(body: Callable[[Attribute], Region]) -> str:
    def accepts(element: Attribute) -> bool:
        try:
            for op in body(element).block.ops:
                op.verify()
        except (BodyError, VerifyException):
            return False
        return True

    return words(accepts)
