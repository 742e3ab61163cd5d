"""Operators that read or write at positions which are numbers: gathers, scatters, sorts, masks by position."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from xdsl.dialects.builtin import i64

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.refusals import describe
from zellige.frontends.onnx.runtime_shapes import check
from zellige.frontends.onnx.tensors import element_of_code
from zellige.maths.sizes import Extent, Size, at_least
from zellige.passes.input.tensors import Tensor


def positions(node: Node, indices: Tensor, size: Extent) -> Tensor:
    """Indices along a dimension, those below zero from its end."""
    build = node.build
    if indices.known is not None and (isinstance(size, int) or not indices.size or indices.known.min() >= 0):
        if (
            indices.size
            and isinstance(size, int)
            and not -size <= int(indices.known.min()) <= int(indices.known.max()) < size
        ):
            raise node.wrong(f"an index is not one of {-size} to {size - 1}")
        if isinstance(size, Size):
            return indices
        return build.constant(np.where(indices.known < 0, indices.known + size, indices.known).astype(indices.dtype))
    is_negative = build.compare("LT", indices, build.scalar(0, indices.element))
    return build.select(is_negative, build.map_with("add", indices, size), indices)


def _gather(node: Node) -> Tensor:
    build, operand = node.build, node.operand(0)
    axis = node.axis("axis", operand.rank, 0)
    given, size = node.operand(1), operand.shape[axis]
    if given.size == 1 and (given.known is not None or given.elements is not None):
        (index,) = node.sizes(1)
        if isinstance(index, int) and isinstance(size, int) and not -size <= index < size:
            raise node.wrong(f"an index is not one of {-size} to {size - 1}")
        index = index + size if index < 0 else index
        shape = (*operand.shape[:axis], *given.shape, *operand.shape[axis + 1 :])
        return build.reshape(build.slice_axis(operand, axis, index, index + 1), shape)
    return build.gather_along(operand, positions(node, given, size), axis)


def _coordinates(node: Node, indices: Tensor, axis: int) -> Tensor:
    """For each index the whole position, in a last dimension: the index along `axis`, elsewhere its own place."""
    build = node.build
    places = [
        build.reshape(indices if i == axis else build.iota(indices.element, indices.shape, i), [*indices.shape, 1])
        for i in range(indices.rank)
    ]
    return build.concatenate(places, indices.rank)


def _gather_elements(node: Node) -> Tensor:
    build, operand = node.build, node.operand(0)
    axis = node.axis("axis", operand.rank, 0)
    indices = positions(node, node.operand(1), operand.shape[axis])
    return build.gather(operand, _coordinates(node, indices, axis), range(operand.rank))


def _nd_positions(node: Node, indices: Tensor, sizes: Sequence[Extent]) -> Tensor:
    """Positions in several dimensions, each counted from the start."""
    build = node.build
    static = [size for size in sizes if isinstance(size, int)]
    if indices.known is not None and len(static) == len(sizes):
        known = np.where(indices.known < 0, indices.known + np.asarray(static, np.int64), indices.known)
        return build.constant(known.astype(indices.dtype))
    wrapped = build.map("add", indices, Tensor.of_sizes(np.asarray(sizes, object), indices.element))
    return build.select(build.compare("LT", indices, build.scalar(0, indices.element)), wrapped, indices)


def _gather_nd(node: Node) -> Tensor:
    build, operand, indices = node.build, node.operand(0), node.operand(1)
    batch = node.integer("batch_dims", 0)
    depth = indices.static_size(-1)
    places = _nd_positions(node, indices, operand.shape[batch : batch + depth])
    lead = [build.iota(indices.element, [*indices.shape[:-1], 1], axis) for axis in range(batch)]
    whole = build.concatenate([*lead, places], indices.rank - 1)
    return build.gather(operand, whole, range(batch + depth))


_COMBINATIONS = {"none": None, "add": "add", "mul": "multiply", "max": "maximum", "min": "minimum"}


def _combination(node: Node) -> str | None:
    word = node.text("reduction", "none")
    if word not in _COMBINATIONS:
        raise node.wrong(f"'reduction' is '{word}', expected one of {', '.join(_COMBINATIONS)}")
    return _COMBINATIONS[word]


def _scatter_elements(node: Node) -> Tensor:
    build, operand, updates = node.build, node.operand(0), node.operand(2)
    axis = node.axis("axis", operand.rank, 0)
    indices = positions(node, node.operand(1), operand.shape[axis])
    message = f"updates {updates.type} are not one for each of the indices {indices.type}"
    if updates.rank != indices.rank:
        raise node.wrong(message)
    updates = build.with_shape(updates, indices.shape, f"{describe(node.proto)}: {message}")
    places = build.reshape(_coordinates(node, indices, axis), [indices.size, operand.rank])
    flat = build.reshape(updates, [updates.size])
    return build.scatter(operand, places, flat, range(operand.rank), _combination(node))


def _scatter_nd(node: Node) -> Tensor:
    build, operand, indices, updates = node.build, node.operand(0), node.operand(1), node.operand(2)
    depth = indices.static_size(-1)
    places = _nd_positions(node, indices, operand.shape[:depth])
    shape = [*indices.shape[:-1], *operand.shape[depth:]]
    message = f"updates {updates.type} do not fit indices {indices.type} into {operand.type}"
    if len(shape) != updates.rank:
        raise node.wrong(message)
    updates = build.with_shape(updates, shape, f"{describe(node.proto)}: {message}")
    return build.scatter(operand, places, updates, range(depth), _combination(node))


def _tensor_scatter(node: Node) -> Tensor:
    """Write rows into a cache from a position of each batch on; a circular one goes on at its start."""
    build, cache, update = node.build, node.operand(0), node.operand(1)
    axis = node.axis("axis", cache.rank)
    if axis == 0:
        raise node.wrong("the dimension of the batch is written along, expected another one")
    size, (batch, count) = cache.shape[axis], (update.shape[0], update.shape[axis])
    starts = node.optional(2)
    places = build.iota(i64, [batch, count], 1)
    if starts is not None:
        places = build.map("add", places, build.broadcast_in_dim(build.convert(starts, i64), [batch, count], [0]))
    if node.text("mode") == "circular":
        places = build.map_with("remainder", places, size)
    whole = build.stack([build.iota(i64, [batch, count], 0), places], 2)
    rows = [build.move_axis(tensor, axis, 1) for tensor in (cache, update)]
    return build.move_axis(build.scatter(rows[0], whole, rows[1], [0, 1]), 1, axis)


def _one_hot(node: Node) -> Tensor:
    """The second of two values at each index, the first elsewhere; an index that is out of range is nowhere."""
    build, indices, depth, values = node.build, node.operand(0), node.operand(1), node.operand(2)
    axis = node.dimension(node.integer("axis", -1), indices.rank + 1)
    if node.has_sizes(1):
        (size,) = node.sizes(1)
    else:
        size = node.result_shape()[axis]
        check(node, build.compare("EQ", depth, build.scalar(size, depth.element)), f"expected depth {size}")
    whole = build.convert(indices, i64)
    is_negative = build.compare("LT", whole, build.scalar(0, i64))
    places = build.expand_dims(build.select(is_negative, build.map_with("add", whole, size), whole), [axis])
    shape = [*indices.shape[:axis], size, *indices.shape[axis:]]
    is_hot = build.compare("EQ", build.iota(i64, shape, axis), places)
    return build.select(is_hot, build.take(values, 0, 1), build.take(values, 0, 0))


def _top_k(node: Node) -> Sequence[Tensor]:
    """Sort with positions, stable, so that of equal elements the first comes first."""
    build, operand = node.build, node.operand(0)
    axis = node.axis("axis", operand.rank, -1)
    count = node.integer("k") if node.has("k") else _count(node, axis)
    if at_least(count, operand.shape[axis] + 1):
        raise node.wrong(f"the largest {count} of {operand.shape[axis]} elements are asked for")
    direction = "GT" if node.flag("largest", default=True) else "LT"
    places = build.iota(i64, operand.shape, axis)
    sorted_ = build.sort([operand, places], axis, direction)
    return [build.slice_axis(result, axis, 0, count) for result in sorted_]


def _count(node: Node, axis: int) -> Extent:
    count = node.operand(1)
    if node.has_sizes(1):
        return node.sizes(1)[0]
    size = node.result_shape()[axis]
    check(node, node.build.compare("EQ", count, node.build.scalar(size, count.element)), f"expected {size} elements")
    return size


def _reverse_sequence(node: Node) -> Tensor:
    """The first elements of each sequence are reversed, as many as its length; the rest stays."""
    build, operand, lengths = node.build, node.operand(0), _lengths(node)
    time, batch = node.integer("time_axis"), node.integer("batch_axis")
    shape = [operand.shape[batch], operand.shape[time]]
    steps = build.iota(i64, shape, 1)
    many = build.broadcast_in_dim(lengths, shape, [0])
    back = build.map_with("subtract", build.map("subtract", many, steps), 1)
    places = build.select(build.compare("LT", steps, many), back, steps)
    sequences = build.iota(i64, shape, 0)
    whole = build.stack([sequences, places], 2)
    rest = [axis for axis in range(operand.rank) if axis not in (time, batch)]
    ordered = build.transpose(operand, [batch, time, *rest])
    taken = build.gather(ordered, whole, [0, 1])
    return build.transpose(taken, [[batch, time, *rest].index(axis) for axis in range(operand.rank)])


def _lengths(node: Node) -> Tensor:
    return node.build.convert(node.operand(1), i64)


def _trilu(node: Node) -> Tensor:
    """Keep what is on one side of a diagonal."""
    build, operand = node.build, node.operand(0)
    shape = operand.shape[-2:]
    offset = node.optional(1)
    diagonal = build.scalar(0, i64) if offset is None else build.reshape(offset, ())
    distance = build.map("subtract", build.iota(i64, shape, 1), build.iota(i64, shape, 0))
    is_kept = build.compare("GE" if node.flag("upper", default=True) else "LE", distance, diagonal)
    return build.select(is_kept, operand, build.scalar(0, operand.element))


def _eye_like(node: Node) -> Tensor:
    build, operand = node.build, node.operand(0)
    element = element_of_code(node.integer("dtype")) if node.has("dtype") else operand.element
    distance = build.map("subtract", build.iota(i64, operand.shape, 1), build.iota(i64, operand.shape, 0))
    return build.convert(build.compare("EQ", distance, build.scalar(node.integer("k", 0), i64)), element)


def _compress(node: Node) -> Tensor:
    """The slices whose condition is true; how many there are has to be known or declared."""
    build, operand, condition = node.build, node.operand(0), node.operand(1)
    axis = 0
    if node.has("axis"):
        axis = node.axis("axis", operand.rank)
    else:
        operand = build.reshape(operand, [operand.size])
    if condition.known is not None:
        return build.gather_along(operand, build.constant(np.flatnonzero(condition.known)), axis)
    count = node.result_shape()[axis]
    found = build.reduce("add", build.convert(condition, i64), 0, [0])
    check(node, build.compare("EQ", found, build.scalar(count, i64)), f"expected {count} true conditions")
    order = build.sort([build.convert(condition, i64), build.iota(i64, condition.shape, 0)], 0, "GT")[1]
    return build.gather_along(operand, build.slice_axis(order, 0, 0, count), axis)


def _non_zero(node: Node) -> Tensor:
    """The positions of what is not zero, a column each; how many there are has to be declared."""
    build, operand = node.build, node.operand(0)
    count = node.result_shape()[1]
    flat = build.reshape(operand, [operand.size])
    is_found = build.convert(build.compare("NE", flat, build.scalar(0, flat.element)), i64)
    found = build.reduce("add", is_found, 0, [0])
    check(node, build.compare("EQ", found, build.scalar(count, i64)), f"expected {count} elements that are not zero")
    order = build.sort([is_found, build.iota(i64, flat.shape, 0)], 0, "GT")[1]
    place = build.slice_axis(order, 0, 0, count)
    rows: list[Tensor] = []
    for axis, size in enumerate(operand.shape):
        step = prod(operand.shape[axis + 1 :])
        rows.append(build.map_with("remainder", build.map_with("divide", place, step), size))
    return build.stack(rows, 0)


INDEXING: OperatorTable = {
    ("", op): operator
    for op, operator in dict[str, Operator](
        Compress=_compress,
        EyeLike=_eye_like,
        Gather=_gather,
        GatherElements=_gather_elements,
        GatherND=_gather_nd,
        NonZero=_non_zero,
        OneHot=_one_hot,
        ReverseSequence=_reverse_sequence,
        Scatter=_scatter_elements,
        ScatterElements=_scatter_elements,
        ScatterND=_scatter_nd,
        TensorScatter=_tensor_scatter,
        TopK=_top_k,
        Trilu=_trilu,
    ).items()
}
