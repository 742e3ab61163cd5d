"""Operators of onnxruntime on quantised numbers (QLinear…) that mean an operator of the standard on what these are for.

Before:  y = QLinearAveragePool(x, scale of x, zero point of x, scale of y, zero point of y)
After:   y = QuantizeLinear(AveragePool(DequantizeLinear(x, …)), …)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import onnx
from xdsl.dialects.builtin import f32, i32

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.operators.activations import activation_of
from zellige.frontends.onnx.operators.poolings import POOLINGS
from zellige.frontends.onnx.operators.quantized import centred, for_rows, one_or_all, scaled_sums, to_integers
from zellige.frontends.onnx.operators.reductions import REDUCTIONS
from zellige.frontends.onnx.schemas import schema_of
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor


def _dequantized(build: GraphBuilder, operand: Tensor, scale: Tensor, zero: Tensor | None) -> Tensor:
    numbers = build.convert(operand, f32)
    if zero is not None:
        numbers = build.map("subtract", numbers, build.convert(one_or_all(build, zero), f32))
    return build.map("multiply", numbers, one_or_all(build, scale))


def _quantized(node: Node, numbers: Tensor, scale: int, zero: int) -> Tensor:
    """With the scale and the zero point that the operands of these numbers are."""
    build, offset = node.build, node.optional(zero)
    quotient = build.map("divide", numbers, one_or_all(build, node.operand(scale)))
    element = node.operand(0).element if offset is None else offset.element
    return to_integers(build, quotient, None if offset is None else one_or_all(build, offset), element)


def _two_quantized(name: str, node: Node) -> Tensor:
    """An elementwise op of the numbers that are meant."""
    left, right = (
        _dequantized(node.build, node.operand(at), node.operand(at + 1), node.optional(at + 2)) for at in (0, 3)
    )
    return _quantized(node, node.build.map(name, left, right), 6, 7)


def _one_quantized(compute: Callable[[Node, Tensor], Tensor], node: Node) -> Tensor:
    numbers = _dequantized(node.build, node.operand(0), node.operand(1), node.optional(2))
    return _quantized(node, compute(node, numbers), 3, 4)


def _sigmoid(node: Node, numbers: Tensor) -> Tensor:
    return node.build.map("logistic", numbers)


def _leaky_relu(node: Node, numbers: Tensor) -> Tensor:
    return activation_of(node, "LeakyRelu", [node.number("alpha", 0.01)])(node.build, numbers)


def _by_standard(op_type: str, operator: Operator, node: Node, numbers: Tensor) -> Tensor:
    """The operator of the standard with the node's attributes; 'opset' says of which version."""
    opset = node.integer("opset", onnx.defs.onnx_opset_version())
    made = operator(replace(node, schema=schema_of("", op_type, opset), all_values=(numbers,)))
    assert isinstance(made, Tensor), f"{op_type} has one result"
    return made


def _pooled(op_type: str, node: Node, numbers: Tensor) -> Tensor:
    """Channels may be the last dimension."""
    operator, rank = POOLINGS["", op_type], numbers.rank
    if not node.flag("channels_last", default=False):
        return _by_standard(op_type, operator, node, numbers)
    made = _by_standard(op_type, operator, node, node.build.transpose(numbers, [0, rank - 1, *range(1, rank - 1)]))
    return node.build.transpose(made, [0, *range(2, rank), 1])


def _concat(node: Node) -> Tensor:
    """The scale and the zero point of the result come first, then each part with its own."""
    build, parts = node.build, range(2, len(node.all_values), 3)
    numbers = [
        _dequantized(build, node.operand(part), node.operand(part + 1), node.optional(part + 2)) for part in parts
    ]
    return _quantized(node, build.concatenate(numbers, node.axis("axis", numbers[0].rank)), 0, 1)


def _gemm(node: Node) -> Tensor:
    """Sums in i32, with a bias in their unit; f32 where no scale of the result is given."""
    build, bias = node.build, node.optional(6)
    is_turned = [node.flag(name, default=False) for name in ("transA", "transB")]
    left = _centred(build, node.operand(0), node.optional(2), of_rows=False)
    right = _centred(build, node.operand(3), node.optional(5), of_rows=is_turned[1])
    sums = build.dot_general(left, right, ([], []), ([1 - is_turned[0]], [int(is_turned[1])]), i32)
    if bias is not None:
        sums = build.map("add", sums, bias)
    unit = build.map_with("multiply", one_or_all(build, node.operand(1)), node.number("alpha", 1.0))
    made = scaled_sums(build, sums, unit, one_or_all(build, node.operand(4)))
    return made if node.optional(7) is None else _quantized(node, made, 7, 8)


def _centred(build: GraphBuilder, operand: Tensor, zero: Tensor | None, *, of_rows: bool) -> Tensor:
    """The numbers without their zero point in i32; where there are several, for each column or for each row."""
    if zero is not None:
        zero = for_rows(build, zero) if of_rows else one_or_all(build, zero)
    return build.convert(centred(build, operand, zero), i32)


QUANTIZED_FUNCTIONS: OperatorTable = {
    ("com.microsoft", op): operator
    for op, operator in dict[str, Operator](
        QGemm=_gemm,
        QLinearAdd=partial(_two_quantized, "add"),
        QLinearAveragePool=partial(_one_quantized, partial(_pooled, "AveragePool")),
        QLinearConcat=_concat,
        QLinearGlobalAveragePool=partial(_one_quantized, partial(_pooled, "GlobalAveragePool")),
        QLinearLeakyRelu=partial(_one_quantized, _leaky_relu),
        QLinearMul=partial(_two_quantized, "multiply"),
        QLinearSigmoid=partial(_one_quantized, _sigmoid),
        QLinearSoftmax=partial(_one_quantized, partial(_by_standard, "Softmax", REDUCTIONS["", "Softmax"])),
    ).items()
}
