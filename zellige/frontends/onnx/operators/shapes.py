"""Operators that move elements: reshapes, transposes, slices, paddings, concatenations; and shapes as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, combinations
from math import prod

import numpy as np
from xdsl.dialects.builtin import f64, i64

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.runtime_shapes import (
    check,
    check_axes,
    check_equal,
    filled_axis,
    pad_by,
    shape_by,
    slice_by,
)
from zellige.frontends.onnx.tensors import element_of_code, tensor_of_proto
from zellige.maths.sizes import LARGEST, Extent, are_different, largest, smallest
from zellige.passes.input.broadcasting import broadcast_shapes, shape_text
from zellige.passes.input.tensors import Tensor
from zellige.support.errors import CompileError


def _constant(node: Node) -> Tensor:
    for name, attribute in node.attributes.items():
        match name:
            case "value":
                return tensor_of_proto(attribute.t, None)
            case "value_float":
                return Tensor.of(np.asarray(attribute.f, np.float32))
            case "value_floats":
                return Tensor.of(np.asarray(attribute.floats, np.float32))
            case "value_int":
                return Tensor.of(np.asarray(attribute.i, np.int64))
            case "value_ints":
                return Tensor.of(np.asarray(attribute.ints, np.int64))
            case "value_string" | "value_strings":
                raise node.unsupported("tensors of strings are not supported")
            case _:
                pass
    raise node.unsupported("a sparse constant is not supported, expected a dense one")


def _constant_of_shape(node: Node) -> Tensor:
    number = tensor_of_proto(node.attributes["value"].t, None) if node.has("value") else node.build.scalar(0, _F32)
    return node.build.broadcast(node.build.reshape(number, ()), shape_by(node, 0))


_F32 = element_of_code(1)


def _shape(node: Node) -> Tensor:
    shape = node.operand(0).shape
    return Tensor.of_sizes(np.asarray(shape[node.integer("start", 0) : node.integer("end", len(shape))], object), i64)


def _size(node: Node) -> Tensor:
    return Tensor.of_sizes(np.asarray(node.operand(0).size, object), i64)


def _reshape(node: Node) -> Tensor:
    operand = node.operand(0)
    if node.has("shape"):
        return node.build.reshape(operand, _resolved(node, operand, node.ints("shape")))
    if not node.has_sizes(1):
        shape = node.result_shape()
        if prod(shape) != operand.size:
            raise node.wrong(f"{operand.type} has {operand.size} elements, the declared result {prod(shape)}")
        _check_declared(node, operand, shape)
        return node.build.reshape(operand, shape)
    return node.build.reshape(operand, _resolved(node, operand, node.sizes(1)))


def _check_declared(node: Node, operand: Tensor, shape: Sequence[int]) -> None:
    """A wanted size is the declared one, or -1, or 0 where the operand has it."""
    wanted = np.asarray(shape)
    kept = wanted.copy()
    if not node.flag("allowzero", default=False):
        kept = np.where(
            [tuple(operand.shape[axis : axis + 1]) == (size,) for axis, size in enumerate(shape)], 0, wanted
        )
    check_equal(node, node.operand(1), wanted, np.full_like(wanted, -1), kept)


def _resolved(node: Node, operand: Tensor, wanted: Sequence[Extent]) -> list[Extent]:
    """The shape with 0 replaced by the operand's size there, and -1 by what is left."""
    keeps_zero = node.flag("allowzero", default=False)
    if not keeps_zero and any(size == 0 and axis >= operand.rank for axis, size in enumerate(wanted)):
        raise node.wrong(f"shape {tuple(wanted)} keeps a dimension that {operand.type} does not have")
    shape = [operand.shape[axis] if size == 0 and not keeps_zero else size for axis, size in enumerate(wanted)]
    if -1 in shape:
        others = prod(size for size in shape if size != -1)
        shape[shape.index(-1)] = operand.size // others if others != 0 else 0
    is_negative = any(isinstance(size, int) and size < 0 for size in shape)
    if is_negative or are_different(prod(shape), operand.size):
        raise node.wrong(f"{operand.type} has {operand.size} elements, shape {shape_text(wanted)} does not")
    return shape


def _flatten(node: Node) -> Tensor:
    operand = node.operand(0)
    axis = node.integer("axis", 1)
    if not -operand.rank <= axis <= operand.rank:
        raise node.wrong(f"axis {axis} is not there, expected one of {-operand.rank} to {operand.rank}")
    rows = prod(operand.shape[:axis]) if axis else 1
    return node.build.reshape(operand, [rows, prod(operand.shape[axis:]) if axis else operand.size])


def _squeeze(node: Node) -> Tensor:
    operand = node.operand(0)
    axes = node.optional(1)
    if axes is not None and axes.known is None:
        return _with_declared_axes(node, axes, operand.static_shape, node.result_shape())
    named = node.ints_of("axes", 1)
    axes = [axis for axis, size in enumerate(operand.shape) if size == 1]
    if named is not None:
        axes = list(node.dimensions(named, operand.rank))
        for axis in axes:
            size = operand.shape[axis]
            if are_different(size, 1):
                raise node.wrong(f"dimension {axis} of {operand.type} has size {size}, expected 1")
    return node.build.reshape(operand, [size for axis, size in enumerate(operand.shape) if axis not in axes])


def _with_declared_axes(node: Node, axes: Tensor, longer: Sequence[int], shorter: Sequence[int]) -> Tensor:
    """The declared result, if the axes are such that one of the shapes has and the other does not."""
    chosen = combinations(range(len(longer)), axes.static_size(0))
    candidates = [
        choice
        for choice in chosen
        if all(longer[axis] == 1 for axis in choice)
        and tuple(size for axis, size in enumerate(longer) if axis not in choice) == tuple(shorter)
    ]
    check_axes(node, axes, candidates, len(longer))
    return node.build.reshape(node.operand(0), node.result_shape())


def _unsqueeze(node: Node) -> Tensor:
    operand = node.operand(0)
    if not node.has("axes") and node.operand(1).known is None:
        return _with_declared_axes(node, node.operand(1), node.result_shape(), operand.static_shape)
    axes = node.ints_of("axes", 1) or ()
    return node.build.expand_dims(operand, node.dimensions(axes, operand.rank + len(axes)))


def _transpose(node: Node) -> Tensor:
    operand = node.operand(0)
    order = node.ints("perm", range(operand.rank - 1, -1, -1))
    if sorted(order) != list(range(operand.rank)):
        raise node.wrong(f"'perm' is {order}, expected an order of the {operand.rank} dimensions")
    return node.build.transpose(operand, order)


def _concat(node: Node) -> Tensor:
    operands = node.operands
    return node.build.concatenate(operands, node.axis("axis", operands[0].rank))


def _split(node: Node) -> list[Tensor]:
    operand, count = node.operand(0), len(node.proto.output)
    axis = node.axis("axis", operand.rank, 0)
    whole = operand.shape[axis]
    sizes: list[Extent]
    if not node.has("split") and node.optional(1) is not None and not node.has_sizes(1):
        sizes = [node.result_shape(index)[axis] for index in range(count)]
        check_equal(node, node.operand(1), np.asarray(sizes))
    else:
        each = -(-whole // count)
        even = [largest(0, smallest(each, whole - each * index)) for index in range(count)]
        sizes = list(node.sizes(1) if node.optional(1) is not None else node.ints("split", ())) or even
    if are_different(sum(sizes), whole) or len(sizes) != count:
        parts = shape_text(sizes)
        raise node.wrong(f"parts of sizes {parts} are not {count} parts of dimension {axis} of {operand.type}")
    if sum(sizes) != whole:
        node.build.check_sizes(sum(sizes), whole, f"the parts are not all of dimension {axis}")
    ends = list(accumulate(sizes))
    return [node.build.slice_axis(operand, axis, end - size, end) for size, end in zip(sizes, ends, strict=True)]


def _slice(node: Node) -> Tensor:
    """Before version 10 all numbers are attributes."""
    operand = node.operand(0)
    if node.has("starts"):
        starts, ends = node.ints("starts"), node.ints("ends")
        return _sliced(node, starts, ends, node.ints("axes", range(len(starts))), [1] * len(starts))
    if any(node.optional(index) is not None and not node.has_sizes(index) for index in (1, 2)) or any(
        tensor is not None and tensor.known is None for tensor in (node.optional(3), node.optional(4))
    ):
        return slice_by(node, operand)
    starts, ends = node.sizes(1), node.sizes(2)
    axes = node.known_ints(3) or tuple(range(len(starts)))
    return _sliced(node, starts, ends, axes, node.known_ints(4) or [1] * len(starts))


def _sliced(
    node: Node, starts: Sequence[Extent], ends: Sequence[Extent], axes: Sequence[int], steps: Sequence[int]
) -> Tensor:
    operand = node.operand(0)
    if not len(starts) == len(ends) == len(axes) == len(steps):
        raise node.wrong(f"got {len(starts)} starts, {len(ends)} ends, {len(axes)} axes and {len(steps)} steps")
    first: list[Extent] = [0] * operand.rank
    limit, stride = list(operand.shape), [1] * operand.rank
    reversed_axes: list[int] = []
    for axis, start, end, step in zip(node.dimensions(axes, operand.rank), starts, ends, steps, strict=True):
        if step == 0:
            raise node.wrong(f"the step along dimension {axis} is 0")
        first[axis], limit[axis] = _range_of(operand.shape[axis], start, end, step)
        stride[axis] = abs(step)
        if step < 0:
            reversed_axes.append(axis)
        if first[axis] == limit[axis]:
            first[axis], limit[axis], stride[axis] = 0, 0, 1
    return node.build.reverse(node.build.slice(operand, first, limit, stride), reversed_axes)


def _range_of(size: Extent, start: Extent, end: Extent, step: int) -> tuple[Extent, Extent]:
    """The positions of a dimension that a slice takes, in the dimension's order: the first, and the last plus 1."""
    if isinstance(size, int) and isinstance(start, int) and isinstance(end, int):
        positions = range(size)[start:end:step]
        positions = positions if step > 0 else positions[::-1]
        return (positions.start, positions[-1] + 1) if positions else (0, 0)
    if step > 0:
        first = _inside(start, size)
        return first, largest(_inside(end, size), first)
    last = smallest(_from_end(start, size), size - 1)
    before = largest(_from_end(end, size), -1) if not isinstance(end, int) or end > -LARGEST else -1
    count = largest(-(-(last - before) // -step), 0)
    return last + 1 - ((count - 1) * -step + 1), last + 1


def _inside(position: Extent, size: Extent) -> Extent:
    """A position brought to 0 to `size`."""
    return largest(smallest(_from_end(position, size), size), 0)


def _from_end(position: Extent, size: Extent) -> Extent:
    """A position that counts from the end where it is below 0, which has to be known."""
    return position + size if position < 0 else position


def _expand(node: Node) -> Tensor:
    operand = node.operand(0)
    if not node.has_sizes(1):
        return _expanded(node, operand, node.result_shape())
    shape = node.sizes(1)
    try:
        shape = broadcast_shapes(operand.shape, shape)
    except CompileError as cause:
        raise node.wrong(f"{operand.type} cannot be broadcast to shape {shape_text(shape)}") from cause
    return node.build.broadcast(operand, shape)


def _expanded(node: Node, operand: Tensor, shape: tuple[int, ...]) -> Tensor:
    """The declared result: a wanted size is the declared one, or 1 where the operand has that."""
    wanted = node.operand(1)
    lead = len(shape) - wanted.static_size(0)
    own = (*[1] * (len(shape) - operand.rank), *operand.shape)
    either = [1 if before == after else after for before, after in zip(own, shape, strict=True)]
    if lead < 0 or own[:lead] != shape[:lead]:
        raise node.wrong(
            f"{operand.type} and {wanted.static_size(0)} sizes do not give the declared {shape_text(shape)}"
        )
    check_equal(node, wanted, np.asarray(shape[lead:]), np.asarray(either[lead:]))
    return node.build.broadcast(operand, shape)


def _tile(node: Node) -> Tensor:
    build, operand = node.build, node.operand(0)
    if node.has_sizes(1):
        repeats = node.sizes(1)
    else:
        shape = node.result_shape()
        repeats = tuple(after // largest(1, before) for before, after in zip(operand.shape, shape, strict=True))
        check_equal(node, node.operand(1), np.asarray(repeats))
    if len(repeats) != operand.rank or any(isinstance(count, int) and count < 0 for count in repeats):
        raise node.wrong(f"repeats {shape_text(repeats)} are not one for each of the {operand.rank} dimensions")
    wide = [size for pair in zip(repeats, operand.shape, strict=True) for size in pair]
    spread = build.broadcast_in_dim(operand, wide, range(1, 2 * operand.rank, 2))
    return build.reshape(spread, [count * size for count, size in zip(repeats, operand.shape, strict=True)])


def _pad(node: Node) -> Tensor:
    """Numbers are attributes before version 11, then operands; axes may be named from version 18 on."""
    build, operand, mode = node.build, node.operand(0), node.text("mode", "constant")
    filling: Tensor | float = node.number("value", 0.0)
    if not node.has("pads") and node.optional(2) is not None:
        filling = build.reshape(node.operand(2), ())
    axes = node.optional(3)
    is_known = (node.optional(1) is None or node.has_sizes(1)) and (axes is None or axes.known is not None)
    if not node.has("pads") and not is_known:
        return pad_by(node, operand, filling, mode)
    pads = node.ints("pads") if node.has("pads") else node.sizes(1) if node.optional(1) is not None else ()
    axes = node.dimensions(node.known_ints(3) or range(operand.rank), operand.rank)
    if len(pads) != 2 * len(axes):
        raise node.wrong(f"got {len(pads)} sizes of paddings, expected {2 * len(axes)}")
    low: list[Extent] = [0] * operand.rank
    high: list[Extent] = [0] * operand.rank
    for axis, before, after in zip(axes, pads[: len(axes)], pads[len(axes) :], strict=True):
        low[axis], high[axis] = before, after
    if mode == "constant":
        return build.pad(operand, filling, low, high)
    for axis in axes:
        before, after, size = low[axis], high[axis], operand.shape[axis]
        if isinstance(before, int) and isinstance(after, int) and isinstance(size, int):
            operand = _padded_axis(node, operand, axis, before, after, mode)
        else:
            operand = filled_axis(node, operand, axis, before, after, mode)
    return operand


def _padded_axis(node: Node, operand: Tensor, axis: int, low: int, high: int, mode: str) -> Tensor:
    """Fill the edges of one dimension with its own elements: runs of them, forwards or backwards."""
    build, size = node.build, operand.static_size(axis)
    if mode not in ("edge", "reflect", "wrap"):
        raise node.wrong(f"mode is '{mode}', expected constant, edge, reflect or wrap")
    operand = build.slice_axis(operand, axis, max(0, -low), size - max(0, -high))
    size = operand.static_size(axis)
    low, high = max(0, low), max(0, high)
    if not low and not high:
        return operand
    if size == 0:
        raise node.wrong(f"dimension {axis} of {operand.type} is empty, mode '{mode}' has nothing to fill it with")
    positions = [_edge_position(place, size, mode) for place in range(-low, size + high)]
    return build.concatenate([_run(node, operand, axis, run) for run in _runs(positions)], axis)


def _edge_position(place: int, size: int, mode: str) -> int:
    """The position whose element stands at a place that may be beyond the edges."""
    if mode == "edge":
        return min(max(place, 0), size - 1)
    if mode == "wrap":
        return place % size
    period = max(1, 2 * (size - 1))
    return min(place % period, -place % period)


def _runs(positions: Sequence[int]) -> list[list[int]]:
    """Cut into pieces that ascend, descend or stay the same."""
    runs: list[list[int]] = []
    for position in positions:
        run = runs[-1] if runs else None
        if run is not None and (
            (len(run) == 1 and abs(position - run[0]) <= 1) or (len(run) > 1 and position - run[-1] == run[1] - run[0])
        ):
            run.append(position)
        else:
            runs.append([position])
    return runs


def _run(node: Node, operand: Tensor, axis: int, run: Sequence[int]) -> Tensor:
    build = node.build
    piece = build.slice_axis(operand, axis, min(run), max(run) + 1)
    if len(run) > 1 and run[0] == run[1]:
        shape = list(piece.shape)
        shape[axis] = len(run)
        return build.broadcast(piece, shape)
    return build.reverse(piece, [axis]) if run[0] > run[-1] else piece


def _depth_to_space(node: Node) -> Tensor:
    build, operand, block = node.build, node.operand(0), node.integer("blocksize")
    batch, depth, height, width = operand.shape
    channels = depth // block**2
    if node.text("mode", "DCR") == "DCR":
        split = build.reshape(operand, [batch, block, block, channels, height, width])
        moved = build.transpose(split, [0, 3, 4, 1, 5, 2])
    else:
        split = build.reshape(operand, [batch, channels, block, block, height, width])
        moved = build.transpose(split, [0, 1, 4, 2, 5, 3])
    return build.reshape(moved, [batch, channels, height * block, width * block])


def _space_to_depth(node: Node) -> Tensor | None:
    if node.text("mode", "DCR") != "DCR":
        return None
    build, operand, block = node.build, node.operand(0), node.integer("blocksize")
    batch, channels, height, width = operand.shape
    rows, columns = height // block, width // block
    split = build.reshape(operand, [batch, channels, rows, block, columns, block])
    moved = build.transpose(split, [0, 3, 5, 1, 2, 4])
    return build.reshape(moved, [batch, channels * block**2, rows, columns])


def _check_range(node: Node, count: int) -> None:
    """The steps from the start to the limit, rounded up, are as many as declared."""
    build, start, limit, step = node.build, *node.operands
    span = build.convert(build.map("subtract", limit, start), f64)
    steps = build.map("ceil", build.map("divide", span, build.convert(step, f64)))
    steps = build.map("maximum", steps, build.scalar(0, f64))
    check(node, build.compare("EQ", steps, build.scalar(count, f64)), f"expected {count} numbers as the result has")


def _range(node: Node) -> Tensor:
    build, start, step = node.build, node.operand(0), node.operand(2)
    if all(node.has_sizes(index) for index in range(3)):
        (first,), (limit,), (by,) = (node.sizes(index) for index in range(3))
        if not isinstance(by, int) or by == 0:
            raise node.unsupported(f"a range with a step of '{by}' is not supported, expected a number that is not 0")
        shape = (largest(-(-(limit - first) // by) if by > 0 else -((limit - first) // -by), 0),)
    else:
        shape = node.result_shape()
        _check_range(node, shape[0])
    steps = build.convert(build.iota(i64, shape, 0), start.element)
    return build.map("add", build.map("multiply", steps, step), start)


SHAPES: OperatorTable = {
    ("", op): operator
    for op, operator in dict[str, Operator](
        Concat=_concat,
        Constant=_constant,
        ConstantOfShape=_constant_of_shape,
        DepthToSpace=_depth_to_space,
        Expand=_expand,
        Flatten=_flatten,
        Pad=_pad,
        Range=_range,
        Reshape=_reshape,
        Shape=_shape,
        Size=_size,
        Slice=_slice,
        SpaceToDepth=_space_to_depth,
        Split=_split,
        Squeeze=_squeeze,
        Tile=_tile,
        Transpose=_transpose,
        Unsqueeze=_unsqueeze,
    ).items()
}
