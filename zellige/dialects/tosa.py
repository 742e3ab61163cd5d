"""TOSA, version 1.0: the ops that MLIR prints and the forms of the flatbuffer converter.

Contract. All ops have one text form, operands, attributes, types of operands and results. Attributes whose values are
words of the specification are read as words (`nan_mode = IGNORE`), as text (`"IGNORE"`) and as attributes
(`#tosa.nan_mode<IGNORE>`).
"""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import (
    BoolAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    FunctionType,
    IntAttr,
    IntegerAttr,
    StringAttr,
    TensorType,
)
from xdsl.ir import Attribute, Data, Dialect, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import (
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import ConstantLike, Pure


@irdl_attr_definition
class ShapeType(ParametrizedAttribute, TypeAttribute):
    """`!tosa.shape<2>`: that many numbers, which are constants."""

    name = "tosa.shape"

    rank: IntAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            return [IntAttr(parser.parse_integer())]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_int(self.rank.data)


class WordAttr(Data[str], ABC):
    """A word of the specification: `#tosa.nan_mode<IGNORE>`."""

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> str:
        with parser.in_angle_brackets():
            return parser.parse_identifier()

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(self.data)


@irdl_attr_definition
class NanModeAttr(WordAttr):
    """What becomes of NaN: `PROPAGATE` or `IGNORE`."""

    name = "tosa.nan_mode"


@irdl_attr_definition
class RoundingModeAttr(WordAttr):
    """`SINGLE_ROUND`, `DOUBLE_ROUND` or `INEXACT_ROUND`."""

    name = "tosa.rounding_mode"


@irdl_attr_definition
class ResizeModeAttr(WordAttr):
    """`NEAREST_NEIGHBOR` or `BILINEAR`."""

    name = "tosa.resize_mode"


@irdl_attr_definition
class BlockSizeAttr(WordAttr):
    """`BLOCK_SIZE_1` and so on: how many elements share a scale."""

    name = "tosa.block_size"


_WORDS: dict[str, type[WordAttr]] = {
    "nan_mode": NanModeAttr,
    "rounding_mode": RoundingModeAttr,
    "mode": ResizeModeAttr,
    "block_size": BlockSizeAttr,
}


class TosaOp(IRDLOperation, ABC):
    """`tosa.name %0, %1 {attribute = …} : (type, type) -> type`."""

    traits = traits_def(Pure())

    @classmethod
    def parse(cls, parser: Parser) -> TosaOp:
        position = parser.pos
        operands = parser.parse_optional_undelimited_comma_separated_list(
            parser.parse_optional_unresolved_operand, parser.parse_unresolved_operand
        )
        entries = parser.parse_optional_comma_separated_list(
            parser.Delimiter.BRACES, lambda: cls._parse_attribute(parser)
        )
        parser.parse_punctuation(":")
        types = parser.parse_type()
        if not isinstance(types, FunctionType):
            parser.raise_error(f"expected the types of operands and results, got {types}", position)
        known = {name for name, _ in cls.get_irdl_definition().properties.items()}
        given = dict(entries or [])
        return cls.create(
            operands=parser.resolve_operands(operands or [], types.inputs.data, position),
            result_types=types.outputs.data,
            properties={name: value for name, value in given.items() if name in known},
            attributes={name: value for name, value in given.items() if name not in known},
        )

    @classmethod
    def _parse_attribute(cls, parser: Parser) -> tuple[str, Attribute]:
        name = parser.parse_identifier()
        parser.parse_punctuation("=")
        word = _WORDS.get(name)
        if word is not None and (text := parser.parse_optional_identifier()) is not None:
            return name, word.new(text)
        return name, parser.parse_attribute()

    def print(self, printer: Printer) -> None:
        if self.operands:
            printer.print_string(" ")
            printer.print_list(self.operands, printer.print_operand)
        printer.print_op_attributes({**self.attributes, **self.properties})
        printer.print_string(" : ")
        printer.print_operation_type(self)


class UnaryOp(TosaOp, ABC):
    """One operand, and a result of its shape."""

    input1 = operand_def(TensorType)
    output = result_def(TensorType)


class BinaryOp(TosaOp, ABC):
    """Two operands that are broadcast to the shape of the result."""

    input1 = operand_def(TensorType)
    input2 = operand_def(TensorType)
    output = result_def(TensorType)


class WeightedOp(TosaOp, ABC):
    """Sums of products of an image with a weight, plus a bias: one number a channel, or one for all."""

    input = operand_def(TensorType)
    weight = operand_def(TensorType)
    bias = operand_def(TensorType)
    input_zp = operand_def(TensorType)
    weight_zp = operand_def(TensorType)
    output = result_def(TensorType)
    stride = prop_def(DenseArrayBase)
    acc_type = prop_def(Attribute)
    local_bound = opt_prop_def(BoolAttr)


class ConvolutionOp(WeightedOp, ABC):
    """Windows of the input, which is padded."""

    pad = prop_def(DenseArrayBase)
    dilation = prop_def(DenseArrayBase)


class MatrixOp(TosaOp, ABC):
    """Products of matrices, one for each element of the batch."""

    a = operand_def(TensorType)
    b = operand_def(TensorType)
    a_zp = operand_def(TensorType)
    b_zp = operand_def(TensorType)
    output = result_def(TensorType)


class ReduceOp(TosaOp, ABC):
    """Combines all elements along a dimension, which keeps the size 1."""

    input = operand_def(TensorType)
    output = result_def(TensorType)
    axis = prop_def(IntegerAttr)


@irdl_op_definition
class AbsOp(UnaryOp):
    """The magnitude."""

    name = "tosa.abs"


@irdl_op_definition
class BitwiseNotOp(UnaryOp):
    """All bits inverted."""

    name = "tosa.bitwise_not"


@irdl_op_definition
class CeilOp(UnaryOp):
    """The next integer above."""

    name = "tosa.ceil"


@irdl_op_definition
class ClzOp(UnaryOp):
    """The number of zeros before the first one."""

    name = "tosa.clz"


@irdl_op_definition
class CosOp(UnaryOp):
    """The cosine."""

    name = "tosa.cos"


@irdl_op_definition
class ErfOp(UnaryOp):
    """The error function."""

    name = "tosa.erf"


@irdl_op_definition
class ExpOp(UnaryOp):
    """The exponential."""

    name = "tosa.exp"


@irdl_op_definition
class FloorOp(UnaryOp):
    """The next integer below."""

    name = "tosa.floor"


@irdl_op_definition
class LogOp(UnaryOp):
    """The natural logarithm."""

    name = "tosa.log"


@irdl_op_definition
class LogicalNotOp(UnaryOp):
    """The other truth value."""

    name = "tosa.logical_not"


@irdl_op_definition
class ReciprocalOp(UnaryOp):
    """1 / x."""

    name = "tosa.reciprocal"


@irdl_op_definition
class RsqrtOp(UnaryOp):
    """1 / the square root."""

    name = "tosa.rsqrt"


@irdl_op_definition
class SigmoidOp(UnaryOp):
    """1 / (1 + exp(-x))."""

    name = "tosa.sigmoid"


@irdl_op_definition
class SinOp(UnaryOp):
    """The sine."""

    name = "tosa.sin"


@irdl_op_definition
class TanhOp(UnaryOp):
    """The hyperbolic tangent."""

    name = "tosa.tanh"


@irdl_op_definition
class IdentityOp(UnaryOp):
    """The operand."""

    name = "tosa.identity"


@irdl_op_definition
class CastOp(UnaryOp):
    """The same numbers in another type; to integers they are rounded to the nearest, ties to even, and saturate."""

    name = "tosa.cast"


@irdl_op_definition
class AddOp(BinaryOp):
    """The sum."""

    name = "tosa.add"


@irdl_op_definition
class BitwiseAndOp(BinaryOp):
    """Bit by bit."""

    name = "tosa.bitwise_and"


@irdl_op_definition
class BitwiseOrOp(BinaryOp):
    """Bit by bit."""

    name = "tosa.bitwise_or"


@irdl_op_definition
class BitwiseXorOp(BinaryOp):
    """Bit by bit."""

    name = "tosa.bitwise_xor"


@irdl_op_definition
class IntDivOp(BinaryOp):
    """The quotient without its fraction."""

    name = "tosa.intdiv"


@irdl_op_definition
class LogicalAndOp(BinaryOp):
    """Both."""

    name = "tosa.logical_and"


@irdl_op_definition
class LogicalOrOp(BinaryOp):
    """One or both."""

    name = "tosa.logical_or"


@irdl_op_definition
class LogicalXorOp(BinaryOp):
    """One and not both."""

    name = "tosa.logical_xor"


@irdl_op_definition
class LogicalLeftShiftOp(BinaryOp):
    """Bits moved up."""

    name = "tosa.logical_left_shift"


@irdl_op_definition
class LogicalRightShiftOp(BinaryOp):
    """Bits moved down, zeros after them."""

    name = "tosa.logical_right_shift"


@irdl_op_definition
class PowOp(BinaryOp):
    """A power."""

    name = "tosa.pow"


@irdl_op_definition
class SubOp(BinaryOp):
    """The difference."""

    name = "tosa.sub"


@irdl_op_definition
class EqualOp(BinaryOp):
    """Whether both are equal."""

    name = "tosa.equal"


@irdl_op_definition
class GreaterOp(BinaryOp):
    """Whether the left is greater."""

    name = "tosa.greater"


@irdl_op_definition
class GreaterEqualOp(BinaryOp):
    """Whether the left is not less."""

    name = "tosa.greater_equal"


@irdl_op_definition
class MaximumOp(BinaryOp):
    """The greater one."""

    name = "tosa.maximum"

    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class MinimumOp(BinaryOp):
    """The less one."""

    name = "tosa.minimum"

    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class ArithmeticRightShiftOp(BinaryOp):
    """Bits moved down, copies of the sign after them; `round` adds the last bit that falls off."""

    name = "tosa.arithmetic_right_shift"

    round = prop_def(BoolAttr)


@irdl_op_definition
class MulOp(TosaOp):
    """The product; of i32, its bits from `shift` on, rounded."""

    name = "tosa.mul"

    input1 = operand_def(TensorType)
    input2 = operand_def(TensorType)
    shift = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class NegateOp(TosaOp):
    """zero point of the output - (x - zero point of the input)."""

    name = "tosa.negate"

    input1 = operand_def(TensorType)
    input1_zp = operand_def(TensorType)
    output_zp = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class ClampOp(TosaOp):
    """x within two bounds."""

    name = "tosa.clamp"

    input = operand_def(TensorType)
    output = result_def(TensorType)
    min_val = prop_def(Attribute)
    max_val = prop_def(Attribute)
    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class TableOp(TosaOp):
    """The element of a table of 256 bytes, or an interpolation in a table of 513 numbers of 16 bits."""

    name = "tosa.table"

    input1 = operand_def(TensorType)
    table = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class SelectOp(TosaOp):
    """One of two values."""

    name = "tosa.select"

    condition = operand_def(TensorType)
    on_true = operand_def(TensorType)
    on_false = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class ReduceAllOp(ReduceOp):
    """All are true."""

    name = "tosa.reduce_all"


@irdl_op_definition
class ReduceAnyOp(ReduceOp):
    """One is true."""

    name = "tosa.reduce_any"


@irdl_op_definition
class ReduceProductOp(ReduceOp):
    """The product."""

    name = "tosa.reduce_product"


@irdl_op_definition
class ReduceSumOp(ReduceOp):
    """The sum."""

    name = "tosa.reduce_sum"


@irdl_op_definition
class ReduceMaxOp(ReduceOp):
    """The greatest."""

    name = "tosa.reduce_max"

    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class ReduceMinOp(ReduceOp):
    """The least."""

    name = "tosa.reduce_min"

    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class ArgMaxOp(TosaOp):
    """Where the first greatest element along a dimension is; the dimension goes away."""

    name = "tosa.argmax"

    input = operand_def(TensorType)
    output = result_def(TensorType)
    axis = prop_def(IntegerAttr)
    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class AvgPool2dOp(TosaOp):
    """Means of windows; what is outside of the input does not count."""

    name = "tosa.avg_pool2d"

    input = operand_def(TensorType)
    input_zp = operand_def(TensorType)
    output_zp = operand_def(TensorType)
    output = result_def(TensorType)
    kernel = prop_def(DenseArrayBase)
    stride = prop_def(DenseArrayBase)
    pad = prop_def(DenseArrayBase)
    acc_type = prop_def(Attribute)


@irdl_op_definition
class AvgPool2dAdaptiveOp(TosaOp):
    """`avg_pool2d` with kernel, stride and pad as shapes."""

    name = "tosa.avg_pool2d_adaptive"

    input = operand_def(TensorType)
    input_zp = operand_def(TensorType)
    output_zp = operand_def(TensorType)
    kernel = operand_def(ShapeType)
    stride = operand_def(ShapeType)
    pad = operand_def(ShapeType)
    output = result_def(TensorType)
    acc_type = prop_def(Attribute)


@irdl_op_definition
class MaxPool2dOp(TosaOp):
    """The greatest elements of windows."""

    name = "tosa.max_pool2d"

    input = operand_def(TensorType)
    output = result_def(TensorType)
    kernel = prop_def(DenseArrayBase)
    stride = prop_def(DenseArrayBase)
    pad = prop_def(DenseArrayBase)
    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class MaxPool2dAdaptiveOp(TosaOp):
    """`max_pool2d` with kernel, stride and pad as shapes."""

    name = "tosa.max_pool2d_adaptive"

    input = operand_def(TensorType)
    kernel = operand_def(ShapeType)
    stride = operand_def(ShapeType)
    pad = operand_def(ShapeType)
    output = result_def(TensorType)
    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class Conv2dOp(ConvolutionOp):
    """Input NHWC, weight OHWI."""

    name = "tosa.conv2d"


@irdl_op_definition
class Conv3dOp(ConvolutionOp):
    """Input NDHWC, weight ODHWI."""

    name = "tosa.conv3d"


@irdl_op_definition
class DepthwiseConv2dOp(ConvolutionOp):
    """Input NHWC, weight HWCM: M filters for each channel."""

    name = "tosa.depthwise_conv2d"


@irdl_op_definition
class TransposeConv2dOp(WeightedOp):
    """Each element of the input adds the weight, times itself, to a window of the result."""

    name = "tosa.transpose_conv2d"

    out_pad = prop_def(DenseArrayBase)


@irdl_op_definition
class MatMulOp(MatrixOp):
    """Rows of the first by columns of the second."""

    name = "tosa.matmul"


@irdl_op_definition
class MatMulTOp(MatrixOp):
    """Rows of the first by rows of the second, which may be one for all."""

    name = "tosa.matmul_t"


@irdl_op_definition
class RescaleOp(TosaOp):
    """(x - input_zp) * multiplier / 2^shift + output_zp, with numbers for each channel, which is last, or for all."""

    name = "tosa.rescale"

    input = operand_def(TensorType)
    multiplier = operand_def(TensorType)
    shift = operand_def(TensorType)
    input_zp = operand_def(TensorType)
    output_zp = operand_def(TensorType)
    output = result_def(TensorType)
    scale32 = prop_def(BoolAttr)
    rounding_mode = prop_def(RoundingModeAttr | StringAttr)
    per_channel = prop_def(BoolAttr)
    input_unsigned = prop_def(BoolAttr)
    output_unsigned = prop_def(BoolAttr)


@irdl_op_definition
class ConcatOp(TosaOp):
    """Tensors one after the other along a dimension."""

    name = "tosa.concat"

    input1 = var_operand_def(TensorType)
    output = result_def(TensorType)
    axis = prop_def(IntegerAttr)


@irdl_op_definition
class PadOp(TosaOp):
    """The tensor with a number around it."""

    name = "tosa.pad"

    input1 = operand_def(TensorType)
    padding = operand_def(ShapeType)
    pad_const = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class ReshapeOp(TosaOp):
    """The same elements in another shape."""

    name = "tosa.reshape"

    input1 = operand_def(TensorType)
    shape = operand_def(ShapeType)
    output = result_def(TensorType)


@irdl_op_definition
class ReshapeBlockScaledOp(TosaOp):
    """`reshape` of a tensor, with its scales if elements share them."""

    name = "tosa.reshape_block_scaled"

    input = var_operand_def(TensorType)
    new_value_shape = operand_def(ShapeType)
    output = result_def(TensorType)
    block_size = prop_def(BlockSizeAttr | StringAttr)


@irdl_op_definition
class ReverseOp(TosaOp):
    """A dimension backwards."""

    name = "tosa.reverse"

    input1 = operand_def(TensorType)
    output = result_def(TensorType)
    axis = prop_def(IntegerAttr)


@irdl_op_definition
class SliceOp(TosaOp):
    """A part."""

    name = "tosa.slice"

    input1 = operand_def(TensorType)
    start = operand_def(ShapeType)
    size = operand_def(ShapeType)
    output = result_def(TensorType)


@irdl_op_definition
class TileOp(TosaOp):
    """The tensor several times along each dimension."""

    name = "tosa.tile"

    input1 = operand_def(TensorType)
    multiples = operand_def(ShapeType)
    output = result_def(TensorType)


@irdl_op_definition
class TransposeOp(TosaOp):
    """Dimension i of the result is dimension `perms[i]` of the operand."""

    name = "tosa.transpose"

    input1 = operand_def(TensorType)
    output = result_def(TensorType)
    perms = prop_def(DenseArrayBase)


@irdl_op_definition
class GatherOp(TosaOp):
    """Rows of a matrix for each element of the batch: NKC at NW gives NWC."""

    name = "tosa.gather"

    values = operand_def(TensorType)
    indices = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class ScatterOp(TosaOp):
    """Rows replaced: NKC at NW with NWC; no index comes twice."""

    name = "tosa.scatter"

    values_in = operand_def(TensorType)
    indices = operand_def(TensorType)
    input = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class ResizeOp(TosaOp):
    """Between the points of an image: `scale` is a numerator and a denominator for y, then for x."""

    name = "tosa.resize"

    input = operand_def(TensorType)
    scale = operand_def(ShapeType)
    offset = operand_def(ShapeType)
    border = operand_def(ShapeType)
    output = result_def(TensorType)
    mode = prop_def(ResizeModeAttr | StringAttr)


@irdl_op_definition
class ConstOp(TosaOp):
    """`"tosa.const"() <{values = dense<…> : tensor<…>}> : () -> tensor<…>`."""

    name = "tosa.const"

    values = prop_def(DenseIntOrFPElementsAttr)
    output = result_def(TensorType)
    traits = traits_def(Pure(), ConstantLike())


@irdl_op_definition
class ConstShapeOp(TosaOp):
    """`tosa.const_shape {values = dense<[3, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>`."""

    name = "tosa.const_shape"

    values = prop_def(DenseIntOrFPElementsAttr)
    output = result_def(ShapeType)
    traits = traits_def(Pure(), ConstantLike())


Tosa = Dialect(
    "tosa",
    [
        AbsOp,
        AddOp,
        ArgMaxOp,
        ArithmeticRightShiftOp,
        AvgPool2dAdaptiveOp,
        AvgPool2dOp,
        BitwiseAndOp,
        BitwiseNotOp,
        BitwiseOrOp,
        BitwiseXorOp,
        CastOp,
        CeilOp,
        ClampOp,
        ClzOp,
        ConcatOp,
        ConstOp,
        ConstShapeOp,
        Conv2dOp,
        Conv3dOp,
        CosOp,
        DepthwiseConv2dOp,
        EqualOp,
        ErfOp,
        ExpOp,
        FloorOp,
        GatherOp,
        GreaterEqualOp,
        GreaterOp,
        IdentityOp,
        IntDivOp,
        LogOp,
        LogicalAndOp,
        LogicalLeftShiftOp,
        LogicalNotOp,
        LogicalOrOp,
        LogicalRightShiftOp,
        LogicalXorOp,
        MatMulOp,
        MatMulTOp,
        MaxPool2dAdaptiveOp,
        MaxPool2dOp,
        MaximumOp,
        MinimumOp,
        MulOp,
        NegateOp,
        PadOp,
        PowOp,
        ReciprocalOp,
        ReduceAllOp,
        ReduceAnyOp,
        ReduceMaxOp,
        ReduceMinOp,
        ReduceProductOp,
        ReduceSumOp,
        RescaleOp,
        ReshapeBlockScaledOp,
        ReshapeOp,
        ResizeOp,
        ReverseOp,
        RsqrtOp,
        ScatterOp,
        SelectOp,
        SigmoidOp,
        SinOp,
        SliceOp,
        SubOp,
        TableOp,
        TanhOp,
        TileOp,
        TransposeConv2dOp,
        TransposeOp,
    ],
    [ShapeType, NanModeAttr, RoundingModeAttr, ResizeModeAttr, BlockSizeAttr],
)
