"""Operators on numbers that only the running program knows, where the model declares the shape of the result.

What the shape promises of the numbers is checked by the program: `cf.assert`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce

import numpy as np
from xdsl.dialects.builtin import i1, i64

from zellige.frontends.onnx.nodes import Node
from zellige.maths.sizes import Extent, largest
from zellige.passes.input.tensors import Array, Tensor


def check_equal(node: Node, operand: Tensor, *expected: Array) -> None:
    """Stop the program where the numbers are not those that the declared shapes follow from.

    Each number may be the one at its place in any of the arrays.
    """
    build, texts = node.build, [array.reshape(-1).tolist() for array in expected]
    if any(array.size != operand.size for array in expected):
        raise node.wrong(f"{operand.type} does not have as many numbers as {texts[0]}, which the result has")
    choices = [build.constant(array.astype(operand.dtype).reshape(operand.static_shape)) for array in expected]
    matches = reduce(partial(build.map, "or"), [build.compare("EQ", operand, choice) for choice in choices])
    check(node, matches, f"expected {texts[0]} as the result has")


def shape_by(node: Node, index: int) -> tuple[Extent, ...]:
    """The shape of the result that an operand says; where its numbers are not known, it has to be the declared one."""
    if node.has_sizes(index):
        return node.sizes(index)
    shape = node.result_shape()
    check_equal(node, node.operand(index), np.asarray(shape))
    return shape


def check(node: Node, conditions: Tensor, why: str) -> None:
    """Stop the program unless all elements are true."""
    name = node.proto.name or next(iter(node.proto.output), node.proto.op_type)
    every = node.build.reduce("and", conditions, 1, range(conditions.rank))
    node.build.check(every, f"{node.proto.op_type} '{name}': {why}")


def slice_by(node: Node, operand: Tensor) -> Tensor:
    """`Slice` along dimensions, from positions and with steps that may all be unknown."""
    build, result = node.build, node.result_shape()
    starts, ends = _wide(node, 1), _wide(node, 2)
    count = starts.static_size(0)
    axes = _axes(node, 3, count)
    steps = _wide(node, 4) if node.optional(4) is not None else build.constant(np.ones(count, np.int64))
    zero = build.scalar(0, i64)
    for axis, size in enumerate(operand.static_shape):
        if axes.known is not None and axis not in axes.known:
            continue
        step = _number_of(node, axes, axis, steps, 1)
        is_back = build.compare("LT", step, zero)
        last = build.select(is_back, build.scalar(size - 1, i64), build.scalar(size, i64))
        least = build.select(is_back, build.scalar(-1, i64), zero)
        start = _from_end(node, _number_of(node, axes, axis, starts, 0), size)
        start = build.map("maximum", build.map("minimum", start, last), zero)
        end = _from_end(node, _number_of(node, axes, axis, ends, size), size)
        end = build.map("maximum", build.map("minimum", end, last), least)
        _check_count(node, start, end, step, result[axis])
        steps_taken = build.map("multiply", build.iota(i64, [result[axis]], 0), step)
        operand = build.gather_along(operand, build.map("add", steps_taken, start), axis)
    return operand


def _check_count(node: Node, start: Tensor, end: Tensor, step: Tensor, count: int) -> None:
    """The positions from `start` to before `end` are `count`: the last is before the end, one more is not."""
    build = node.build
    is_back = build.compare("LT", step, build.scalar(0, i64))
    span = build.map("subtract", end, start)
    span = build.select(is_back, build.map("negate", span), span)
    stride = build.map("abs", step)
    reached = build.map_with("multiply", stride, count)
    conditions = [build.compare("GE", reached, span)]
    if count:
        conditions.append(build.compare("LT", build.map_with("multiply", stride, count - 1), span))
    check(node, reduce(partial(build.map, "and"), conditions), f"expected {count} positions as the result has")


def _axes(node: Node, index: int, count: int) -> Tensor:
    """The dimensions that an operand names, counted from the first; without it the first `count`."""
    build, rank = node.build, node.operand(0).rank
    axes = node.optional(index)
    if axes is None:
        return build.constant(np.arange(count))
    if axes.known is not None:
        return build.constant(np.asarray(node.dimensions(node.known_ints(index) or (), rank), np.int64))
    wide = build.convert(axes, i64)
    return build.select(build.compare("LT", wide, build.scalar(0, i64)), build.map_with("add", wide, rank), wide)


def _number_of(node: Node, axes: Tensor, axis: int, numbers: Tensor, otherwise: int) -> Tensor:
    """The one of the numbers that is for this dimension; `otherwise` where the dimension is not named."""
    build = node.build
    is_meant = build.compare("EQ", axes, build.scalar(axis, i64))
    change = build.select(is_meant, build.map_with("subtract", numbers, otherwise), build.scalar(0, i64))
    return build.map_with("add", build.reduce("add", change, 0, [0]), otherwise)


def _wide(node: Node, index: int) -> Tensor:
    return node.build.convert(node.operand(index), i64)


def _from_end(node: Node, position: Tensor, size: int) -> Tensor:
    build = node.build
    is_negative = build.compare("LT", position, build.scalar(0, i64))
    return build.select(is_negative, build.map_with("add", position, size), position)


def pad_by(node: Node, operand: Tensor, filling: Tensor | float, mode: str) -> Tensor:
    """`Pad` by sizes that are not known."""
    build, result = node.build, node.result_shape()
    sizes = _wide(node, 1)
    count = sizes.static_size(0) // 2
    axes = _axes(node, 3, count)
    befores, afters = build.slice_axis(sizes, 0, 0, count), build.slice_axis(sizes, 0, count, 2 * count)
    number = filling if isinstance(filling, Tensor) else build.scalar(filling, operand.element)
    for axis, size in enumerate(operand.static_shape):
        if axes.known is not None and axis not in axes.known:
            continue
        many = result[axis]
        before, after = _number_of(node, axes, axis, befores, 0), _number_of(node, axes, axis, afters, 0)
        total = build.map_with("add", build.map("add", before, after), size)
        check(node, build.compare("EQ", total, build.scalar(many, i64)), f"expected size {many} along {axis}")
        place = build.map("subtract", build.iota(i64, [many], 0), before)
        inside = place_in(node, place, size, mode)
        operand = build.gather_along(operand, inside, axis)
        if mode == "constant":
            is_inside = build.compare("EQ", inside, place)
            spread = build.broadcast_in_dim(is_inside, operand.shape, [axis])
            operand = build.select(spread, operand, number)
    return operand


def filled_axis(node: Node, operand: Tensor, axis: int, before: Extent, after: Extent, mode: str) -> Tensor:
    """Fill the edges of one dimension with its own elements, where sizes are known only when the program runs."""
    build, size = node.build, operand.shape[axis]
    place = build.map_with("subtract", build.iota(i64, [before + size + after], 0), before)
    return build.gather_along(operand, place_in(node, place, size, mode), axis)


def place_in(node: Node, place: Tensor, size: Extent, mode: str) -> Tensor:
    """The position from 0 to `size` whose element stands at a place beyond the edges."""
    build = node.build
    match mode:
        case "constant" | "edge":
            return build.map_with("minimum", build.map_with("maximum", place, 0), size - 1)
        case "wrap":
            return _modulo(node, place, size)
        case "reflect":
            period = largest(1, 2 * (size - 1))
            inside = _modulo(node, place, period)
            back = build.map("subtract", build.scalar(period, i64), inside)
            return build.map("minimum", inside, back)
        case _:
            raise node.wrong(f"mode is '{mode}', expected constant, edge, reflect or wrap")


def _modulo(node: Node, place: Tensor, size: Extent) -> Tensor:
    build = node.build
    remainder = build.map_with("remainder", place, size)
    return build.select(
        build.compare("LT", remainder, build.scalar(0, i64)), build.map_with("add", remainder, size), remainder
    )


def by_axes(
    node: Node, axes: Tensor, candidates: Sequence[tuple[int, ...]], make: Callable[[tuple[int, ...]], Tensor]
) -> Tensor:
    """What `make` makes of dimensions that are not known but are one of `candidates`.

    All of them are computed, and the program takes one; it stops where its dimensions are none of them.
    """
    build = node.build
    matches = check_axes(node, axes, candidates, node.operand(0).rank)
    chosen = make(candidates[-1])
    for match, candidate in zip(matches[:-1], candidates[:-1], strict=True):
        chosen = build.select(match, make(candidate), chosen)
    return chosen


def check_axes(node: Node, axes: Tensor, candidates: Sequence[tuple[int, ...]], rank: int) -> list[Tensor]:
    """Stop the program where dimensions are none of `candidates`; returns which of these they are."""
    if not candidates:
        raise node.wrong("no dimensions give the declared shape")
    matches = [_is_set(node, axes, candidate, rank) for candidate in candidates]
    every = reduce(partial(node.build.map, "or"), matches)
    check(node, every, "expected dimensions that give the declared shape")
    return matches


def _is_set(node: Node, axes: Tensor, candidate: Sequence[int], rank: int) -> Tensor:
    """Whether the numbers are these dimensions, in any order and counted from either end."""
    build = node.build
    conditions = [build.full(1, i1, ())]
    for axis in candidate:
        named = [build.compare("EQ", axes, build.scalar(number, axes.element)) for number in (axis, axis - rank)]
        conditions.append(build.reduce("or", build.map("or", *named), 0, [0]))
    return reduce(partial(build.map, "and"), conditions)
