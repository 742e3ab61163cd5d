"""Convolutions and products of matrices of TOSA, in StableHLO."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xdsl.dialects.builtin import IntegerAttr, i16, i32, i64
from xdsl.ir import Attribute

from zellige.dialects.stablehlo.contraction_attributes import ConvDimensions, ConvDimensionsAttr, OperandDimensions
from zellige.dialects.tosa import contractions
from zellige.dialects.tosa.syntax import TosaOp
from zellige.passes.input.stablehlo_builder import GraphBuilder, ints
from zellige.passes.input.stablehlo_windows import Window, pairs
from zellige.passes.input.tensors import Tensor, is_float
from zellige.passes.input.tosa_nodes import Function, Node
from zellige.passes.input.tosa_numbers import without_zero_point

_KERNEL_OF_OUTPUTS = "O*I"
"""Layout of a kernel: features of the result, space, features of the operand."""

_KERNEL_OF_CHANNELS = "*IO"
"""Layout of a depthwise kernel."""


def _factors(node: Node, names: tuple[str, str], zero_points: tuple[str, str], rank: int) -> tuple[Tensor, Tensor]:
    """Both operands of a sum of products, of one rank, without their zero points, in the type of the sums."""
    element = _sum_type(node.operand(names[0]).element, node.element)
    left, right = (
        without_zero_point(node.build, node.operand(name, rank), node.operand(zero_point), element)
        for name, zero_point in zip(names, zero_points, strict=True)
    )
    return left, right


def _convolution(node: Node) -> Tensor:
    build = node.build
    space = 3 if isinstance(node.op, contractions.Conv3dOp) else 2
    operand, kernel = _factors(node, ("input", "weight"), ("input_zp", "weight_zp"), space + 2)
    pad = node.shape("pad", 2 * space)
    window = Window.of(
        node.shape("stride", space, least=1), node.shape("dilation", space, least=1), pad[::2], pad[1::2]
    )
    layout, groups = _KERNEL_OF_OUTPUTS, 1
    if isinstance(node.op, contractions.DepthwiseConv2dOp):
        height, width, channels, filters = kernel.static_shape
        kernel = build.reshape(kernel, [height, width, 1, channels * filters])
        layout, groups = _KERNEL_OF_CHANNELS, channels
    sums = _convolve(build, operand, kernel, layout, window, groups)
    return _with_bias(build, sums, node.operand("bias"), node.element)


def _transposed_convolution(node: Node) -> Tensor:
    """Elements of the operand are moved apart by the stride, and the kernel runs backwards."""
    build = node.build
    operand, kernel = _factors(node, ("input", "weight"), ("input_zp", "weight_zp"), 4)
    pad, stride = node.shape("out_pad", 4), node.shape("stride", 2, least=1)
    low, high = (
        [size - 1 + extra for size, extra in zip(kernel.static_shape[1:3], extras, strict=True)]
        for extras in (pad[::2], pad[1::2])
    )
    window = Window.of((1, 1), (1, 1), low, high, stride)
    sums = _convolve(build, operand, build.reverse(kernel, [1, 2]), _KERNEL_OF_OUTPUTS, window, 1)
    return _with_bias(build, sums, node.operand("bias"), node.element)


def _convolve(
    build: GraphBuilder,
    operand: Tensor,
    kernel: Tensor,
    layout: str,
    window: Window,
    groups: int,
) -> Tensor:
    """Sums of products over `window`, whose numbers are those of the dimensions in space alone."""
    rank = operand.rank
    places = OperandDimensions(0, rank - 1, tuple(range(1, rank - 1)))
    kernel_places = (
        OperandDimensions(rank - 1, 0, tuple(range(1, rank - 1)))
        if layout == _KERNEL_OF_OUTPUTS
        else OperandDimensions(rank - 2, rank - 1, tuple(range(rank - 2)))
    )
    space = [kernel.static_size(axis) for axis in kernel_places.spatial]
    shape = (
        operand.shape[0],
        *window.result_sizes(operand.shape[1:-1], space),
        kernel.shape[kernel_places.second],
    )
    return build.op(
        "convolution",
        [operand, kernel],
        [(operand.element, shape)],
        {
            "window_strides": ints(window.strides),
            "padding": pairs(window.low, window.high),
            "lhs_dilation": ints(window.base_dilations),
            "rhs_dilation": ints(window.dilations),
            "dimension_numbers": ConvDimensionsAttr(ConvDimensions(places, kernel_places, places)),
            "feature_group_count": IntegerAttr(groups, i64),
            "batch_group_count": IntegerAttr(1, i64),
        },
    )[0]


def _sum_type(operand: Attribute, result: Attribute) -> Attribute:
    """What sums of products are kept in: i64 for the 48 bits that those of i16 have."""
    if is_float(operand):
        return result
    return i64 if operand == i16 else i32


def _with_bias(build: GraphBuilder, sums: Tensor, bias: Tensor, element: Attribute) -> Tensor:
    """The sums plus a number for each channel, or one for all."""
    return build.convert(build.map("add", sums, build.convert(bias, sums.element)), element)


def _matmul(node: Node) -> Tensor:
    build = node.build
    left, right = _factors(node, ("a", "b"), ("a_zp", "b_zp"), 3)
    column = 2 if isinstance(node.op, contractions.MatMulTOp) else 1
    right = build.broadcast_in_dim(right, (left.shape[0], *right.shape[1:]), range(3))
    product = build.dot_general(left, right, ([0], [0]), ([2], [column]), left.element)
    return build.convert(product, node.element)


CONTRACTION_FUNCTIONS: Mapping[type[TosaOp], Function] = MappingProxyType(
    {
        contractions.Conv2dOp: _convolution,
        contractions.Conv3dOp: _convolution,
        contractions.DepthwiseConv2dOp: _convolution,
        contractions.MatMulOp: _matmul,
        contractions.MatMulTOp: _matmul,
        contractions.TransposeConv2dOp: _transposed_convolution,
    }
)
"""How each op is translated."""
