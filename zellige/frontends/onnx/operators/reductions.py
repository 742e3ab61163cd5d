"""Operators that combine elements along dimensions: sums, extremes, their positions, cumulative sums, softmax."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from math import prod

import numpy as np
from xdsl.dialects.builtin import i64

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.runtime_shapes import by_axes
from zellige.maths.sizes import Size
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.stablehlo_windows import Window
from zellige.passes.input.tensors import Tensor, is_float, is_unsigned, limits_of

Reduction = Callable[[GraphBuilder, Tensor, Sequence[int]], Tensor]
"""Combines elements along dimensions, which stay with size 1."""


def lowest(operand: Tensor) -> float:
    """The least number of the element type."""
    if operand.dtype == np.bool_:
        return False
    return -np.inf if is_float(operand.element) else limits_of(operand.element)[0]


def highest(operand: Tensor) -> float:
    """The greatest number of the element type."""
    if operand.dtype == np.bool_:
        return True
    return np.inf if is_float(operand.element) else limits_of(operand.element)[1]


def total(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    return build.reduce("add", operand, 0, axes, keep=True)


def mean(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    count = prod(operand.shape[axis] for axis in axes)
    return build.map_with("divide", total(build, operand, axes), count)


def largest(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    return build.reduce("or" if operand.dtype == np.bool_ else "maximum", operand, lowest(operand), axes, keep=True)


def _smallest(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    return build.reduce("and" if operand.dtype == np.bool_ else "minimum", operand, highest(operand), axes, keep=True)


def _product(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    return build.reduce("multiply", operand, 1, axes, keep=True)


def _norm_1(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    return total(build, operand if is_unsigned(operand.element) else build.map("abs", operand), axes)


def _sum_of_squares(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    return total(build, build.map("multiply", operand, operand), axes)


def _as_float(build: GraphBuilder, operand: Tensor, compute: Callable[[Tensor], Tensor]) -> Tensor:
    """Integers are computed with as f64 and rounded toward zero."""
    if is_float(operand.element):
        return compute(operand)
    return build.convert(compute(build.convert(operand, F64)), operand.element)


F64 = Tensor.of(np.zeros((), np.float64)).element


def _norm_2(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    return _as_float(build, operand, lambda x: build.map("sqrt", _sum_of_squares(build, x, axes)))


def _log_sum(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    return _as_float(build, operand, lambda x: build.map("log", total(build, x, axes)))


def _log_sum_exp(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    """The largest element is taken out first, so that nothing overflows."""

    def compute(x: Tensor) -> Tensor:
        peak = largest(build, x, axes)
        is_finite = build.compare("LT", build.map("abs", peak), build.scalar(np.inf, x.element))
        shift = build.select(is_finite, peak, build.scalar(0, x.element))
        powers = build.map("exponential", build.map("subtract", x, shift))
        return build.map("add", build.map("log", total(build, powers, axes)), shift)

    return _as_float(build, operand, compute)


def _reduce(reduction: Reduction, node: Node) -> Tensor:
    """Dimensions are an attribute, and from version 13 or 18 on an operand; without any all are meant."""
    operand, keep = node.operand(0), node.flag("keepdims", default=True)
    axes = node.optional(1)

    def make(along: tuple[int, ...]) -> Tensor:
        kept = reduction(node.build, operand, along)
        return kept if keep else node.build.reshape(kept, [s for i, s in enumerate(operand.shape) if i not in along])

    if not node.has("axes") and axes is not None and axes.known is None and axes.size:
        wanted, count = node.result_shape(), axes.static_size(0)
        return by_axes(node, axes, _candidates(node, operand.static_shape, wanted, count, keep=keep), make)
    named = node.ints("axes") if node.has("axes") else _known_axes(node, axes)
    if not named:
        if node.flag("noop_with_empty_axes", default=False):
            return make(())
        named = range(operand.rank)
    return make(node.dimensions(named, operand.rank))


def _known_axes(node: Node, axes: Tensor | None) -> tuple[int, ...]:
    return () if axes is None or not axes.size else node.known_ints(1) or ()


def _candidates(
    node: Node, shape: Sequence[int], wanted: Sequence[int], count: int, *, keep: bool
) -> list[tuple[int, ...]]:
    """The choices of `count` dimensions that turn one shape into the other."""
    found: list[tuple[int, ...]] = []
    for axes in combinations(range(len(shape)), count):
        sizes = [1 if axis in axes else size for axis, size in enumerate(shape) if keep or axis not in axes]
        if sizes == list(wanted):
            found.append(axes)
    if not found:
        raise node.wrong(f"no {count} dimensions of {tuple(shape)} give the declared shape {tuple(wanted)}")
    return found


def _position(name: str, node: Node) -> Tensor:
    """Where the extreme is: the first or last of the positions at which it stands, NaN before all numbers."""
    build, operand = node.build, node.operand(0)
    axis = node.axis("axis", operand.rank, 0)
    is_last = node.flag("select_last_index", default=False)
    best = (largest if name == "maximum" else _smallest)(build, operand, [axis])
    is_best = build.compare("EQ", operand, best)
    if is_float(operand.element):
        is_best = build.map("or", is_best, build.compare("NE", operand, operand))
    places = build.iota(i64, operand.shape, axis)
    nowhere = build.scalar(-1 if is_last else operand.shape[axis], i64)
    candidates = build.select(is_best, places, nowhere)
    reduction = largest if is_last else _smallest
    found = reduction(build, candidates, [axis])
    keep = node.flag("keepdims", default=True)
    return found if keep else build.reshape(found, operand.shape[:axis] + operand.shape[axis + 1 :])


def _cumulate(name: str, start: int, node: Node) -> Tensor:
    """Each element with those before it: a window that reaches back to the first."""
    axes = node.operand(1)
    rank = node.operand(0).rank
    if axes.known is not None:
        return _cumulated(name, start, node, node.dimension(int(axes.known.reshape(-1)[0]), rank))
    candidates = [(axis,) for axis in range(rank)]
    one = node.build.reshape(axes, [1])
    return by_axes(node, one, candidates, lambda along: _cumulated(name, start, node, along[0]))


def _cumulated(name: str, start: int, node: Node, axis: int) -> Tensor:
    build, operand = node.build, node.operand(0)
    rank = operand.rank
    size, is_reverse = operand.shape[axis], node.flag("reverse", default=False)
    if size == 0:
        return operand
    if node.flag("exclusive", default=False):
        operand = _shifted(build, operand, axis, start, is_reverse=is_reverse)
    if isinstance(size, Size):
        return build.scan(name, operand, start, axis, is_reverse=is_reverse)
    low, high = [0] * rank, [0] * rank
    (high if is_reverse else low)[axis] = size - 1
    window = [size if i == axis else 1 for i in range(rank)]
    ones = [1] * rank
    return build.reduce_window(name, operand, start, window, Window.of(ones, ones, low, high))


def _shifted(build: GraphBuilder, operand: Tensor, axis: int, start: int, *, is_reverse: bool) -> Tensor:
    """One place later, or earlier, with a start at the edge."""
    low, high = [0] * operand.rank, [0] * operand.rank
    low[axis], high[axis] = (-1, 1) if is_reverse else (1, -1)
    return build.pad(operand, start, low, high)


def softmax(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    shifted = build.map("subtract", operand, largest(build, operand, axes))
    powers = build.map("exponential", shifted)
    return build.map("divide", powers, total(build, powers, axes))


def log_softmax(build: GraphBuilder, operand: Tensor, axes: Sequence[int]) -> Tensor:
    shifted = build.map("subtract", operand, largest(build, operand, axes))
    sums = total(build, build.map("exponential", shifted), axes)
    return build.map("subtract", shifted, build.map("log", sums))


def _softmax(compute: Reduction, node: Node) -> Tensor:
    """Before version 13 all dimensions from `axis` on are one."""
    operand = node.operand(0)
    if node.version >= 13:
        return compute(node.build, operand, [node.axis("axis", operand.rank, -1)])
    return compute(node.build, operand, range(node.axis("axis", operand.rank, 1), operand.rank))


def _hardmax(node: Node) -> Tensor:
    """1 at the first place of the largest element, 0 elsewhere."""
    build, operand = node.build, node.operand(0)
    first = node.axis("axis", operand.rank, -1 if node.version >= 13 else 1)
    flat = operand
    if node.version < 13:
        flat = build.reshape(operand, [*operand.shape[:first], prod(operand.shape[first:])])
    places = build.iota(i64, flat.shape, first)
    is_best = build.compare("EQ", flat, largest(build, flat, [first]))
    candidates = build.select(is_best, places, build.scalar(flat.shape[first], i64))
    best = _smallest(build, candidates, [first])
    return build.reshape(build.convert(build.compare("EQ", places, best), operand.element), operand.shape)


_REDUCTIONS: dict[str, Reduction] = {
    "ReduceL1": _norm_1,
    "ReduceL2": _norm_2,
    "ReduceLogSum": _log_sum,
    "ReduceLogSumExp": _log_sum_exp,
    "ReduceMax": largest,
    "ReduceMean": mean,
    "ReduceMin": _smallest,
    "ReduceProd": _product,
    "ReduceSum": total,
    "ReduceSumSquare": _sum_of_squares,
}

REDUCTIONS: OperatorTable = {
    **{("", op): partial(_reduce, reduction) for op, reduction in _REDUCTIONS.items()},
    **{
        ("", op): operator
        for op, operator in dict[str, Operator](
            ArgMax=partial(_position, "maximum"),
            ArgMin=partial(_position, "minimum"),
            CumProd=partial(_cumulate, "multiply", 1),
            CumSum=partial(_cumulate, "add", 0),
            Hardmax=_hardmax,
            LogSoftmax=partial(_softmax, log_softmax),
            Softmax=partial(_softmax, softmax),
        ).items()
    },
}
