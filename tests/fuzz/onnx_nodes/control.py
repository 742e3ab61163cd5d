"""Random nodes with graphs in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import helper

from tests.fuzz.onnx_growing import NUMBERS, Growing
from tests.fuzz.onnx_nodes import elementwise
from tests.fuzz.onnx_oracle import declared

_STEPS = (elementwise.arithmetic, elementwise.function, elementwise.variadic, elementwise.selection)


def _inner(g: Growing) -> Growing:
    """A graph in the graph, which sees some of its values."""
    names = g.choice.sample(list(g.values), min(3, len(g.values)))
    inner = Growing(g.choice, g.numbers, g.opset, g.types, f"{g.prefix}b{len(g.values)}_{g.choice.randrange(1000)}_")
    inner.values.update({name: g.values[name] for name in names})
    return inner


def _body(inner: Growing, name: str, inputs: Sequence[str], outputs: Sequence[str]) -> onnx.GraphProto:
    return helper.make_graph(
        inner.nodes,
        name,
        [declared(value, inner.values[value]) for value in inputs],
        [declared(value, inner.values[value]) for value in outputs],
        [onnx.numpy_helper.from_array(array, value) for value, array in inner.constants.items()],
    )


def _like(inner: Growing, start: str) -> str:
    """A value of the body that has the type of this one and depends on some of what is there."""
    type_, shape = inner.values[start].dtype.name, inner.values[start].shape
    for _ in range(inner.choice.randint(1, 3)):
        inner.choice.choice(_STEPS)(inner)
    fitting = [
        name
        for name, array in inner.values.items()
        if array.dtype.name == type_ and array.shape == shape and any(name in node.output for node in inner.nodes)
    ]
    if fitting:
        return inner.choice.choice(fitting)
    made = inner.add(inner.choice.choice(("Add", "Sub", "Mul")), [start, inner.constant(inner.array(type_, shape))])
    made = made or inner.add("Identity", [start])
    return made[0] if made else start


def branch(g: Growing) -> None:
    start = g.some(NUMBERS)
    bodies: list[onnx.GraphProto] = []
    for name in ("then_branch", "else_branch"):
        inner = _inner(g)
        inner.values[start] = g.values[start]
        bodies.append(_body(inner, name, [], [_like(inner, start)]))
    condition = g.input(np.array(g.flag(), bool)) if g.choice.random() < 0.8 else g.scalar(g.flag(), "bool")
    g.add("If", [condition], then_branch=bodies[0], else_branch=bodies[1])


def loop(g: Growing) -> None:
    if g.opset < 11:
        return
    start = g.some(("float32", "int32", "int64", "float64"))
    inner = _inner(g)
    prefix = inner.prefix
    counter, go_on, carried = f"{prefix}i", f"{prefix}go", f"{prefix}carried"
    inner.values |= {counter: np.array(0, np.int64), go_on: np.array(True), carried: g.values[start]}
    new = _like(inner, carried)
    trips = g.choice.randint(0, 4)
    count = g.choice.choice(("known", "input", "none"))
    stays = inner.add("Identity", [go_on])
    if count == "none" or g.choice.random() < 0.3:
        stays = inner.add("Less", [counter, inner.scalar(trips - 1)])
    assert stays is not None
    outputs = [stays[0], new]
    if g.flag():
        outputs.append(carried if g.flag() else new)
    if outputs.count(new) > 1:
        outputs[-1] = (inner.add("Identity", [new]) or [new])[0]
    body = _body(inner, "body", [counter, go_on, carried], outputs)
    trip = None if count == "none" else g.scalar(trips) if count == "known" else g.input(np.array(trips, np.int64))
    condition = g.maybe(g.scalar(1, "bool") if g.flag() else g.input(np.array(trips > 0)))
    g.add("Loop", [trip, condition, start], len(outputs) - 1, body=body)


def scan(g: Growing) -> None:
    if g.opset < 9:
        return
    type_ = g.choice.choice(("float32", "int32", "float64"))
    x = g.some((type_,), least=1)
    array = g.values[x]
    axis = g.axis(array.ndim) if g.opset >= 11 else g.choice.randrange(array.ndim)
    state = g.leaf(type_, g.shape(rank=g.choice.choice((0, 1, 2))))
    inner = _inner(g)
    row, carried = f"{inner.prefix}row", f"{inner.prefix}carried"
    inner.values |= {carried: g.values[state], row: g.array(type_, np.delete(array.shape, axis).tolist())}
    new, made = _like(inner, carried), _like(inner, row)
    if made == new:
        made = (inner.add("Identity", [new]) or [new])[0]
    body = _body(inner, "body", [carried, row], [new, made])
    out_axis = g.choice.randrange(inner.values[made].ndim + 1)
    g.add(
        "Scan",
        [state, x],
        2,
        body=body,
        num_scan_inputs=1,
        scan_input_axes=[axis],
        scan_input_directions=g.maybe([g.flag()]),
        scan_output_axes=g.maybe([out_axis]),
        scan_output_directions=g.maybe([g.flag()]),
    )


FAMILY = {branch: 3, loop: 3, scan: 2}
