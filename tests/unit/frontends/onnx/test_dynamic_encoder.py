"""An encoder as PyTorch exports it, with open batch and length: one program for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import zellige
from tests.onnx_reference import reference_results
from zellige.passes.input.tensors import Array

WIDTH, HEADS, LAYERS, WORDS, PLACES = 16, 2, 2, 50, 130


@dataclass
class Graph:
    """Nodes and weights; a method makes a node and returns the name of its result."""

    nodes: list[onnx.NodeProto] = field(default_factory=list[onnx.NodeProto])
    weights: list[TensorProto] = field(default_factory=list[TensorProto])
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def constant(self, numbers: Any, dtype: Any = np.int64) -> str:
        name = f"constant_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(numbers, dtype), name))
        return name

    def number(self, value: float) -> str:
        return self.constant(value, np.float32)

    def weight(self, *shape: int) -> str:
        return self.constant(self.random.normal(size=shape) * 0.3, np.float32)

    def node(self, op: str, *operands: str, **attributes: Any) -> str:
        name = f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(operands), [name], **attributes))
        return name

    def linear(self, x: str, inputs: int, outputs: int) -> str:
        return self.node("Add", self.node("MatMul", x, self.weight(inputs, outputs)), self.weight(outputs))

    def normalized(self, x: str) -> str:
        centred = self.node("Sub", x, self.node("ReduceMean", x, axes=[-1]))
        variance = self.node("ReduceMean", self.node("Pow", centred, self.number(2)), axes=[-1])
        root = self.node("Sqrt", self.node("Add", variance, self.number(1e-5)))
        scaled = self.node("Mul", self.node("Div", centred, root), self.weight(WIDTH))
        return self.node("Add", scaled, self.weight(WIDTH))

    def gelu(self, x: str) -> str:
        bent = self.node("Erf", self.node("Div", x, self.number(np.sqrt(2))))
        return self.node("Mul", self.node("Mul", x, self.node("Add", bent, self.number(1))), self.number(0.5))

    def heads(self, x: str, order: list[int]) -> str:
        split = self.node("Reshape", self.linear(x, WIDTH, WIDTH), self.constant([0, -1, HEADS, WIDTH // HEADS]))
        return self.node("Transpose", split, perm=order)

    def attention(self, x: str, mask: str) -> str:
        query, key, value = (self.heads(x, order) for order in ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]))
        scores = self.node("Div", self.node("MatMul", query, key), self.number(np.sqrt(WIDTH // HEADS)))
        shares = self.node("Softmax", self.node("Add", scores, mask), axis=-1)
        rows = self.node("Transpose", self.node("MatMul", shares, value), perm=[0, 2, 1, 3])
        return self.linear(self.node("Reshape", rows, self.constant([0, -1, WIDTH])), WIDTH, WIDTH)

    def mask(self, batch: str, length: str) -> str:
        """0 where there is a word to look at, and a low number elsewhere."""
        shape = self.node("Concat", batch, self.constant([1]), length, length, axis=0)
        seen = self.node("Expand", self.node("Unsqueeze", "attention_mask", self.constant([1, 2])), shape)
        hidden = self.node("Sub", self.number(1), self.node("Cast", seen, to=TensorProto.FLOAT))
        is_hidden = self.node("Cast", hidden, to=TensorProto.BOOL)
        return self.node("Where", is_hidden, self.number(-3.4e38), self.number(0))


def encoder() -> onnx.ModelProto:
    graph = Graph()
    shape = graph.node("Shape", "input_ids")
    length = graph.node("Gather", shape, graph.constant(1))
    batch = graph.node("Gather", shape, graph.constant(0))
    first = graph.constant([0])
    places = graph.node("Unsqueeze", graph.node("Range", graph.constant(0), length, graph.constant(1)), first)
    words = graph.node("Gather", graph.weight(WORDS, WIDTH), "input_ids")
    x = graph.normalized(graph.node("Add", words, graph.node("Gather", graph.weight(PLACES, WIDTH), places)))
    mask = graph.mask(graph.node("Unsqueeze", batch, first), graph.node("Unsqueeze", length, first))
    for _ in range(LAYERS):
        x = graph.normalized(graph.node("Add", x, graph.attention(x, mask)))
        wide = graph.gelu(graph.linear(x, WIDTH, 4 * WIDTH))
        x = graph.normalized(graph.node("Add", x, graph.linear(wide, 4 * WIDTH, WIDTH)))
    pooled = graph.node("Tanh", graph.node("Gather", x, graph.constant(0), axis=1))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [
        helper.make_tensor_value_info(x, TensorProto.FLOAT, ["batch", "sequence", WIDTH]),
        helper.make_tensor_value_info(pooled, TensorProto.FLOAT, ["batch", WIDTH]),
    ]
    made = helper.make_graph(graph.nodes, "encoder", inputs, outputs, graph.weights)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def sentences(batch: int, length: int) -> dict[str, Array]:
    """Words, and a mask with which each row is shorter than the one before."""
    random = np.random.default_rng(length)
    mask = np.ones((batch, length), np.int64)
    for row in range(batch):
        mask[row, max(1, length - row * (length // 8)) :] = 0
    return {"input_ids": random.integers(0, WORDS, (batch, length)), "attention_mask": mask}


def test_one_program_encodes_every_batch_and_length() -> None:
    model = encoder()
    with zellige.load(zellige.compile(model.SerializeToString()), cache=False) as program:
        for batch, length in ((1, 1), (3, 17), (8, 128), (1, 128), (8, 1), (3, 1), (1, 17)):
            feeds = sentences(batch, length)
            expected = reference_results(model, feeds)
            for one, other in zip(expected, program["main"](**feeds), strict=True):
                np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-5, err_msg=f"{batch} x {length}")
