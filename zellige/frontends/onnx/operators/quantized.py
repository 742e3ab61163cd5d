"""Operators on numbers in few bits: QuantizeLinear and its inverse, products and convolutions of integers.

A quantised number q stands for (q - zero point) * scale. Products are sums in i32 of numbers whose zero points are
taken off; where a zero point is known to be 0, the narrow numbers themselves are what is multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import i32
from xdsl.ir import Attribute

from zellige.frontends.onnx.eight_bit_floats import saturated
from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.frontends.onnx.operators.contractions import product
from zellige.frontends.onnx.operators.convolutions import kernel_shape, with_channels
from zellige.frontends.onnx.tensors import element_of_code
from zellige.frontends.onnx.windows import read_window
from zellige.maths.sizes import Extent, are_different
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor, is_float, limits_of

_F32 = element_of_code(1)
_F64 = element_of_code(11)
_U8 = element_of_code(2)


def _along(node: Node, numbers: Tensor, shape: Sequence[Extent]) -> Tensor:
    """Scales or zero points as they are broadcast over the blocks of a shape: one for all, for each index of a
    dimension, or for each block of `block_size` of them.
    """
    build, rank = node.build, len(shape)
    block = node.integer("block_size", 0)
    if numbers.size == 1:
        return build.reshape(numbers, ())
    axis = node.axis("axis", rank, 1)
    if not block:
        if numbers.rank != 1 or are_different(numbers.size, shape[axis]):
            raise node.wrong(f"{numbers.type} is not one number for each of the {shape[axis]} of dimension {axis}")
        return build.reshape(numbers, [numbers.size if i == axis else 1 for i in range(rank)])
    blocks = [-(-size // block) if i == axis else size for i, size in enumerate(shape)]
    if list(numbers.shape) != blocks:
        raise node.wrong(f"{numbers.type} is not one number for each block of {block}, expected shape {tuple(blocks)}")
    if shape[axis] % block == 0:
        return build.expand_dims(numbers, [axis + 1])
    wide = [*blocks[: axis + 1], block, *blocks[axis + 1 :]]
    spread = build.broadcast_in_dim(numbers, wide, [i if i <= axis else i + 1 for i in range(rank)])
    blocks[axis] *= block
    return build.slice_axis(build.reshape(spread, blocks), axis, 0, shape[axis])


def _in_blocks(node: Node, operand: Tensor) -> Tensor:
    """An operand with a dimension more for what is within a block, where all blocks are whole."""
    block, shape = node.integer("block_size", 0), operand.shape
    if not block:
        return operand
    axis = node.axis("axis", operand.rank, 1)
    if shape[axis] % block:
        return operand
    return node.build.reshape(operand, [*shape[:axis], shape[axis] // block, block, *shape[axis + 1 :]])


def _quantize_linear(node: Node) -> Tensor:
    """Round(x / scale) + zero point, at the nearest number that the result's type has."""
    build, operand, scale, zero = node.build, node.operand(0), node.operand(1), node.optional(2)
    element = _U8 if zero is None else zero.element
    if zero is None and node.integer("output_dtype", 0):
        element = element_of_code(node.integer("output_dtype"))
    precision = node.integer("precision", 0)
    compute = element_of_code(precision) if precision else scale.element
    shape, operand = operand.shape, _in_blocks(node, operand)
    scale = build.convert(_along(node, scale, shape), compute)
    quotient = build.map("divide", build.convert(operand, compute), scale)
    if is_float(element):
        saturates = node.flag("saturate", default=True)
        made = saturated(build, quotient, element) if saturates else build.convert(quotient, element)
    else:
        made = to_integers(build, quotient, None if zero is None else _along(node, zero, shape), element)
    return build.reshape(made, shape)


def to_integers(build: GraphBuilder, numbers: Tensor, zero: Tensor | None, element: Attribute) -> Tensor:
    """Round to the nearest even number, add the zero point, and stay within the type."""
    wide = _F64 if numbers.element == _F64 else _F32
    rounded = build.map("round_nearest_even", build.convert(numbers, wide))
    if zero is not None and not _is_zero(zero):
        rounded = build.map("add", rounded, build.convert(zero, wide))
    low, high = limits_of(element)
    clamped = build.map_with("minimum", build.map_with("maximum", rounded, low), high)
    return build.convert(clamped, element)


def _is_zero(numbers: Tensor) -> bool:
    """Whether numbers are known, and all 0."""
    return numbers.known is not None and not numbers.known.any()


def _dequantize_linear(node: Node) -> Tensor:
    """(x - zero point) * scale; the difference is exact."""
    build, operand, scale, zero = node.build, node.operand(0), node.operand(1), node.optional(2)
    shape, operand = operand.shape, _in_blocks(node, operand)
    if zero is not None and not _is_zero(zero) and not is_float(operand.element):
        zero = build.convert(_along(node, zero, shape), i32)
        operand = build.map("subtract", build.convert(operand, i32), zero)
    wide = _F32 if scale.element != _F64 else _F64
    scale = _along(node, scale, shape)
    numbers = build.map("multiply", build.convert(operand, wide), build.convert(scale, wide))
    code = node.integer("output_dtype", 0)
    return build.reshape(build.convert(numbers, element_of_code(code) if code else scale.element), shape)


# Products


def centred(build: GraphBuilder, operand: Tensor, zero: Tensor | None) -> Tensor:
    """The numbers without their zero point."""
    if zero is None or _is_zero(zero):
        return operand
    return build.map("subtract", build.convert(operand, i32), build.convert(zero, i32))


def _same_type(build: GraphBuilder, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    if left.element == right.element:
        return left, right
    return build.convert(left, i32), build.convert(right, i32)


def for_rows(build: GraphBuilder, numbers: Tensor) -> Tensor:
    """One number for all or for each row of a matrix, as a column."""
    if numbers.rank != 1:
        return numbers
    return build.reshape(numbers, () if numbers.size == 1 else [numbers.size, 1])


def one_or_all(build: GraphBuilder, numbers: Tensor) -> Tensor:
    """One number for all, without dimensions, or one for each column of a matrix."""
    return build.reshape(numbers, ()) if numbers.size == 1 else numbers


def integer_product(node: Node, left: Tensor, right: Tensor, zeros: Sequence[Tensor | None]) -> Tensor:
    build = node.build
    inner = left.shape[-1], right.shape[-2 if right.rank > 1 else -1]
    if are_different(*inner):
        raise node.wrong(f"{left.type} has {inner[0]} columns, {right.type} has {inner[1]} rows")
    return _centred_product(build, left, right, zeros)


def _centred_product(build: GraphBuilder, left: Tensor, right: Tensor, zeros: Sequence[Tensor | None]) -> Tensor:
    left = centred(build, left, None if zeros[0] is None else for_rows(build, zeros[0]))
    right = centred(build, right, None if zeros[1] is None else one_or_all(build, zeros[1]))
    return product(build, *_same_type(build, left, right), i32)


def dynamic_product(build: GraphBuilder, left: Tensor, right: Tensor, scale: Tensor, zero: Tensor | None) -> Tensor:
    """Numbers times quantised ones, which have a scale for all or for each column.

    The left operand is quantised as a whole, to unsigned numbers from its least to its largest, 0 included.
    """
    axes = range(left.rank)
    low, high = build.reduce("minimum", left, 0, axes), build.reduce("maximum", left, 0, axes)
    unit = build.map_with("divide", build.map("subtract", high, low), 255)
    unit = build.select(build.compare("EQ", high, low), build.scalar(1, unit.element), unit)
    offset = to_integers(build, build.map("negate", build.map("divide", low, unit)), None, _U8)
    quantised = to_integers(build, build.map("divide", left, unit), offset, _U8)
    sums = _centred_product(build, quantised, right, [offset, zero])
    return scaled_sums(build, sums, unit, one_or_all(build, scale))


def scaled_sums(build: GraphBuilder, sums: Tensor, row: Tensor, column: Tensor) -> Tensor:
    """What sums of products of quantised numbers stand for."""
    return build.map("multiply", build.convert(sums, _F32), build.map("multiply", row, column))


def _matmul_integer(node: Node) -> Tensor:
    return integer_product(node, node.operand(0), node.operand(1), [node.optional(2), node.optional(3)])


def _qlinear_matmul(node: Node) -> Tensor:
    build = node.build
    left, left_scale, left_zero, right, right_scale, right_zero, scale, zero = (node.operand(i) for i in range(8))
    sums = integer_product(node, left, right, [left_zero, right_zero])
    column, row = for_rows(build, left_scale), one_or_all(build, right_scale)
    return _requantized(build, sums, build.map("multiply", column, row), scale, zero)


def _requantized(build: GraphBuilder, sums: Tensor, from_scale: Tensor, scale: Tensor, zero: Tensor) -> Tensor:
    """Sums in units of one scale, as quantised numbers of another."""
    ratio = build.convert(build.map("divide", from_scale, one_or_all(build, scale)), _F32)
    return to_integers(
        build, build.map("multiply", build.convert(sums, _F32), ratio), one_or_all(build, zero), zero.element
    )


def _integer_convolution(node: Node, operand: Tensor, kernel: Tensor, zeros: Sequence[Tensor | None]) -> Tensor:
    """What is at the edges is 0 once the zero point is taken off."""
    build, groups = node.build, node.integer("group")
    operand = with_channels(node, operand, kernel, groups)
    window = read_window(node, operand.shape[2:], kernel_shape(node, kernel))
    operand = centred(build, operand, None if zeros[0] is None else one_or_all(build, zeros[0]))
    kernel = centred(build, kernel, None if zeros[1] is None else _for_channels(build, zeros[1], kernel.rank))
    return build.convolution(*_same_type(build, operand, kernel), window, groups, i32)


def _for_channels(build: GraphBuilder, numbers: Tensor, rank: int) -> Tensor:
    """One number for all or for each slice of the first dimension."""
    return build.reshape(numbers, () if numbers.size == 1 else [numbers.size, *[1] * (rank - 1)])


def _conv_integer(node: Node) -> Tensor:
    return _integer_convolution(node, node.operand(0), node.operand(1), [node.optional(2), node.optional(3)])


def _qlinear_conv(node: Node) -> Tensor:
    """Scales and zero points of the kernel may be one for each channel; the bias has the scale of the products."""
    build = node.build
    operand, scale, zero, kernel, kernel_scale, kernel_zero, wanted, wanted_zero = (node.operand(i) for i in range(8))
    sums = _integer_convolution(node, operand, kernel, [zero, kernel_zero])
    if (bias := node.optional(8)) is not None:
        sums = build.map("add", sums, _for_channels(build, bias, sums.rank - 1))
    product_scale = build.map("multiply", _for_channels(build, kernel_scale, sums.rank - 1), one_or_all(build, scale))
    return _requantized(build, sums, product_scale, wanted, wanted_zero)


QUANTIZED: OperatorTable = {
    **{
        ("", op): operator
        for op, operator in dict[str, Operator](
            ConvInteger=_conv_integer,
            DequantizeLinear=_dequantize_linear,
            MatMulInteger=_matmul_integer,
            QLinearConv=_qlinear_conv,
            QLinearMatMul=_qlinear_matmul,
            QuantizeLinear=_quantize_linear,
        ).items()
    },
    ("com.microsoft", "DequantizeLinear"): _dequantize_linear,
    ("com.microsoft", "QuantizeLinear"): _quantize_linear,
}
