"""Products and convolutions with what comes before and after them, as onnxruntime fuses them (com.microsoft)."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import onnx

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.operators.activations import activation_of
from zellige.frontends.onnx.operators.contractions import gemm
from zellige.frontends.onnx.operators.convolutions import kernel_shape, with_bias, with_channels
from zellige.frontends.onnx.operators.quantized import (
    dynamic_product,
    for_rows,
    integer_product,
    one_or_all,
    scaled_sums,
)
from zellige.frontends.onnx.schemas import schema_of
from zellige.frontends.onnx.tensors import element_of_code
from zellige.frontends.onnx.windows import read_window
from zellige.maths.packed_integers import unpacked
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor, dtype_of, is_float

_U4 = element_of_code(21)


def _fused_conv(node: Node) -> Tensor:
    """A convolution, plus a tensor, then an activation."""
    build, operand, kernel, groups = node.build, node.operand(0), node.operand(1), node.integer("group", 1)
    operand = with_channels(node, operand, kernel, groups)
    window = read_window(node, operand.shape[2:], kernel_shape(node, kernel))
    made = with_bias(node, build.convolution(operand, kernel, window, groups), node.optional(2))
    if (addend := node.optional(3)) is not None:
        made = build.map("add", made, addend)
    if not node.has("activation"):
        return made
    numbers = node.numbers("activation_params", ())
    if node.text("activation") == "Clip":
        low, high = numbers
        return build.map_with("minimum", build.map_with("maximum", made, low), high)
    return activation_of(node, node.text("activation"), numbers)(build, made)


def _fused_gemm(node: Node) -> Tensor:
    """Gemm, then an activation."""
    numbers = [node.number(name) for name in ("activation_alpha", "activation_beta") if node.has(name)]
    made = gemm(replace(node, schema=schema_of("", "Gemm", onnx.defs.onnx_opset_version())))
    return activation_of(node, node.text("activation"), numbers)(node.build, made)


# Quantised numbers


def _matmul_integer_to_float(node: Node) -> Tensor:
    """A product of integers, scaled for each row or column, plus a bias."""
    build = node.build
    sums = integer_product(node, node.operand(0), node.operand(1), [node.optional(4), node.optional(5)])
    row, column = for_rows(build, node.operand(2)), one_or_all(build, node.operand(3))
    made = scaled_sums(build, sums, row, column)
    return made if (bias := node.optional(6)) is None else build.map("add", made, bias)


def _dynamic_quantize_matmul(node: Node) -> Tensor:
    made = dynamic_product(node.build, node.operand(0), node.operand(1), node.operand(2), node.optional(3))
    return made if (bias := node.optional(4)) is None else node.build.map("add", made, bias)


def _matmul_n_bits(node: Node) -> Tensor:
    """The right operand is rows of blocks, each with a scale and a zero point, two numbers in a byte or one."""
    build, left, packed, scales = node.build, node.operand(0), node.operand(1), node.operand(2)
    depth, rows, bits, size = (node.integer(name) for name in ("K", "N", "bits", "block_size"))
    if bits not in (4, 8) or node.optional(4) is not None:
        raise node.unsupported(f"weights of {bits} bits, or in another order ('g_idx'), are not supported")
    blocks = -(-depth // size)
    numbers = _unpacked(build, build.reshape(packed, [rows, blocks, size * bits // 8]), bits)
    numbers = build.convert(numbers, left.element)
    numbers = build.map("subtract", numbers, _zero_points(node, rows, blocks, bits, left))
    numbers = build.map("multiply", numbers, build.reshape(build.convert(scales, left.element), [rows, blocks, 1]))
    weights = build.slice_axis(build.reshape(numbers, [rows, blocks * size]), 1, 0, depth)
    made = build.dot_general(left, weights, ([], []), ([left.rank - 1], [1]), left.element)
    return made if (bias := node.optional(5)) is None else build.map("add", made, bias)


def _zero_points(node: Node, rows: int, blocks: int, bits: int, like: Tensor) -> Tensor:
    build, zero = node.build, node.optional(3)
    if zero is None:
        return build.scalar(1 << (bits - 1), like.element)
    if not is_float(zero.element):
        zero = _unpacked(build, build.reshape(zero, [rows, zero.size // rows]), bits)
        zero = build.slice_axis(zero, 1, 0, blocks)
    return build.reshape(build.convert(zero, like.element), [rows, blocks, 1])


def _unpacked(build: GraphBuilder, packed: Tensor, bits: int) -> Tensor:
    """Two numbers of each byte, the lower four bits first; bytes as they are for eight bits."""
    if bits == 8:
        return packed
    shape = [*packed.static_shape[:-1], 2 * packed.static_size(-1)]
    if packed.known is not None:
        numbers = unpacked(packed.known, bits, prod(shape)).astype(dtype_of(_U4))
        return build.constant(numbers.reshape(shape))
    return build.reshape(build.bit_pieces(packed, _U4), shape)


FUSED: OperatorTable = {
    ("com.microsoft", op): operator
    for op, operator in dict[str, Operator](
        DynamicQuantizeMatMul=_dynamic_quantize_matmul,
        FusedConv=_fused_conv,
        FusedGemm=_fused_gemm,
        MatMulIntegerToFloat=_matmul_integer_to_float,
        MatMulNBits=_matmul_n_bits,
    ).items()
}
