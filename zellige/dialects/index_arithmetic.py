"""Index arithmetic that folds as it is built: a value is a Python int as long as it is known."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import Operation, SSAValue

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


def subtract(builder: Builder, left: Index, right: Index) -> Index:
    """Left - right."""
    if isinstance(left, int) and isinstance(right, int):
        return left - right
    return left if right == 0 else _binary(builder, arith.SubiOp, left, right)


def multiply(builder: Builder, left: Index, right: Index) -> Index:
    """Left * right."""
    if isinstance(right, int):
        return scale(builder, left, right)
    return scale(builder, right, left) if isinstance(left, int) else _binary(builder, arith.MuliOp, left, right)


def minimum(builder: Builder, left: Index, right: Index) -> Index:
    """The smaller one of two signed numbers."""
    if isinstance(left, int) and isinstance(right, int):
        return min(left, right)
    return _binary(builder, arith.MinSIOp, left, right)


def maximum(builder: Builder, left: Index, right: Index) -> Index:
    """The larger one of two signed numbers."""
    if isinstance(left, int) and isinstance(right, int):
        return max(left, right)
    return _binary(builder, arith.MaxSIOp, left, right)


def rounded_down(builder: Builder, value: Index, step: int) -> Index:
    """The largest multiple of `step` that is no more than the value, which is not negative."""
    if isinstance(value, int):
        return value - value % step
    return value if step == 1 else subtract(builder, value, _binary(builder, arith.RemUIOp, value, step))


def divided_up(builder: Builder, value: Index, by: int) -> Index:
    """The quotient of a value that is not negative, rounded up."""
    if isinstance(value, int):
        return -(-value // by)
    return value if by == 1 else _binary(builder, arith.DivUIOp, add(builder, value, by - 1), by)


def upper_bound(value: Index) -> int | None:
    """A number that the value does not exceed, where it is the smaller one of others."""
    if isinstance(value, int):
        return value
    if isinstance(value.owner, arith.MinSIOp):
        bounds = [bound for operand in value.owner.operands if (bound := upper_bound(operand)) is not None]
        return min(bounds, default=None)
    return constant_value(value)


def _binary(builder: Builder, kind: Callable[[SSAValue, SSAValue], Operation], left: Index, right: Index) -> SSAValue:
    return builder.insert(kind(materialize(builder, left), materialize(builder, right))).results[0]
