"""Random nodes that read or write at positions that are data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.fuzz.onnx_growing import NUMBERS, TYPES, Growing
from tests.fuzz.onnx_oracle import Array

_INDEX = ("int64", "int64", "int32")


def _indices(g: Growing, size: int, shape: Sequence[int], type_: str | None = None) -> str:
    """Positions in a dimension, as an input or a constant; sometimes counted from the end."""
    low = -size if g.opset >= 11 and g.flag() else 0
    array = g.numbers.integers(low, max(size, low + 1), shape).astype(type_ or g.choice.choice(_INDEX))
    return g.input(array) if g.flag() else g.constant(array)


def gather(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    shape = g.values[x].shape
    axis = g.axis(len(shape))
    if shape[axis]:
        g.add(
            "Gather",
            [x, _indices(g, shape[axis], g.shape(rank=g.choice.choice((0, 1, 1, 2))))],
            axis=g.maybe(axis, 0.9) if axis % len(shape) == 0 else axis,
        )


def gather_elements(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    shape = g.values[x].shape
    axis = g.axis(len(shape))
    if 0 in shape or g.opset < 11:
        return
    wanted = [
        g.choice.randint(1, 4) if i == axis % len(shape) else g.choice.randint(1, size) for i, size in enumerate(shape)
    ]
    g.add("GatherElements", [x, _indices(g, shape[axis], wanted)], axis=axis)


def gather_nd(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    shape = g.values[x].shape
    if 0 in shape:
        return
    batch = g.choice.randrange(len(shape)) if g.opset >= 12 and g.choice.random() < 0.3 else 0
    depth = g.choice.randint(1, len(shape) - batch)
    prefix = (*shape[:batch], *g.shape(rank=g.choice.choice((0, 1, 2)))[:2])
    array = _tuples(g, prefix, shape[batch : batch + depth])
    g.add(
        "GatherND",
        [x, g.input(array) if g.flag() else g.constant(array)],
        batch_dims=batch or g.maybe(0),
    )


def _tuples(g: Growing, prefix: Sequence[int], sizes: Sequence[int]) -> Array:
    columns = [g.numbers.integers(0, size, prefix) for size in sizes]
    return np.stack(columns, axis=-1).astype(np.int64)


def scatter_elements(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    array = g.values[x]
    axis = g.axis(array.ndim)
    if 0 in array.shape:
        return
    wanted = [g.choice.randint(1, size) for size in array.shape]
    reductions = [None] + (["add", "mul"] if g.opset >= 16 else []) + (["max", "min"] if g.opset >= 18 else [])
    reduction = g.choice.choice(reductions)
    positions = _indices(g, array.shape[axis], wanted)
    if reduction is None:  # of several updates of one place it is not said which one stays
        along = axis % array.ndim
        shape = (*wanted[:along], *wanted[along + 1 :], array.shape[axis])
        order = np.argsort(g.numbers.random(shape), axis=-1)
        positions = g.constant(np.moveaxis(order[..., : wanted[axis]], -1, axis))
    updates = g.leaf(array.dtype.name, wanted)
    g.add("ScatterElements" if g.opset >= 11 else "Scatter", [x, positions, updates], axis=axis, reduction=reduction)


def scatter_nd(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    array = g.values[x]
    if 0 in array.shape:
        return
    depth = g.choice.randint(1, array.ndim)
    reductions = [None] + (["add", "mul"] if g.opset >= 16 else []) + (["max", "min"] if g.opset >= 18 else [])
    reduction = g.choice.choice(reductions)
    count = g.choice.randint(1, 4)
    tuples = _tuples(g, (count,), array.shape[:depth])
    if reduction is None:
        tuples = np.unique(tuples, axis=0)
    updates = g.leaf(array.dtype.name, (len(tuples), *array.shape[depth:]))
    g.add("ScatterND", [x, g.input(tuples) if g.flag() else g.constant(tuples), updates], reduction=reduction)


def one_hot(g: Growing) -> None:
    shape = g.shape(rank=g.choice.choice((0, 1, 2)))
    depth = g.choice.randint(1, 6)
    x = _indices(g, depth, shape, "int64")
    type_ = g.choice.choice(("float32", "int64", "int32"))
    values = g.constant(np.array([0, 1], type_) + np.array(g.choice.randint(0, 2), type_))
    g.add("OneHot", [x, g.scalar(depth), values], axis=g.choice.randint(-1, len(shape)))


def compress(g: Growing) -> None:
    x = g.some(NUMBERS, least=1)
    shape = g.values[x].shape
    axis = g.maybe(g.axis(len(shape)), 0.7)
    size = g.values[x].size if axis is None else shape[axis]
    g.add("Compress", [x, g.constant(g.array("bool", (g.choice.randint(0, size),)))], axis=axis)


FAMILY = {gather: 5, gather_elements: 2, gather_nd: 3, scatter_elements: 3, scatter_nd: 3, one_hot: 1, compress: 1}
