"""Random nodes that move elements, and such that make shapes."""

from __future__ import annotations

from math import prod

import numpy as np
from onnx import helper

from tests.fuzz.onnx_growing import FLOATS, TYPES, Growing
from tests.fuzz.onnx_oracle import Array


def reshape(g: Growing) -> None:
    x = g.some(TYPES)
    array = g.values[x]
    shape = _regrouped(g, array)
    if array.size and shape:
        if g.choice.random() < 0.5:
            shape[g.choice.randrange(len(shape))] = -1
        for i, size in enumerate(shape[: array.ndim]):
            if size == array.shape[i] and g.choice.random() < 0.2:
                shape[i] = 0
    g.add("Reshape", [x, g.ints(shape, may_be_input=True)])


def _regrouped(g: Growing, array: Array) -> list[int]:
    """Another shape for as many elements."""
    factors: list[int] = []
    rest = array.size
    for prime in (2, 3, 5, 7, 17):
        while rest and rest % prime == 0:
            factors.append(prime)
            rest //= prime
    if array.size == 0:
        return g.choice.sample(array.shape, array.ndim)
    factors.append(rest)
    g.choice.shuffle(factors)
    shape = [1] * g.choice.choice((1, 2, 3, 4))
    for factor in factors:
        shape[g.choice.randrange(len(shape))] *= factor
    return shape


def transpose(g: Growing) -> None:
    x = g.some(TYPES)
    rank = g.values[x].ndim
    g.add("Transpose", [x], perm=g.maybe(g.choice.sample(range(rank), rank), 0.9) if rank else None)


def part(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    shape = g.values[x].shape
    if g.opset < 10:
        axes = sorted(axis % len(shape) for axis in g.axes(len(shape), 1))
        starts = [g.choice.randint(-shape[a], shape[a]) for a in axes]
        ends = [g.choice.randint(-shape[a], shape[a] + 3) for a in axes]
        g.add("Slice", [x], axes=axes, starts=starts, ends=ends)
        return
    axes = g.axes(len(shape), 1) if g.choice.random() < 0.8 else list(range(g.choice.randint(1, len(shape))))
    is_default = axes == list(range(len(axes))) and g.flag()
    steps = [g.choice.choice((1, 1, 2, 3, -1, -2)) for _ in axes]
    bounds = [_bounds(g, shape[axis], step) for axis, step in zip(axes, steps, strict=True)]
    starts, ends = [b[0] for b in bounds], [b[1] for b in bounds]
    type_ = g.choice.choice(("int32", "int64"))
    lists = [starts, ends, None if is_default else axes, None if set(steps) == {1} and g.flag() else steps]
    g.add("Slice", [x, *(None if item is None else g.constant(np.array(item, type_)) for item in lists)])


def _bounds(g: Growing, size: int, step: int) -> tuple[int, int]:
    far = 2**31 - 1
    if g.choice.random() < 0.3:
        return (0, far) if step > 0 else (-1, -far)
    start, end = g.choice.randint(-size - 2, size + 1), g.choice.randint(-size - 2, size + 2)
    is_empty = not range(size)[start:end:step]
    return (start, end) if not is_empty or g.choice.random() < 0.1 else ((0, far) if step > 0 else (far, -far))


def concat(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    array = g.values[x]
    axis = g.axis(array.ndim)

    def fits(other: Array) -> bool:
        return other.ndim == array.ndim and all(
            a == b or i == axis % array.ndim for i, (a, b) in enumerate(zip(other.shape, array.shape, strict=True))
        )

    names = [x]
    for _ in range(g.choice.randrange(4)):
        name = g.any([array.dtype.name], fits)
        shape = list(array.shape)
        shape[axis] = g.choice.choice((1, 2, 3))
        names.append(name if name and g.flag() else g.leaf(array.dtype.name, shape))
    g.choice.shuffle(names)
    g.add("Concat", names, axis=axis)


def split(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    array = g.values[x]
    axis = g.axis(array.ndim)
    size = array.shape[axis]
    count = g.choice.randint(1, min(4, max(1, size)))
    cuts = sorted(g.choice.randint(0, size) for _ in range(count - 1))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, size], strict=True)]
    if g.opset < 13:
        g.add("Split", [x], count, axis=axis, split=sizes)
    elif g.opset >= 18 and g.choice.random() < 0.4:
        g.add("Split", [x], count, axis=axis, num_outputs=count)
    elif size % count == 0 and g.flag():
        g.add("Split", [x], count, axis=axis, num_outputs=count if g.opset >= 18 else None)
    else:
        g.add("Split", [x, g.ints(sizes)], count, axis=axis)


def pad(g: Growing) -> None:
    x = g.some((*FLOATS, "int32", "int64", "uint8", "bool"), least=1)
    array = g.values[x]
    modes = ["constant", "constant", "reflect", "edge", *(["wrap"] if g.opset >= 19 else [])]
    mode = g.choice.choice(modes)
    if mode != "constant" and (array.size == 0 or array.ndim == 0):
        return
    axes = list(range(array.ndim))
    if g.opset >= 18 and g.choice.random() < 0.3:
        axes = g.axes(array.ndim, 1)
    amounts = [0 if g.choice.random() < 0.5 else g.choice.choice((-1, 1, 1, 2, 3)) for _ in range(2 * len(axes))]
    if mode in {"reflect", "wrap"}:
        amounts = [max(0, min(a, array.shape[axes[i % len(axes)]] - 1)) for i, a in enumerate(amounts)]
    if mode == "edge":
        amounts = [max(0, a) for a in amounts]
    if g.opset < 11:
        if array.dtype.kind == "f":
            g.add("Pad", [x], mode=mode, pads=amounts, value=g.maybe(1.5))
        return
    value = g.maybe(g.scalar(1, array.dtype.name)) if mode == "constant" else None
    g.add("Pad", [x, g.ints(amounts), value, g.ints(axes) if len(axes) < array.ndim else None], mode=mode)


def expand(g: Growing) -> None:
    x = g.some(TYPES)
    shape = [g.choice.choice((1, 2, 3)) if size == 1 else size for size in g.values[x].shape]
    shape = [1 if g.choice.random() < 0.2 else size for size in shape]
    if len(shape) < 4 and g.choice.random() < 0.3:
        shape = [g.choice.choice((1, 2)), *shape]
    elif shape and g.choice.random() < 0.2:
        shape = shape[1:]
    g.add("Expand", [x, g.ints(shape, may_be_input=True)])


def tile(g: Growing) -> None:
    x = g.some(TYPES, least=1)
    repeats = [g.choice.choice((1, 1, 1, 2, 3, 0 if g.choice.random() < 0.1 else 1)) for _ in g.values[x].shape]
    g.add("Tile", [x, g.ints(repeats)])


def squeeze(g: Growing) -> None:
    x = g.some(TYPES)
    shape = g.values[x].shape
    if g.flag():
        axes = [i - (len(shape) if g.flag() and g.opset >= 11 else 0) for i, size in enumerate(shape) if size == 1]
        axes = axes if len(axes) < 2 or g.flag() else axes[:1]
        kind, chosen = "Squeeze", axes if g.choice.random() < 0.8 else None
    else:
        rank = len(shape) + g.choice.choice((1, 1, 2))
        axes = g.choice.sample(range(rank), rank - len(shape))
        kind, chosen = "Unsqueeze", [a - rank if g.opset >= 11 and g.choice.random() < 0.3 else a for a in axes]
    if g.opset < 13:
        g.add(kind, [x], axes=chosen)
    else:
        g.add(kind, [x, None if chosen is None else g.ints(chosen)])


def flatten(g: Growing) -> None:
    x = g.some(TYPES)
    rank = g.values[x].ndim
    g.add("Flatten", [x], axis=g.choice.randint(-rank if g.opset >= 11 else 0, rank))


def blocks(g: Growing) -> None:
    """Depth and space."""
    x = g.some(FLOATS, rank=4)
    n, c, h, w = g.values[x].shape
    if g.flag():
        g.add("SpaceToDepth", [g.leaf(g.values[x].dtype.name, (n, c, 2 * min(h, 4), 2 * min(w, 4)))], blocksize=2)
    else:
        mode = g.maybe(g.choice.choice(("DCR", "CRD"))) if g.opset >= 11 else None
        g.add("DepthToSpace", [g.leaf(g.values[x].dtype.name, (n, 4 * min(c, 3), h, w))], blocksize=2, mode=mode)


def triangle(g: Growing) -> None:
    if g.choice.random() < 0.3:
        x = g.some(("float32", "int32", "int64"), rank=2)
        to = g.choice.choice((1, 7, 11, None))
        g.add("EyeLike", [x], k=g.maybe(g.choice.randint(-3, 3)), dtype=to)
    else:
        x = g.some((*FLOATS, "int64", "bool"), least=2)
        g.add("Trilu", [x, g.maybe(g.scalar(g.choice.randint(-4, 4)))], upper=g.maybe(g.flag()))


def shapes(g: Growing) -> None:
    """A shape or a part of it, and what is made of it."""
    x = g.some(TYPES, least=1)
    rank = g.values[x].ndim
    if g.opset >= 15 and g.flag():
        made = g.add("Shape", [x], start=g.maybe(g.axis(rank)), end=g.maybe(g.axis(rank)))
    else:
        made = g.add(g.choice.choice(("Shape", "Shape", "Size")), [x])
    if made is None:
        return
    sizes = g.values[made[0]]
    if sizes.ndim == 1 and prod(sizes.tolist()) <= 200 and sizes.size <= 4 and g.flag():
        type_ = g.choice.choice(("float32", "int64", "bool"))
        code = helper.np_dtype_to_tensor_dtype(np.dtype(type_))
        value = helper.make_tensor("value", code, [1], [1]) if g.flag() else None
        g.add("ConstantOfShape", made, value=value)
    elif sizes.ndim == 1 and sizes.size:
        index = g.scalar(g.axis(sizes.size))
        if (one := g.add("Gather", [made[0], index], axis=0)) and g.opset >= 11 and g.flag():
            g.add("Range", [g.scalar(0), one[0], g.scalar(g.choice.choice((1, 2)))])


def reversal(g: Growing) -> None:
    x = g.some(TYPES, least=2)
    shape = g.values[x].shape
    batch = g.flag()
    lengths = g.numbers.integers(min(1, shape[1 - batch]), shape[1 - batch] + 1, (shape[batch],)).astype(np.int64)
    name = g.input(lengths) if g.flag() else g.constant(lengths)
    g.add("ReverseSequence", [x, name], batch_axis=batch, time_axis=1 - batch)


FAMILY = {
    reshape: 4,
    transpose: 4,
    part: 6,
    concat: 4,
    split: 3,
    pad: 4,
    expand: 2,
    tile: 2,
    squeeze: 3,
    flatten: 1,
    blocks: 1,
    triangle: 1,
    shapes: 2,
    reversal: 1,
}
