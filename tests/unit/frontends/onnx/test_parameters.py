"""Initialisers have their names outside the module, also where the name is none in MLIR."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

import zellige


def _model(weights: dict[str, npt.NDArray[Any]]) -> bytes:
    nodes = [
        helper.make_node("Transpose", ["onnx::MatMul_7"], ["/t"], perm=[1, 0]),
        helper.make_node("MatMul", ["x", "/t"], ["p"]),
        helper.make_node("Add", ["p", "layer.bias"], ["s"]),
        helper.make_node("Mul", ["s", "slope"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "layer",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [2, 4])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [2, 3])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    return model.SerializeToString()


def _weights(seed: int) -> dict[str, npt.NDArray[Any]]:
    random = np.random.default_rng(seed)
    return {
        "onnx::MatMul_7": random.standard_normal((3, 4)).astype(np.float32),
        "layer.bias": (seed * np.ones(3)).astype(np.float32),
        "slope": np.array(2, np.float32),
    }


def test_a_model_runs_with_the_weights_of_another():
    first = zellige.compile(_model(_weights(0)), parameters="external")
    second = zellige.compile(_model(_weights(1)), parameters="external")
    assert set(first.parameters) == {"/t", "layer.bias"}
    assert first.module == second.module
    x = np.random.default_rng(2).standard_normal((2, 4)).astype(np.float32)
    weights = _weights(1)
    with zellige.load(zellige.Artifact(first.module, second.parameters)) as program:
        expected = (x @ weights["onnx::MatMul_7"].T + weights["layer.bias"]) * 2
        np.testing.assert_allclose(program["main"](x=x), expected, rtol=1e-5)
