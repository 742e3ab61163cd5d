"""Random reductions, and what looks at whole rows: softmax, running sums, sorting."""

from __future__ import annotations

import numpy as np

from tests.fuzz.onnx_growing import FLOATS, NUMBERS, Growing

_SUMS = ("ReduceSum", "ReduceMean", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare")
_KINDS = (*_SUMS, "ReduceMax", "ReduceMin", "ReduceProd")


def reduction(g: Growing) -> None:
    x = g.some(NUMBERS)
    kind = g.choice.choice(_KINDS)
    if g.values[x].size == 0 and kind not in {"ReduceSum", "ReduceProd", "ReduceL1", "ReduceSumSquare"}:
        return  # what comes out of nothing is not said
    if g.values[x].dtype.kind != "f" and "Log" in kind:
        return  # nor how a logarithm is an integer
    axes = g.maybe(g.axes(g.values[x].ndim), 0.8)
    keep = g.maybe(g.flag())
    first_with_operand = 13 if kind == "ReduceSum" else 18
    if g.opset < first_with_operand:
        g.add(kind, [x], axes=axes, keepdims=keep)
    else:
        operand = None if axes is None else g.constant(np.array(axes, np.int64))
        g.add(kind, [x, operand], keepdims=keep, noop_with_empty_axes=g.maybe(g.flag(), 0.3))


def position(g: Growing) -> None:
    """Of the greatest and the least."""
    x = g.some(NUMBERS, least=1)
    last = g.maybe(g.flag(), 0.4) if g.opset >= 12 else None
    kind = g.choice.choice(("ArgMax", "ArgMin"))
    g.add(kind, [x], axis=g.axis(g.values[x].ndim), keepdims=g.maybe(g.flag()), select_last_index=last)


def softmax(g: Growing) -> None:
    x = g.some(FLOATS, least=1)
    kind = g.choice.choice(("Softmax", "Softmax", "LogSoftmax", "Hardmax"))
    g.add(kind, [x], axis=g.maybe(g.axis(g.values[x].ndim), 0.8))


def running(g: Growing) -> None:
    x = g.some((*FLOATS, "int32", "int64"), least=1)
    kind = "CumProd" if g.opset >= 26 and g.flag() else "CumSum"
    axis = g.scalar(g.axis(g.values[x].ndim), g.choice.choice(("int32", "int64")))
    g.add(kind, [x, axis], exclusive=g.maybe(g.flag()), reverse=g.maybe(g.flag()))


def top(g: Growing) -> None:
    x = g.some(NUMBERS, least=1)
    array = g.values[x]
    axis = g.axis(array.ndim)
    count = g.choice.randint(0 if g.choice.random() < 0.1 else min(1, array.shape[axis]), array.shape[axis])
    if np.unique(array).size != array.size:
        return  # which of equal ones comes first is not said
    if g.opset < 10:
        g.add("TopK", [x], 2, axis=axis, k=count)
    else:
        largest = g.maybe(g.flag()) if g.opset >= 11 else None
        g.add("TopK", [x, g.ints([count])], 2, axis=g.maybe(axis, 0.8), largest=largest)


def norm(g: Growing) -> None:
    x = g.some(FLOATS, least=1)
    if g.flag():
        g.add("LpNormalization", [x], axis=g.axis(g.values[x].ndim), p=g.choice.choice((1, 2)))
    else:
        g.add(
            "MeanVarianceNormalization",
            [x],
            axes=g.maybe(sorted(a % g.values[x].ndim for a in g.axes(g.values[x].ndim, 1))),
        )


FAMILY = {reduction: 10, position: 3, softmax: 4, running: 3, top: 3, norm: 1}
