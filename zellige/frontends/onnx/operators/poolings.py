"""Operators that combine the elements under a window, or all elements in space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from math import prod

import numpy as np
from xdsl.dialects.builtin import i64

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.operators.reductions import highest, largest, lowest, mean, total
from zellige.frontends.onnx.runtime_shapes import shape_by
from zellige.frontends.onnx.windows import read_window
from zellige.maths.sizes import Extent
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.stablehlo_windows import Window
from zellige.passes.input.tensors import Tensor


def _window(node: Node) -> tuple[tuple[int, ...], Window]:
    """Sizes and moves in space."""
    operand = node.operand(0)
    sizes = node.ints("kernel_shape")
    rounds_up = node.flag("ceil_mode", default=False)
    return sizes, read_window(node, operand.shape[2:], sizes, rounds_up=rounds_up)


def _over_channels(sizes: Sequence[int], window: Window) -> tuple[list[int], Window]:
    """The same for all dimensions: nothing moves along batch and channels."""
    ones, zeros = [1, 1], [0, 0]
    return [*ones, *sizes], Window.of(
        [*ones, *window.strides], [*ones, *window.dilations], [*zeros, *window.low], [*zeros, *window.high]
    )


def _max_pool(node: Node) -> Tensor | Sequence[Tensor]:
    build, operand = node.build, node.operand(0)
    sizes, window = _over_channels(*_window(node))
    if not node.is_wanted(1):
        return build.reduce_window("maximum", operand, lowest(operand), sizes, window)
    starts = [build.scalar(lowest(operand), operand.element), build.scalar(highest(build.scalar(0, i64)), i64)]
    return build.reduce_windows([operand, _flat_positions(node)], starts, sizes, window, _larger_or_first)


def _larger_or_first(build: GraphBuilder, pairs: Sequence[Tensor]) -> list[Tensor]:
    """The larger of two numbers with its position; of equal ones that with the lower position."""
    number, position, other, other_position = pairs
    is_first = build.map("and", build.compare("EQ", number, other), build.compare("LE", position, other_position))
    is_kept = build.map("or", build.compare("GT", number, other), is_first)
    return [build.select(is_kept, number, other), build.select(is_kept, position, other_position)]


def _flat_positions(node: Node) -> Tensor:
    """Of each element its position in the whole tensor, where the dimensions in space may be in reverse order."""
    build, shape = node.build, node.operand(0).shape
    order = list(range(len(shape)))
    if node.flag("storage_order", default=False):
        order[2:] = order[:1:-1]
    terms: list[Tensor] = []
    step: Extent = 1
    for axis in reversed(order):
        terms.append(build.map_with("multiply", build.iota(i64, shape, axis), step))
        step *= shape[axis]
    return reduce(partial(build.map, "add"), terms)


def _average_pool(node: Node) -> Tensor:
    """The sum divided by how many elements are in the window, with or without those that are added at the edges."""
    build, operand = node.build, node.operand(0)
    spatial, window = _window(node)
    sizes, wide = _over_channels(spatial, window)
    sums = build.reduce_window("add", operand, 0, sizes, wide)
    if not all(isinstance(size, int) for size in operand.shape[2:]):
        return build.map("divide", sums, _computed_counts(node, operand, spatial, window))
    counts = _counts(node, operand.static_space, spatial, window)
    if np.unique(counts).size == 1:
        return build.map_with("divide", sums, float(counts.flat[0]))
    return build.map("divide", sums, build.constant(counts.astype(operand.dtype)))


def _counts(node: Node, sizes: Sequence[int], spatial: Sequence[int], window: Window) -> np.ndarray[tuple[int, ...]]:
    """How many elements each window counts."""
    counts = np.ones((), np.int64)
    is_padding_counted = node.flag("count_include_pad", default=False)
    pads = _declared_pads(node, len(sizes), window)
    for axis, (size, taken) in enumerate(zip(sizes, spatial, strict=True)):
        first, last = (-window.low[axis], size + pads[axis]) if is_padding_counted else (0, size)
        positions = window.result_sizes(sizes, spatial)[axis]
        assert isinstance(positions, int)
        starts = np.arange(positions) * window.strides[axis] - window.low[axis]
        places = starts[:, None] + np.arange(taken) * window.dilations[axis]
        counts = counts[..., None] * ((places >= first) & (places < last)).sum(axis=1)
    return counts


def _computed_counts(node: Node, operand: Tensor, spatial: Sequence[int], window: Window) -> Tensor:
    """The same where the program has to count: a sum of ones, which stand at the edges too where these count."""
    build, rank = node.build, len(spatial)
    if not any((*window.low, *window.high)):
        return build.scalar(prod(spatial), operand.element)
    ones = build.full(1, operand.element, [1, 1, *operand.shape[2:]])
    if node.flag("count_include_pad", default=False):
        ones = build.pad(ones, 1, [0, 0, *window.low], [0, 0, *_declared_pads(node, rank, window)])
        rest = [high - pad for high, pad in zip(window.high, _declared_pads(node, rank, window), strict=True)]
        window = Window.of(window.strides, window.dilations, [0] * rank, rest)
    sizes, wide = _over_channels(spatial, window)
    return build.reduce_window("add", ones, 0, sizes, wide)


def _declared_pads(node: Node, rank: int, window: Window) -> Sequence[int]:
    """What is added after each dimension, without what a window reaches beyond it."""
    if node.text("auto_pad") != "NOTSET":
        return window.high
    return node.ints("pads", [0] * 2 * rank)[rank:]


def _lp_pool(node: Node) -> Tensor:
    build, operand, power = node.build, node.operand(0), node.integer("p", 2)
    sizes, window = _over_channels(*_window(node))
    return _root(build, build.reduce_window("add", _powers(build, operand, power), 0, sizes, window), power)


def _global_lp_pool(node: Node) -> Tensor:
    build, operand, power = node.build, node.operand(0), node.integer("p", 2)
    return _root(build, total(build, _powers(build, operand, power), range(2, operand.rank)), power)


def _powers(build: GraphBuilder, operand: Tensor, power: int) -> Tensor:
    magnitude = build.map("abs", operand)
    return magnitude if power == 1 else build.map_with("power", magnitude, power)


def _root(build: GraphBuilder, sums: Tensor, power: int) -> Tensor:
    return sums if power == 1 else build.map_with("power", sums, 1 / power)


def _global(compute: Callable[[GraphBuilder, Tensor, Sequence[int]], Tensor], node: Node) -> Tensor:
    operand = node.operand(0)
    return compute(node.build, operand, range(2, operand.rank))


def _max_unpool(node: Node) -> Tensor:
    """Put each element at its position in a tensor of zeros."""
    build, operand, positions = node.build, node.operand(0), node.operand(1)
    spatial = node.ints("kernel_shape")
    rank = len(spatial)
    if node.optional(2) is not None:
        shape: list[Extent] = list(shape_by(node, 2))
    else:
        strides, pads = node.ints("strides", [1] * rank), node.ints("pads", [0] * 2 * rank)
        shape = [
            *operand.shape[:2],
            *(
                (size - 1) * by - pads[axis] - pads[axis + rank] + window
                for axis, (size, by, window) in enumerate(zip(operand.shape[2:], strides, spatial, strict=True))
            ),
        ]
    places = positions if node.optional(2) is None else _moved_positions(node, shape)
    flat = build.full(0, operand.element, [prod(shape)])
    indices = build.reshape(places, [positions.size, 1])
    return build.reshape(build.scatter(flat, indices, build.reshape(operand, [operand.size]), [0]), shape)


def _moved_positions(node: Node, shape: Sequence[Extent]) -> Tensor:
    """Positions count in the tensor that was pooled; the result may be larger."""
    build, operand, positions = node.build, node.operand(0), node.operand(1)
    spatial = node.ints("kernel_shape")
    rank = len(spatial)
    strides, pads = node.ints("strides", [1] * rank), node.ints("pads", [0] * 2 * rank)
    pooled = [
        (size - 1) * by - pads[axis] - pads[axis + rank] + window
        for axis, (size, by, window) in enumerate(zip(operand.shape[2:], strides, spatial, strict=True))
    ]
    rest, place = positions, build.like(0, positions)
    step: Extent = 1
    for size, wide in zip(reversed([*operand.shape[:2], *pooled]), reversed(shape), strict=True):
        along = build.map_with("remainder", rest, size)
        place = build.map("add", place, build.map_with("multiply", along, step))
        rest = build.map_with("divide", rest, size)
        step *= wide
    return place


POOLINGS: OperatorTable = {
    ("", op): operator
    for op, operator in dict[str, Operator](
        AveragePool=_average_pool,
        GlobalAveragePool=partial(_global, mean),
        GlobalLpPool=_global_lp_pool,
        GlobalMaxPool=partial(_global, largest),
        LpPool=_lp_pool,
        MaxPool=_max_pool,
        MaxUnpool=_max_unpool,
    ).items()
}
