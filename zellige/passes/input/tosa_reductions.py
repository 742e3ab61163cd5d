"""Reductions and poolings of TOSA, in StableHLO. Images are NHWC, so windows move along dimensions 1 and 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from xdsl.dialects.builtin import DenseArrayBase, i32, i64
from xdsl.ir import Attribute

from zellige.dialects.tosa import reductions
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.stablehlo_windows import Window
from zellige.passes.input.tensors import Array, Tensor, is_float
from zellige.passes.input.tosa_nodes import Function, Node, highest_of, is_nan, lowest_of
from zellige.passes.input.tosa_numbers import reciprocal_scale, saturated, scaled, without_zero_point


def _reduce(name: str, start: Callable[[Attribute], float]) -> Function:
    """All elements along a dimension combined. Where NaN is ignored, only of NaN alone is the result NaN."""

    def reduce(node: Node) -> Tensor:
        build, operand = node.build, node.operand("input")
        axes = [node.axis(operand)]
        first = start(operand.element)
        if not node.ignores_nan(operand):
            return build.reduce(name, operand, first, axes, keep=True)
        nan = is_nan(build, operand)
        chosen = build.reduce(
            name, build.select(nan, build.scalar(first, operand.element), operand), first, axes, keep=True
        )
        return build.select(build.reduce("and", nan, 1, axes, keep=True), build.like(float("nan"), chosen), chosen)

    return reduce


def _argmax(node: Node) -> Tensor:
    """Pairs of a number and its place are combined: the greater number, of equal ones the first; NaN is greatest."""
    build, operand = node.build, node.operand("input")
    axis = node.axis(operand)
    if node.ignores_nan(operand):
        lowest = build.scalar(lowest_of(operand.element), operand.element)
        operand = build.select(is_nan(build, operand), lowest, operand)
    places = build.iota(node.element, operand.shape, axis)
    starts = [build.scalar(lowest_of(operand.element), operand.element), build.scalar(0, node.element)]

    def later(inner: GraphBuilder, pairs: Sequence[Tensor]) -> Sequence[Tensor]:
        value, place, other, other_place = pairs
        greater = inner.compare("GT", other, value)
        same = inner.compare("EQ", other, value)
        if is_float(value.element):
            nan, other_nan = is_nan(inner, value), is_nan(inner, other)
            greater = inner.map("or", greater, inner.map("and", other_nan, inner.map("not", nan)))
            same = inner.map("or", same, inner.map("and", other_nan, nan))
        first = inner.map("and", same, inner.compare("LT", other_place, place))
        takes = inner.map("or", greater, first)
        return [inner.select(takes, other, value), inner.select(takes, other_place, place)]

    region = build.region([start.form for start in starts] * 2, later)
    shape = operand.shape[:axis] + operand.shape[axis + 1 :]
    forms = [(element, shape) for element in (operand.element, node.element)]
    dimensions = DenseArrayBase.from_list(i64, [axis])
    return build.op("reduce", [operand, places, *starts], forms, {"dimensions": dimensions}, [region])[1]


def _kernel(node: Node) -> tuple[int, ...]:
    return node.shape("kernel", 2, least=1)


def _image_window(node: Node) -> Window:
    """A window over the two dimensions in the middle; `pad` is top, bottom, left, right."""
    top, bottom, left, right = node.shape("pad", 4)
    return Window.of((1, *node.shape("stride", 2, least=1), 1), (1, 1, 1, 1), (0, top, left, 0), (0, bottom, right, 0))


def _average(node: Node) -> Tensor:
    """Means of what a window covers of the operand."""
    build, operand, kernel, window = node.build, node.operand("input", 4), _kernel(node), _image_window(node)
    sizes = (1, *kernel, 1)
    counts = _covered([operand.static_size(axis) for axis in (1, 2)], kernel, window)
    if is_float(operand.element):
        total = build.reduce_window("add", operand, 0, sizes, window)
        divisor = build.convert(build.constant(counts.astype(np.float32)), operand.element)
        return build.map("divide", total, divisor)
    numbers = without_zero_point(build, operand, node.operand("input_zp"), i32)
    total = build.reduce_window("add", numbers, 0, sizes, window)
    multiplier, shift = (build.constant(numbers) for numbers in reciprocal_scale(counts))
    mean = scaled(build, build.convert(total, i64), multiplier, shift)
    offset = build.convert(build.reshape(node.operand("output_zp"), ()), i64)
    return saturated(build, build.map("add", mean, offset), node.element)


def _covered(space: Sequence[int], kernel: Sequence[int], window: Window) -> Array:
    """How many elements each place of a window covers; one number for all images and channels."""
    along: list[Array] = []
    for size, extent, dimension in zip(space, kernel, window.dimensions((1, *kernel, 1))[1:3], strict=True):
        starts = np.arange(dimension.positions(size)) * dimension.stride - dimension.low
        along.append(np.minimum(starts + extent, size) - np.maximum(starts, 0))
    return (along[0][:, None] * along[1][None, :])[None, :, :, None]


def _greatest_in_windows(node: Node) -> Tensor:
    build, operand = node.build, node.operand("input", 4)
    lowest = lowest_of(operand.element)
    if node.ignores_nan(operand):
        operand = build.select(is_nan(build, operand), build.scalar(lowest, operand.element), operand)
    return build.reduce_window("maximum", operand, lowest, (1, *_kernel(node), 1), _image_window(node))


REDUCTION_FUNCTIONS: Mapping[type[TosaOp], Function] = MappingProxyType(
    {
        reductions.ArgMaxOp: _argmax,
        reductions.AvgPool2dAdaptiveOp: _average,
        reductions.AvgPool2dOp: _average,
        reductions.MaxPool2dAdaptiveOp: _greatest_in_windows,
        reductions.MaxPool2dOp: _greatest_in_windows,
        reductions.ReduceAllOp: _reduce("and", lambda _: 1),
        reductions.ReduceAnyOp: _reduce("or", lambda _: 0),
        reductions.ReduceMaxOp: _reduce("maximum", lowest_of),
        reductions.ReduceMinOp: _reduce("minimum", highest_of),
        reductions.ReduceProductOp: _reduce("multiply", lambda _: 1),
        reductions.ReduceSumOp: _reduce("add", lambda _: 0),
    }
)
"""How each op is translated."""
