"""StableHLO ops of one or two operands that compute each element from the elements at the same place.

Contract. Operands and result of a verified op have one shape, where sizes that are dynamic agree with any. Element
types are those that the specification allows, so that a lowering only has to ask which kind of number it is.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.dialects.builtin import ComplexType, TensorType, i1
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import element_type, with_element_type
from zellige.dialects.stablehlo.attributes import ResultAccuracyAttr
from zellige.dialects.stablehlo.element_kinds import Kind, expect_element, expect_shape, kind_of
from zellige.dialects.stablehlo.syntax import SameOperandsAndResultType


class ElementwiseOp(IRDLOperation, ABC):
    """What they have in common; `KINDS` are the kinds of elements that the operands may have."""

    KINDS: ClassVar[Kind] = Kind.ANY
    traits = traits_def(Pure())

    def verify_(self) -> None:
        model = self.operands[-1]
        for value in self.operands:
            self._expect_kind(value)
            if value.type != model.type:
                expect_shape(value, model)
                expect_element(value, element_type(model.type))
        if self.results[0].type != model.type:
            expect_shape(self.results[0], model)
            self.verify_result(element_type(model.type))

    def _expect_kind(self, value: SSAValue) -> None:
        kind = kind_of(element_type(value.type))
        if kind and kind not in self.KINDS:
            names = ", ".join(str(one.name).lower() for one in self.KINDS)
            raise VerifyException(f"expected elements of kind {names}, got {value.type}")

    def verify_result(self, element: Attribute) -> None:
        """Check the element type of a result whose type is not that of the operands."""
        expect_element(self.results[0], element)


class UnaryOp(ElementwiseOp, ABC):
    """`stablehlo.abs %x : tensor<4xf32>`."""

    operand = operand_def(TensorType)
    result = result_def(TensorType)
    custom_directives = (SameOperandsAndResultType,)
    assembly_format = "$operand attr-dict `:` custom<SameOperandsAndResultType>(type(operands), type($result))"

    def __init__(self, operand: SSAValue, result_type: Attribute | None = None) -> None:
        super().__init__(operands=[operand], result_types=[result_type or operand.type])


class AccurateOp(UnaryOp, ABC):
    """A function that a program may ask to be computed with some accuracy."""

    KINDS: ClassVar[Kind] = Kind.FLOAT | Kind.COMPLEX
    result_accuracy = opt_prop_def(ResultAccuracyAttr)
    irdl_options = (ParsePropInAttrDict(),)


class BinaryOp(ElementwiseOp, ABC):
    """`stablehlo.add %x, %y : tensor<4xf32>`."""

    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    result = result_def(TensorType)
    custom_directives = (SameOperandsAndResultType,)
    assembly_format = "$lhs `,` $rhs attr-dict `:` custom<SameOperandsAndResultType>(type(operands), type($result))"

    def __init__(self, lhs: SSAValue, rhs: SSAValue) -> None:
        super().__init__(operands=[lhs, rhs], result_types=[lhs.type])


@irdl_op_definition
class AbsOp(UnaryOp):
    """The magnitude; that of a complex number is real. The smallest integer stays itself."""

    name = "stablehlo.abs"
    KINDS: ClassVar[Kind] = Kind.NUMBER

    def verify_result(self, element: Attribute) -> None:
        expect_element(self.result, element.element_type if isa(element, ComplexType) else element)


@irdl_op_definition
class CbrtOp(AccurateOp):
    """The cube root, also of negative numbers."""

    name = "stablehlo.cbrt"


@irdl_op_definition
class CeilOp(UnaryOp):
    """The next integer above."""

    name = "stablehlo.ceil"
    KINDS: ClassVar[Kind] = Kind.FLOAT


@irdl_op_definition
class CosineOp(AccurateOp):
    """The cosine."""

    name = "stablehlo.cosine"


@irdl_op_definition
class CountLeadingZerosOp(UnaryOp):
    """How many bits above the highest one are zero."""

    name = "stablehlo.count_leading_zeros"
    KINDS: ClassVar[Kind] = Kind.INTEGER


@irdl_op_definition
class ExponentialOp(AccurateOp):
    """e to the power of the operand."""

    name = "stablehlo.exponential"


@irdl_op_definition
class ExponentialMinusOneOp(AccurateOp):
    """e^x - 1, accurate near zero."""

    name = "stablehlo.exponential_minus_one"


@irdl_op_definition
class FloorOp(UnaryOp):
    """The next integer below."""

    name = "stablehlo.floor"
    KINDS: ClassVar[Kind] = Kind.FLOAT


@irdl_op_definition
class LogOp(AccurateOp):
    """The natural logarithm."""

    name = "stablehlo.log"


@irdl_op_definition
class LogPlusOneOp(AccurateOp):
    """log(1 + x), accurate near zero."""

    name = "stablehlo.log_plus_one"


@irdl_op_definition
class LogisticOp(AccurateOp):
    """1 / (1 + e^-x)."""

    name = "stablehlo.logistic"


@irdl_op_definition
class NegateOp(UnaryOp):
    """The number with the other sign; integers wrap."""

    name = "stablehlo.negate"
    KINDS: ClassVar[Kind] = Kind.NUMBER


@irdl_op_definition
class NotOp(UnaryOp):
    """All bits the other way round."""

    name = "stablehlo.not"
    KINDS: ClassVar[Kind] = Kind.BITS


@irdl_op_definition
class PopcntOp(UnaryOp):
    """How many bits are one."""

    name = "stablehlo.popcnt"
    KINDS: ClassVar[Kind] = Kind.INTEGER


@irdl_op_definition
class RoundNearestAfzOp(UnaryOp):
    """The nearest integer, halves away from zero."""

    name = "stablehlo.round_nearest_afz"
    KINDS: ClassVar[Kind] = Kind.FLOAT


@irdl_op_definition
class RoundNearestEvenOp(UnaryOp):
    """The nearest integer, halves to the even one."""

    name = "stablehlo.round_nearest_even"
    KINDS: ClassVar[Kind] = Kind.FLOAT


@irdl_op_definition
class RsqrtOp(AccurateOp):
    """One over the square root."""

    name = "stablehlo.rsqrt"


@irdl_op_definition
class SignOp(UnaryOp):
    """-1, 0 or 1; zeros keep their sign, NaN stays; x / |x| of a complex number."""

    name = "stablehlo.sign"
    KINDS: ClassVar[Kind] = Kind.SIGNED | Kind.FLOAT | Kind.COMPLEX


@irdl_op_definition
class SineOp(AccurateOp):
    """The sine."""

    name = "stablehlo.sine"


@irdl_op_definition
class SqrtOp(AccurateOp):
    """The square root."""

    name = "stablehlo.sqrt"


@irdl_op_definition
class TanOp(AccurateOp):
    """The tangent."""

    name = "stablehlo.tan"


@irdl_op_definition
class TanhOp(AccurateOp):
    """The hyperbolic tangent."""

    name = "stablehlo.tanh"


@irdl_op_definition
class AddOp(BinaryOp):
    """The sum; of truth values, or. Integers wrap."""

    name = "stablehlo.add"
    KINDS: ClassVar[Kind] = Kind.ANY


@irdl_op_definition
class AndOp(BinaryOp):
    """Bitwise and."""

    name = "stablehlo.and"
    KINDS: ClassVar[Kind] = Kind.BITS


@irdl_op_definition
class Atan2Op(BinaryOp):
    """The angle of the point (rhs, lhs)."""

    name = "stablehlo.atan2"
    KINDS: ClassVar[Kind] = Kind.FLOAT | Kind.COMPLEX


@irdl_op_definition
class DivideOp(BinaryOp):
    """The quotient, of integers rounded to zero; x / 0 is -1 (all bits one), the smallest over -1 itself."""

    name = "stablehlo.divide"
    KINDS: ClassVar[Kind] = Kind.NUMBER


@irdl_op_definition
class MaximumOp(BinaryOp):
    """The larger one; NaN where one is NaN."""

    name = "stablehlo.maximum"
    KINDS: ClassVar[Kind] = Kind.ANY


@irdl_op_definition
class MinimumOp(BinaryOp):
    """The smaller one; NaN where one is NaN."""

    name = "stablehlo.minimum"
    KINDS: ClassVar[Kind] = Kind.ANY


@irdl_op_definition
class MultiplyOp(BinaryOp):
    """The product; of truth values, and. Integers wrap."""

    name = "stablehlo.multiply"
    KINDS: ClassVar[Kind] = Kind.ANY


@irdl_op_definition
class OrOp(BinaryOp):
    """Bitwise or."""

    name = "stablehlo.or"
    KINDS: ClassVar[Kind] = Kind.BITS


@irdl_op_definition
class PowerOp(BinaryOp):
    """lhs to the power of rhs; integers wrap, and 1 / lhs^-rhs is rounded to zero."""

    name = "stablehlo.power"
    KINDS: ClassVar[Kind] = Kind.NUMBER


@irdl_op_definition
class RemainderOp(BinaryOp):
    """What the quotient rounded to zero leaves, with the sign of lhs; x % 0 is x for integers."""

    name = "stablehlo.remainder"
    KINDS: ClassVar[Kind] = Kind.NUMBER


@irdl_op_definition
class ShiftLeftOp(BinaryOp):
    """lhs * 2^rhs; zero when rhs, read as unsigned, is the width or more."""

    name = "stablehlo.shift_left"
    KINDS: ClassVar[Kind] = Kind.INTEGER


@irdl_op_definition
class ShiftRightArithmeticOp(BinaryOp):
    """Copies of the sign bit come in; only they are left from the width on."""

    name = "stablehlo.shift_right_arithmetic"
    KINDS: ClassVar[Kind] = Kind.INTEGER


@irdl_op_definition
class ShiftRightLogicalOp(BinaryOp):
    """Zeros come in; only they are left from the width on."""

    name = "stablehlo.shift_right_logical"
    KINDS: ClassVar[Kind] = Kind.INTEGER


@irdl_op_definition
class SubtractOp(BinaryOp):
    """The difference; integers wrap."""

    name = "stablehlo.subtract"
    KINDS: ClassVar[Kind] = Kind.NUMBER


@irdl_op_definition
class XorOp(BinaryOp):
    """Bitwise exclusive or."""

    name = "stablehlo.xor"
    KINDS: ClassVar[Kind] = Kind.BITS


@irdl_op_definition
class IsFiniteOp(UnaryOp):
    """Whether a float is neither infinite nor NaN."""

    name = "stablehlo.is_finite"
    KINDS: ClassVar[Kind] = Kind.FLOAT

    def __init__(self, operand: SSAValue) -> None:
        super().__init__(operand, with_element_type(operand.type, i1))

    def verify_result(self, element: Attribute) -> None:
        expect_element(self.result, i1)


@irdl_op_definition
class ConvertOp(UnaryOp):
    """The number in another type. Floats become integers by rounding to zero, and truth values by being other than 0.

    ```mlir
    %1 = stablehlo.convert %0 : (tensor<4xi32>) -> tensor<4xf32>
    ```
    """

    name = "stablehlo.convert"

    def verify_result(self, element: Attribute) -> None:
        """Any kind of number becomes any other."""


ELEMENTWISE_OPS = (
    AbsOp,
    CbrtOp,
    CeilOp,
    CosineOp,
    CountLeadingZerosOp,
    ExponentialOp,
    ExponentialMinusOneOp,
    FloorOp,
    LogOp,
    LogPlusOneOp,
    LogisticOp,
    NegateOp,
    NotOp,
    PopcntOp,
    RoundNearestAfzOp,
    RoundNearestEvenOp,
    RsqrtOp,
    SignOp,
    SineOp,
    SqrtOp,
    TanOp,
    TanhOp,
    AddOp,
    AndOp,
    Atan2Op,
    DivideOp,
    MaximumOp,
    MinimumOp,
    MultiplyOp,
    OrOp,
    PowerOp,
    RemainderOp,
    ShiftLeftOp,
    ShiftRightArithmeticOp,
    ShiftRightLogicalOp,
    SubtractOp,
    XorOp,
    IsFiniteOp,
    ConvertOp,
)
"""The ops of this file."""
