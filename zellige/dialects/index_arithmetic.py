"""Index arithmetic that folds as it is built: a value is a Python int as long as it is known."""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import SSAValue

type_index = IndexType()

Index = int | SSAValue


def materialize(builder: Builder, value: Index) -> SSAValue:
    """The value as an SSA value of type index."""
    if isinstance(value, int):
        return builder.insert(arith.ConstantOp(IntegerAttr(value, type_index))).result
    return value


def constant_value(value: SSAValue) -> int | None:
    """The number, if the value is an `arith.constant`."""
    if isinstance(value.owner, arith.ConstantOp) and isinstance(value.owner.value, IntegerAttr):
        return value.owner.value.value.data
    return None


def add(builder: Builder, left: Index, right: Index) -> Index:
    """Left + right."""
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    if left == 0:
        return right
    if right == 0:
        return left
    return builder.insert(arith.AddiOp(materialize(builder, left), materialize(builder, right))).result


def scale(builder: Builder, value: Index, factor: int) -> Index:
    """Value * factor."""
    if isinstance(value, int):
        return value * factor
    if factor == 0:
        return 0
    if factor == 1:
        return value
    return builder.insert(arith.MuliOp(value, materialize(builder, factor))).result
