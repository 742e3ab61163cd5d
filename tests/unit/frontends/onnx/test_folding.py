"""Operators on constants: what they compute, where the evaluator of onnx does something else."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

import zellige
from zellige.passes.input.tensors import Array

X = np.random.default_rng(0).normal(size=(2, 3, 2, 2, 2)).astype(np.float32)

CASES = {
    "softmax over all that follows": (
        helper.make_node("Softmax", ["x"], ["y"], axis=2),
        11,
        (np.exp(X) / np.exp(X).sum((2, 3, 4), keepdims=True)),
    ),
    "a sum of absolute values": (
        helper.make_node("LpNormalization", ["x"], ["y"], axis=1, p=1),
        11,
        X / np.abs(X).sum(1, keepdims=True),
    ),
    "three dimensions in space": (helper.make_node("GlobalMaxPool", ["x"], ["y"]), 17, X.max((2, 3, 4), keepdims=True)),
    "new dimensions in any order": (helper.make_node("Unsqueeze", ["x"], ["y"], axes=[2, 1]), 11, X[:, None, None]),
}
"""Nodes on a constant `x`, with the version of the operators, and the result."""


@pytest.mark.parametrize("name", CASES)
def test_a_node_on_constants_is_what_it_is_defined_as(name: str) -> None:
    node, opset, expected = CASES[name]
    np.testing.assert_allclose(_result([node], {"x": X}, expected, opset), expected, rtol=1e-5)


def test_a_recurrent_layer_on_constants_is_cut_off() -> None:
    """With weights of 1, no bias and no state, the candidate is the input, cut off at 0.5, and its gate half open."""
    operands = {"x": np.full((1, 1, 1), 9, np.float32), "w": np.ones((1, 4, 1), np.float32)}
    operands["r"] = np.zeros((1, 4, 1), np.float32)
    node = helper.make_node("LSTM", [*operands], ["", "", "y"], hidden_size=1, clip=0.5)
    expected = np.tanh(0.5) / (1 + np.exp(-0.5))
    np.testing.assert_allclose(_result([node], operands, np.full((1, 1, 1), expected), 17), expected, rtol=1e-5)


def _result(nodes: list[onnx.NodeProto], constants: dict[str, Array], expected: Array, opset: int) -> Array:
    """What the model computes for `y`, which has the shape of what is expected."""
    graph = helper.make_graph(
        nodes,
        "g",
        [],
        [helper.make_tensor_value_info("y", 1, expected.shape)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    return zellige.load(zellige.compile(model.SerializeToString()), threads=1)["main"]()
