"""Combining kinds of `vector.reduction` as arith operations, and what each starts from."""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.dialects import arith, vector
from xdsl.dialects.builtin import AnyFloat, FloatAttr, IntegerAttr, IntegerType
from xdsl.dialects.vector import CombiningKindFlag
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import element_type, vector_type

_Binary = arith.FloatingPointLikeBinaryOperation | arith.SignlessIntegerBinaryOperation

FLOAT_OPS: dict[CombiningKindFlag, type[_Binary]] = {
    CombiningKindFlag.ADD: arith.AddfOp,
    CombiningKindFlag.MUL: arith.MulfOp,
    CombiningKindFlag.MAXIMUMF: arith.MaximumfOp,
    CombiningKindFlag.MINIMUMF: arith.MinimumfOp,
    CombiningKindFlag.MAXNUMF: arith.MaxnumfOp,
    CombiningKindFlag.MINNUMF: arith.MinnumfOp,
}

INTEGER_OPS: dict[CombiningKindFlag, type[_Binary]] = {
    CombiningKindFlag.ADD: arith.AddiOp,
    CombiningKindFlag.MUL: arith.MuliOp,
    CombiningKindFlag.MAXSI: arith.MaxSIOp,
    CombiningKindFlag.MINSI: arith.MinSIOp,
    CombiningKindFlag.MAXUI: arith.MaxUIOp,
    CombiningKindFlag.MINUI: arith.MinUIOp,
    CombiningKindFlag.AND: arith.AndIOp,
    CombiningKindFlag.OR: arith.OrIOp,
    CombiningKindFlag.XOR: arith.XOrIOp,
}

KINDS: dict[str, CombiningKindFlag] = {
    operation.name: kind for table in (FLOAT_OPS, INTEGER_OPS) for kind, operation in table.items()
}

_FLOAT_NEUTRAL = {CombiningKindFlag.ADD: -0.0, CombiningKindFlag.MUL: 1.0}

_INTEGER_NEUTRAL = {CombiningKindFlag.ADD: 0, CombiningKindFlag.MUL: 1, CombiningKindFlag.XOR: 0}


def neutral_element(kind: CombiningKindFlag, element: Attribute) -> FloatAttr | IntegerAttr | None:
    """The value that does not change what it is combined with.

    None where a value may be combined twice and changes nothing the second time: there the first value is as good.
    """
    if isinstance(element, AnyFloat):
        return FloatAttr(_FLOAT_NEUTRAL[kind], element) if kind in _FLOAT_NEUTRAL else None
    assert isa(element, IntegerType)
    return IntegerAttr(_INTEGER_NEUTRAL[kind], element) if kind in _INTEGER_NEUTRAL else None


def combine(builder: Builder, kind: CombiningKindFlag, left: SSAValue, right: SSAValue) -> SSAValue:
    """Left combined with right; scalars or vectors."""
    table = FLOAT_OPS if isinstance(element_type(left.type), AnyFloat) else INTEGER_OPS
    return builder.insert(table[kind](left, right)).results[0]


def reduce_across(builder: Builder, kind: CombiningKindFlag, value: SSAValue) -> SSAValue:
    """All elements of a vector of one dimension combined."""
    reduction = vector.ReductionOp.create(
        operands=[value],
        result_types=[vector_type(value).element_type],
        properties={
            "kind": vector.CombiningKindAttr(kind),
            "fastmath": arith.FastMathFlagsAttr("none"),
        },
    )
    return builder.insert(reduction).results[0]
