"""Integer arithmetic of TOSA: zero points, scales, saturation. Names are those of the specification, section 4."""

from __future__ import annotations

import numpy as np
from xdsl.dialects.builtin import IntegerType, Signedness, i32, i64
from xdsl.ir import Attribute
from xdsl.utils.hints import isa

from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Array, Tensor, is_float

LARGE_SHIFT = 31
"""From here on `DOUBLE_ROUND` rounds a second time."""


def is_integer(element: Attribute) -> bool:
    return not is_float(element)


def widened(build: GraphBuilder, operand: Tensor, element: Attribute, *, is_unsigned: bool = False) -> Tensor:
    """The numbers of an operand in a wider type; its bits may stand for numbers without a sign."""
    if is_unsigned and isa(operand.element, IntegerType):
        operand = build.bit_cast(operand, IntegerType(operand.element.bitwidth, Signedness.UNSIGNED))
    return build.convert(operand, element)


def without_zero_point(
    build: GraphBuilder, operand: Tensor, zero_point: Tensor, element: Attribute, *, is_unsigned: bool = False
) -> Tensor:
    """Operand - zero point, as `element`; floats have no zero point."""
    wide = widened(build, operand, element, is_unsigned=is_unsigned)
    if is_float(operand.element) or (zero_point.known is not None and not zero_point.known.any()):
        return wide
    offset = widened(build, build.reshape(zero_point, ()), element, is_unsigned=is_unsigned)
    return build.map("subtract", wide, offset)


def saturated(build: GraphBuilder, operand: Tensor, element: Attribute, *, is_unsigned: bool = False) -> Tensor:
    """The nearest number of a narrower integer type; its bits may stand for numbers without a sign."""
    assert isa(element, IntegerType)
    count = 1 << element.bitwidth
    low, high = (0, count - 1) if is_unsigned else (-count // 2, count // 2 - 1)
    bounded = build.map_with("minimum", build.map_with("maximum", operand, low), high)
    return build.convert(bounded, element)


def scaled(build: GraphBuilder, value: Tensor, multiplier: Tensor, shift: Tensor, *, twice: bool = False) -> Tensor:
    """`apply_scale`: value * multiplier / 2^shift, to the nearest, halves up; all are i64.

    `twice` rounds first to 31 bits away from zero, as double rounding does for shifts above 31.
    """
    one = build.scalar(1, i64)
    half = build.map("shift_left", one, build.map_with("subtract", shift, 1))
    if twice:
        extra = build.select(
            build.compare("GE", value, build.scalar(0, i64)), build.scalar(1 << 30, i64), build.scalar(-(1 << 30), i64)
        )
        is_large = build.compare("GT", shift, build.scalar(LARGE_SHIFT, i64))
        half = build.map("add", half, build.select(is_large, extra, build.scalar(0, i64)))
    product = build.map("multiply", value, multiplier)
    return build.map("shift_right_arithmetic", *build.broadcast_together(build.map("add", product, half), shift))


def reciprocal_scale(counts: Array) -> tuple[Array, Array]:
    """Multipliers and shifts that divide by `counts`, positive integers: `reciprocal_scale` of the specification."""
    bits = np.ceil(np.log2(counts.astype(np.float64))).astype(np.int64)
    return (((np.int64(1) << 30) + 1) << bits) // counts.astype(np.int64), 30 + bits


def product_of(build: GraphBuilder, left: Tensor, right: Tensor, shift: int, element: Attribute) -> Tensor:
    """Left * right; of i32, its bits from `shift` on, halves rounded up."""
    if is_float(element):
        return build.map("multiply", left, right)
    if not shift:
        return build.map("multiply", build.convert(left, element), build.convert(right, element))
    wide = scaled(build, build.convert(left, i64), build.convert(right, i64), build.scalar(shift, i64))
    return build.convert(wide, i32)
