"""The workloads as ONNX models, for the peers. The only importer of `onnx`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.catalogue import Array, Workload

OPSET = 20
IR_VERSION = 9


class Graph:
    """Nodes and constants of a model in the making; every value is known by its name."""

    def __init__(self, constants: Mapping[str, Array]) -> None:
        self._helper: Any = import_module("onnx.helper")
        self.nodes: list[Any] = []
        self.constants = dict(constants)

    def add(self, op_type: str, *operands: str, **attributes: Any) -> str:
        """The name of the result of a new node."""
        result = f"value{len(self.nodes)}"
        self.nodes.append(self._helper.make_node(op_type, operands, [result], **attributes))
        return result

    def constant(self, name: str, value: Array) -> str:
        self.constants[name] = value
        return name


def model_bytes(workload: Workload) -> bytes:
    """The workload's model: its arguments and weights by their names, one result. It takes what the program takes, but
    an integer argument is unsigned here.
    """
    helper: Any = import_module("onnx.helper")
    numpy_helper: Any = import_module("onnx.numpy_helper")
    graph = Graph(workload.weights)
    last = _builder(workload.name)(graph)
    is_float = workload.ceiling != "dot"
    inputs = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for name, array in model_inputs(workload).items()
    ]
    result_type = helper.np_dtype_to_tensor_dtype(np.dtype(np.float32 if is_float else np.int32))
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            workload.name,
            inputs,
            [helper.make_tensor_value_info(last, result_type, workload.expected.shape)],
            [numpy_helper.from_array(array, name) for name, array in graph.constants.items()],
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    model.ir_version = IR_VERSION
    return model.SerializeToString()


def model_inputs(workload: Workload) -> dict[str, Array]:
    """The arguments as the model wants them: MLIR's integers have no sign, ONNX's do."""
    return {name: array.view(np.uint8) if array.dtype == np.int8 else array for name, array in workload.inputs.items()}


def _builder(name: str) -> Callable[[Graph], str]:
    match name.split("_"):
        case ["matmul", "i8", *_]:
            return lambda graph: graph.add("MatMulInteger", "a", "b")
        case ["matmul" | "gemv" | "ffn", *_]:
            return lambda graph: graph.add("MatMul", "a", "b")
        case ["gelu", approximation, *_]:
            return lambda graph: _gelu(graph, "tanh" if approximation == "tanh" else "none")
        case ["softmax", *_]:
            return lambda graph: graph.add("Softmax", "x", axis=-1)
        case ["layernorm", *_]:
            return lambda graph: graph.add("LayerNormalization", "x", "gain", "bias", axis=-1, epsilon=1e-5)
        case ["conv", *_]:
            return lambda graph: _conv(graph, groups=1)
        case ["dwconv", *_]:
            return _depthwise
        case ["mlp"]:
            return _mlp
        case _:
            raise KeyError(name)


def _gelu(graph: Graph, approximation: str) -> str:
    scaled = graph.add("Mul", "x", graph.constant("scale", np.array(1.25, np.float32)))
    shifted = graph.add("Add", scaled, graph.constant("shift", np.array(0.125, np.float32)))
    return graph.add("Gelu", shifted, approximate=approximation)


def _conv(graph: Graph, groups: int) -> str:
    return graph.add("Conv", "x", "w", "bias", kernel_shape=[3, 3], pads=[1, 1, 1, 1], group=groups)


def _depthwise(graph: Graph) -> str:
    filters = graph.constants["w"][:, None]
    graph.constant("w", filters)
    return _conv(graph, groups=filters.shape[0])


def _mlp(graph: Graph) -> str:
    first = graph.add("Relu", graph.add("Gemm", "x", "w0", "b0"))
    second = graph.add("Relu", graph.add("Gemm", first, "w1", "b1"))
    return graph.add("Gemm", second, "w2", "b2")
