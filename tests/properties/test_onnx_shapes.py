"""Slices, paddings and products of ONNX with any numbers give what numpy gives."""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

import zellige

Array = npt.NDArray[Any]
FEW = settings(max_examples=4)
"""Each example is a program of several nodes."""


def run(nodes: list[onnx.NodeProto], inputs: dict[str, Array], constants: dict[str, Array]) -> dict[str, Array]:
    """All results of the nodes, by name."""
    names = [name for node in nodes for name in node.output]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape) for name, x in inputs.items()]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names]
    initialisers = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "g", values, outputs, initialisers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)])
    results: Any = zellige.load(zellige.compile(model.SerializeToString()))["main"](**inputs)
    return dict(zip(names, results if len(names) > 1 else [results], strict=True))


def ramp(*shape: int) -> Array:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


BOUNDS = st.integers(-9, 9)
STEPS = st.integers(-3, 3).filter(bool)


@FEW
@given(st.lists(st.tuples(st.integers(-2, 1), BOUNDS, BOUNDS, STEPS), min_size=8, max_size=8))
def test_slices(slices: list[tuple[int, int, int, int]]) -> None:
    x = ramp(5, 7)
    constants: dict[str, Array] = {}
    nodes: list[onnx.NodeProto] = []
    for number, (axis, start, end, step) in enumerate(slices):
        names = [f"{word}{number}" for word in ("start", "end", "axis", "step")]
        constants |= {name: np.array([n], np.int64) for name, n in zip(names, (start, end, axis, step), strict=True)}
        nodes.append(helper.make_node("Slice", ["x", *names], [f"y{number}"]))
    found = run(nodes, {"x": x}, constants)
    for number, (axis, start, end, step) in enumerate(slices):
        cut = slice(start, end, step)
        np.testing.assert_array_equal(found[f"y{number}"], x[cut] if axis % 2 == 0 else x[:, cut])


@FEW
@given(
    st.lists(st.tuples(st.sampled_from(["edge", "reflect", "wrap"]), *[st.integers(0, 6)] * 4), min_size=5, max_size=5)
)
def test_paddings(paddings: list[tuple[Any, int, int, int, int]]) -> None:
    x = ramp(3, 4)
    constants = {f"p{number}": np.array(pads, np.int64) for number, (_, *pads) in enumerate(paddings)}
    nodes = [
        helper.make_node("Pad", ["x", f"p{number}"], [f"y{number}"], mode=mode)
        for number, (mode, *_) in enumerate(paddings)
    ]
    found = run(nodes, {"x": x}, constants)
    for number, (mode, top, left, bottom, right) in enumerate(paddings):
        expected: Array = np.pad(x, ((top, bottom), (left, right)), mode=mode)
        np.testing.assert_array_equal(found[f"y{number}"], expected)


SIDES = st.sampled_from(
    [((3,), (3, 4)), ((2, 3), (3,)), ((2, 1, 2, 3), (5, 3, 2)), ((2, 3), (4, 3, 5)), ((2, 2, 3), (3, 4))]
)


@FEW
@given(st.lists(SIDES, min_size=3, max_size=3))
def test_products(shapes: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> None:
    inputs = {
        f"{side}{n}": ramp(*shape) for n, pair in enumerate(shapes) for side, shape in zip("ab", pair, strict=True)
    }
    nodes = [helper.make_node("MatMul", [f"a{n}", f"b{n}"], [f"y{n}"]) for n in range(len(shapes))]
    found = run(nodes, inputs, {})
    for n in range(len(shapes)):
        np.testing.assert_allclose(found[f"y{n}"], inputs[f"a{n}"] @ inputs[f"b{n}"], rtol=1e-5)
