"""TOSA ops that compute each element of the result from the elements at the same place of the operands."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import BoolAttr, FloatAttr, IntegerAttr, StringAttr, TensorType
from xdsl.irdl import irdl_op_definition, operand_def, opt_prop_def, prop_def, result_def

from zellige.dialects.tosa.syntax import NanModeAttr, RoundingModeAttr, TosaOp


class UnaryOp(TosaOp, ABC):
    """One operand, and a result of its shape."""

    input1 = operand_def(TensorType)
    output = result_def(TensorType)


class BinaryOp(TosaOp, ABC):
    """Two operands that are broadcast to the shape of the result."""

    input1 = operand_def(TensorType)
    input2 = operand_def(TensorType)
    output = result_def(TensorType)


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
    min_val = prop_def(IntegerAttr | FloatAttr)
    max_val = prop_def(IntegerAttr | FloatAttr)
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


ELEMENTWISE_OPS = (
    AbsOp,
    BitwiseNotOp,
    CeilOp,
    ClzOp,
    CosOp,
    ErfOp,
    ExpOp,
    FloorOp,
    LogOp,
    LogicalNotOp,
    ReciprocalOp,
    RsqrtOp,
    SigmoidOp,
    SinOp,
    TanhOp,
    IdentityOp,
    CastOp,
    AddOp,
    BitwiseAndOp,
    BitwiseOrOp,
    BitwiseXorOp,
    IntDivOp,
    LogicalAndOp,
    LogicalOrOp,
    LogicalXorOp,
    LogicalLeftShiftOp,
    LogicalRightShiftOp,
    PowOp,
    SubOp,
    EqualOp,
    GreaterOp,
    GreaterEqualOp,
    MaximumOp,
    MinimumOp,
    ArithmeticRightShiftOp,
    MulOp,
    NegateOp,
    ClampOp,
    TableOp,
    SelectOp,
    RescaleOp,
)
"""The ops of this file."""
