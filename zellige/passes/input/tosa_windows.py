"""TOSA's poolings, convolutions and images, in StableHLO. Images are NHWC, so windows move along dimensions 1 and 2."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from xdsl.dialects.builtin import IntegerAttr, TensorType, i16, i32, i64
from xdsl.ir import Attribute

from zellige.dialects.stablehlo.contraction_attributes import ConvDimensions, ConvDimensionsAttr, OperandDimensions
from zellige.passes.input.stablehlo_builder import GraphBuilder, ints
from zellige.passes.input.stablehlo_windows import Window, pairs
from zellige.passes.input.tensors import Array, Tensor, is_float, static
from zellige.passes.input.tosa_numbers import reciprocal_scale, saturated, scaled, without_zero_point

KERNEL_OF_OUTPUTS = "O*I"
"""Layout of a kernel: features of the result, space, features of the operand."""

KERNEL_OF_CHANNELS = "*IO"
"""Layout of a depthwise kernel."""


def image_window(stride: Sequence[int], pad: Sequence[int]) -> Window:
    """A window over the two dimensions in the middle; `pad` is top, bottom, left, right."""
    one = (1, 1, 1, 1)
    return Window.of((1, *stride, 1), one, (0, pad[0], pad[2], 0), (0, pad[1], pad[3], 0))


def average_pool(
    build: GraphBuilder,
    operand: Tensor,
    zero_points: tuple[Tensor, Tensor],
    kernel: Sequence[int],
    window: Window,
    result: TensorType[Attribute],
) -> Tensor:
    """Means of what a window covers of the operand."""
    sizes = (1, *kernel, 1)
    counts = _covered(operand.static_shape, sizes, window)
    if is_float(operand.element):
        total = build.reduce_window("add", operand, 0, sizes, window)
        divisor = build.convert(build.constant(counts.astype(np.float32)), operand.element)
        return build.map("divide", total, divisor)
    total = build.reduce_window("add", without_zero_point(build, operand, zero_points[0], i32), 0, sizes, window)
    multiplier, shift = (build.constant(numbers) for numbers in reciprocal_scale(counts))
    mean = scaled(build, build.convert(total, i64), multiplier, shift)
    offset = build.convert(build.reshape(zero_points[1], ()), i64)
    return saturated(build, build.map("add", mean, offset), result.element_type)


def _covered(shape: Sequence[int], sizes: Sequence[int], window: Window) -> Array:
    """How many elements each place of a window covers; one number for all images and channels."""
    along: list[Array] = []
    for axis in (1, 2):
        places = (
            np.arange(static(window.result_sizes(shape, sizes)[axis], "a dimension in space")) * window.strides[axis]
            - window.low[axis]
        )
        last = np.minimum(places + sizes[axis], shape[axis])
        along.append(last - np.maximum(places, 0))
    return (along[0][:, None] * along[1][None, :])[None, :, :, None]


def convolve(
    build: GraphBuilder,
    operand: Tensor,
    kernel: Tensor,
    layout: str,
    window: Window,
    groups: int,
    result: TensorType[Attribute],
) -> Tensor:
    """Sums of products over `window`, whose numbers are those of the dimensions in space alone."""
    rank = operand.rank
    places = OperandDimensions(0, rank - 1, tuple(range(1, rank - 1)))
    kernel_places = (
        OperandDimensions(rank - 1, 0, tuple(range(1, rank - 1)))
        if layout == KERNEL_OF_OUTPUTS
        else OperandDimensions(rank - 2, rank - 1, tuple(range(rank - 2)))
    )
    return build.op(
        "convolution",
        [operand, kernel],
        [(operand.element, result.get_shape())],
        {
            "window_strides": ints(window.strides),
            "padding": pairs(window.low, window.high),
            "lhs_dilation": ints(window.base_dilations),
            "rhs_dilation": ints(window.dilations),
            "dimension_numbers": ConvDimensionsAttr(ConvDimensions(places, kernel_places, places)),
            "feature_group_count": IntegerAttr(groups, i64),
            "batch_group_count": IntegerAttr(1, i64),
        },
    )[0]


def sum_type(operand: Attribute, result: Attribute) -> Attribute:
    """What sums of products are kept in: i64 for the 48 bits that those of i16 have."""
    if is_float(operand):
        return result
    return i64 if operand == i16 else i32


def with_bias(build: GraphBuilder, sums: Tensor, bias: Tensor, element: Attribute) -> Tensor:
    """The sums plus a number for each channel, or one for all."""
    return build.convert(build.map("add", sums, build.convert(bias, sums.element)), element)


def resize(
    build: GraphBuilder,
    operand: Tensor,
    scale: Sequence[int],
    offset: Sequence[int],
    result: TensorType[Attribute],
    *,
    bilinear: bool,
) -> Tensor:
    """Elements at, or between, the points (i * denominator + offset) / numerator of the operand."""
    if not bilinear:
        for axis in (1, 2):
            low, high, rest = _points(operand.static_size(axis), result.get_shape()[axis], axis, scale, offset)
            near = np.where(2 * rest >= scale[2 * axis - 2], high, low)
            operand = build.gather_along(operand, build.constant(near.astype(np.int32)), axis)
        return build.convert(operand, result.element_type)
    element = result.element_type
    values = build.convert(operand, element)
    for axis in (1, 2):
        unit = scale[2 * axis - 2]
        low, high, rest = _points(operand.static_size(axis), result.get_shape()[axis], axis, scale, offset)
        first, second = (
            build.gather_along(values, build.constant(points.astype(np.int32)), axis) for points in (low, high)
        )
        shape = [-1 if axis == other else 1 for other in range(4)]
        if is_float(element):
            part = (rest / unit).astype(np.float32).reshape(shape)
            weights = [build.convert(build.constant(numbers), element) for numbers in (1 - part, part)]
        else:
            weights = [
                build.convert(build.constant(numbers.astype(np.int64).reshape(shape)), element)
                for numbers in (unit - rest, rest)
            ]
        values = build.map("add", build.map("multiply", first, weights[0]), build.map("multiply", second, weights[1]))
    return values


def _points(
    size: int, count: int, axis: int, scale: Sequence[int], offset: Sequence[int]
) -> tuple[Array, Array, Array]:
    """Of each element of the result the points around it, and how far it is from the first, in numerators."""
    numerator, denominator = scale[2 * axis - 2], scale[2 * axis - 1]
    place = np.arange(count) * denominator + offset[axis - 1]
    point = place // numerator
    return np.clip(point, 0, size - 1), np.clip(point + 1, 0, size - 1), place - point * numerator
