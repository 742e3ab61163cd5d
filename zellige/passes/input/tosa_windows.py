"""TOSA's poolings, convolutions and images, in StableHLO. Images are NHWC, so windows move along dimensions 1 and 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.builtin import IntegerAttr, i16, i32, i64
from xdsl.ir import Attribute

from zellige.dialects.stablehlo.contraction_attributes import ConvDimensions, ConvDimensionsAttr, OperandDimensions
from zellige.passes.input.stablehlo_builder import GraphBuilder, ints
from zellige.passes.input.stablehlo_windows import Window, pairs
from zellige.passes.input.tensors import Array, Tensor, is_float
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
    element: Attribute,
) -> Tensor:
    """Means of what a window covers of the operand."""
    sizes = (1, *kernel, 1)
    counts = _covered([operand.static_size(axis) for axis in (1, 2)], kernel, window)
    if is_float(operand.element):
        total = build.reduce_window("add", operand, 0, sizes, window)
        divisor = build.convert(build.constant(counts.astype(np.float32)), operand.element)
        return build.map("divide", total, divisor)
    total = build.reduce_window("add", without_zero_point(build, operand, zero_points[0], i32), 0, sizes, window)
    multiplier, shift = (build.constant(numbers) for numbers in reciprocal_scale(counts))
    mean = scaled(build, build.convert(total, i64), multiplier, shift)
    offset = build.convert(build.reshape(zero_points[1], ()), i64)
    return saturated(build, build.map("add", mean, offset), element)


def _covered(space: Sequence[int], kernel: Sequence[int], window: Window) -> Array:
    """How many elements each place of a window covers; one number for all images and channels."""
    along: list[Array] = []
    for size, extent, dimension in zip(space, kernel, window.dimensions((1, *kernel, 1))[1:3], strict=True):
        starts = np.arange(dimension.positions(size)) * dimension.stride - dimension.low
        along.append(np.minimum(starts + extent, size) - np.maximum(starts, 0))
    return (along[0][:, None] * along[1][None, :])[None, :, :, None]


def convolve(
    build: GraphBuilder,
    operand: Tensor,
    kernel: Tensor,
    layout: str,
    window: Window,
    groups: int,
) -> Tensor:
    """Sums of products over `window`, whose numbers are those of the dimensions in space alone."""
    rank = operand.rank
    places = OperandDimensions(0, rank - 1, tuple(range(1, rank - 1)))
    kernel_places = (
        OperandDimensions(rank - 1, 0, tuple(range(1, rank - 1)))
        if layout == KERNEL_OF_OUTPUTS
        else OperandDimensions(rank - 2, rank - 1, tuple(range(rank - 2)))
    )
    space = [kernel.static_size(axis) for axis in kernel_places.spatial]
    shape = (
        operand.shape[0],
        *window.result_sizes(operand.shape[1:-1], space),
        kernel.shape[kernel_places.second],
    )
    return build.op(
        "convolution",
        [operand, kernel],
        [(operand.element, shape)],
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


def resize(build: GraphBuilder, operand: Tensor, axes: Sequence[Axis], element: Attribute, *, bilinear: bool) -> Tensor:
    """Elements at, or between, the points (i * denominator + offset) / numerator of the operand, for y and for x."""
    values = build.convert(operand, element) if bilinear else operand
    for axis, along in enumerate(axes, 1):
        low, high, rest = along.points(operand.static_size(axis))
        if not bilinear:
            near = np.where(2 * rest >= along.numerator, high, low)
            values = build.gather_along(values, build.constant(near.astype(np.int32)), axis)
            continue
        first, second = (
            build.gather_along(values, build.constant(points.astype(np.int32)), axis) for points in (low, high)
        )
        if is_float(element):
            part = (rest / along.numerator).astype(np.float32)
            weights = (1 - part, part)
        else:
            weights = ((along.numerator - rest).astype(np.int64), rest.astype(np.int64))
        shape = [-1 if axis == other else 1 for other in range(4)]
        left, right = (build.convert(build.constant(numbers.reshape(shape)), element) for numbers in weights)
        values = build.map("add", build.map("multiply", first, left), build.map("multiply", second, right))
    return build.convert(values, element)


@dataclass(frozen=True)
class Axis:
    """How a dimension of an image is resized: by numerator / denominator, from an offset on, and with a border."""

    numerator: int
    denominator: int
    offset: int
    border: int

    def points(self, size: int) -> tuple[Array, Array, Array]:
        """Of each element of the result the points around it, and how far it is from the first, in numerators."""
        count = ((size - 1) * self.numerator - self.offset + self.border) // self.denominator + 1
        place = np.arange(count) * self.denominator + self.offset
        point = place // self.numerator
        return np.clip(point, 0, size - 1), np.clip(point + 1, 0, size - 1), place - point * self.numerator
