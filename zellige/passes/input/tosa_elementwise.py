"""Elementwise ops of TOSA, in StableHLO."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from xdsl.dialects.builtin import i1, i8, i16, i32, i64
from xdsl.ir import Attribute

from zellige.dialects.tosa import elementwise
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.tensors import Tensor, is_float
from zellige.passes.input.tosa_nodes import Function, Node, is_nan
from zellige.passes.input.tosa_numbers import product_of, saturated, scaled, widened, without_zero_point

TABLE_SIZES: Mapping[Attribute, int] = MappingProxyType({i8: 256, i16: 513})
"""Type of the operand of a table -> how many numbers the table has."""


def _map(name: str) -> Function:
    """The elementwise op of StableHLO of this name; operands are broadcast."""
    return lambda node: node.build.map(name, *(node.operands[value] for value in node.op.operands))


def _compare(direction: str) -> Function:
    return lambda node: node.build.compare(direction, node.operand("input1"), node.operand("input2"))


def _identity(node: Node) -> Tensor:
    return node.operand("input1")


def _reciprocal(node: Node) -> Tensor:
    operand = node.operand("input1")
    return node.build.map("divide", node.build.like(1, operand), operand)


def _shift_right(node: Node) -> Tensor:
    build = node.build
    value, amount = build.broadcast_together(node.operand("input1"), node.operand("input2"))
    shifted = build.map("shift_right_arithmetic", value, amount)
    if not node.flag("round"):
        return shifted
    last = build.map("shift_right_arithmetic", value, build.map_with("subtract", amount, 1))
    bit = build.map_with("and", last, 1)
    moved = build.compare("GT", amount, build.scalar(0, amount.element))
    return build.map("add", shifted, build.select(moved, bit, build.scalar(0, bit.element)))


def _multiply(node: Node) -> Tensor:
    shift = node.known("shift")
    if shift.size != 1:
        raise node.error(f"expected 'shift' to be one number, got {shift.type}")
    bits = int(cast("Any", shift.known).reshape(-1)[0])
    return product_of(node.build, node.operand("input1"), node.operand("input2"), bits, node.element)


def _negate(node: Node) -> Tensor:
    build, operand = node.build, node.operand("input1")
    if is_float(operand.element):
        return build.map("negate", operand)
    offsets = [build.convert(build.reshape(node.operand(name), ()), i64) for name in ("input1_zp", "output_zp")]
    total = build.map("add", *offsets)
    return saturated(build, build.map("subtract", total, build.convert(operand, i64)), operand.element)


def _clamp(node: Node) -> Tensor:
    build, operand = node.build, node.operand("input")
    low, high = (build.scalar(bound.value.data, operand.element) for bound in (node.op.min_val, node.op.max_val))
    bounded = build.map("minimum", build.map("maximum", operand, low), high)
    return build.select(is_nan(build, operand), low, bounded) if node.ignores_nan(operand) else bounded


def _choose(name: str) -> Function:
    """The greater or less of two numbers; where NaN is ignored, the other one."""

    def choose(node: Node) -> Tensor:
        build = node.build
        left, right = build.broadcast_together(node.operand("input1"), node.operand("input2"))
        chosen = build.map(name, left, right)
        if node.ignores_nan(left):
            chosen = build.select(is_nan(build, left), right, build.select(is_nan(build, right), left, chosen))
        return chosen

    return choose


def _cast(node: Node) -> Tensor:
    build, operand = node.build, node.operand("input1")
    if is_float(operand.element) and not is_float(node.element) and node.element != i1:
        operand = build.map("round_nearest_even", operand)
    return build.convert(operand, node.element)


def _table(node: Node) -> Tensor:
    """A byte is looked up; of 16 bits the upper 9 are, and the lower 7 say how far the result is from the next one."""
    build, operand, table = node.build, node.operand("input1"), node.operand("table")
    if table.size != TABLE_SIZES.get(operand.element):
        raise node.error(f"expected a table of 256 bytes for i8, of 513 numbers for i16, got {table.type}")
    if operand.element == i8:
        return build.gather_along(table, build.map_with("add", build.convert(operand, i32), 128), 0)
    value = build.map_with("add", build.convert(operand, i32), 32768)
    index = build.map_with("shift_right_logical", value, 7)
    part = build.map_with("and", value, 127)
    low, high = (
        build.convert(build.gather_along(table, place, 0), i32) for place in (index, build.map_with("add", index, 1))
    )
    between = build.map("multiply", build.map("subtract", high, low), part)
    return build.map("add", build.map_with("shift_left", low, 7), between)


def _rescale(node: Node) -> Tensor:
    build, operand = node.build, node.operand("input")
    is_unsigned = node.flag("input_unsigned")
    value = without_zero_point(build, operand, node.operand("input_zp"), i64, is_unsigned=is_unsigned)
    multiplier, shift = (build.convert(node.operand(name), i64) for name in ("multiplier", "shift"))
    if not node.flag("per_channel"):
        multiplier, shift = build.reshape(multiplier, ()), build.reshape(shift, ())
    twice = node.flag("scale32") and node.word("rounding_mode") == "DOUBLE_ROUND"
    result = scaled(build, value, multiplier, shift, twice=twice)
    is_unsigned = node.flag("output_unsigned")
    offset = widened(build, build.reshape(node.operand("output_zp"), ()), i64, is_unsigned=is_unsigned)
    return saturated(build, build.map("add", result, offset), node.element, is_unsigned=is_unsigned)


def _select(node: Node) -> Tensor:
    return node.build.select(*(node.operand(name) for name in ("condition", "on_true", "on_false")))


ELEMENTWISE_FUNCTIONS: Mapping[type[TosaOp], Function] = MappingProxyType(
    {
        elementwise.AbsOp: _map("abs"),
        elementwise.AddOp: _map("add"),
        elementwise.ArithmeticRightShiftOp: _shift_right,
        elementwise.BitwiseAndOp: _map("and"),
        elementwise.BitwiseNotOp: _map("not"),
        elementwise.BitwiseOrOp: _map("or"),
        elementwise.BitwiseXorOp: _map("xor"),
        elementwise.CastOp: _cast,
        elementwise.CeilOp: _map("ceil"),
        elementwise.ClampOp: _clamp,
        elementwise.ClzOp: _map("count_leading_zeros"),
        elementwise.CosOp: _map("cosine"),
        elementwise.EqualOp: _compare("EQ"),
        elementwise.ErfOp: _map("erf"),
        elementwise.ExpOp: _map("exponential"),
        elementwise.FloorOp: _map("floor"),
        elementwise.GreaterEqualOp: _compare("GE"),
        elementwise.GreaterOp: _compare("GT"),
        elementwise.IdentityOp: _identity,
        elementwise.IntDivOp: _map("divide"),
        elementwise.LogOp: _map("log"),
        elementwise.LogicalAndOp: _map("and"),
        elementwise.LogicalLeftShiftOp: _map("shift_left"),
        elementwise.LogicalNotOp: _map("not"),
        elementwise.LogicalOrOp: _map("or"),
        elementwise.LogicalRightShiftOp: _map("shift_right_logical"),
        elementwise.LogicalXorOp: _map("xor"),
        elementwise.MaximumOp: _choose("maximum"),
        elementwise.MinimumOp: _choose("minimum"),
        elementwise.MulOp: _multiply,
        elementwise.NegateOp: _negate,
        elementwise.PowOp: _map("power"),
        elementwise.ReciprocalOp: _reciprocal,
        elementwise.RescaleOp: _rescale,
        elementwise.RsqrtOp: _map("rsqrt"),
        elementwise.SelectOp: _select,
        elementwise.SigmoidOp: _map("logistic"),
        elementwise.SinOp: _map("sine"),
        elementwise.SubOp: _map("subtract"),
        elementwise.TableOp: _table,
        elementwise.TanhOp: _map("tanh"),
    }
)
"""How each op is translated."""
