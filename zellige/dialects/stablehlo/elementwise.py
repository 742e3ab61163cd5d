"""StableHLO ops that compute each element of the result from the elements at the same place of the operands.

Contract. Operands and result of a verified op have one shape, where sizes that are dynamic agree with any; only the
bounds of `clamp` and the condition of `select` may be tensors without dimensions. Element types are those that the
specification allows, so that a lowering only has to ask which kind of number it is.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from enum import Flag, auto
from typing import ClassVar

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I32,
    AnyFloat,
    ComplexType,
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    Signedness,
    TensorType,
    i1,
    i32,
    i64,
)
from xdsl.ir import Attribute, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.irdl.declarative_assembly_format import (
    AttributeVariable,
    CustomDirective,
    ParsingState,
    PrintingState,
    TypeDirective,
    irdl_custom_directive,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure, RecursiveMemoryEffect
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.dialects.constant_ops import TensorConstantOp
from zellige.dialects.shaped_types import element_type, tensor_type, with_element_type
from zellige.dialects.stablehlo.attributes import (
    ComparisonDirection,
    ComparisonDirectionAttr,
    ComparisonType,
    ComparisonTypeAttr,
    ResultAccuracyAttr,
)
from zellige.dialects.stablehlo.syntax import SameOperandsAndResultType


class Kind(Flag):
    """Kinds of elements that the specification tells apart."""

    BOOLEAN = auto()
    SIGNED = auto()
    UNSIGNED = auto()
    FLOAT = auto()
    COMPLEX = auto()

    INTEGER = SIGNED | UNSIGNED
    REAL = INTEGER | FLOAT
    NUMBER = REAL | COMPLEX
    BITS = BOOLEAN | INTEGER
    ANY = BOOLEAN | NUMBER


def kind_of(element: Attribute) -> Kind:
    """The kind of an element type; no kind for what is no number, such as a quantised type."""
    match element:
        case IntegerType() if element.signedness.data == Signedness.UNSIGNED:
            return Kind.UNSIGNED
        case IntegerType():
            return Kind.BOOLEAN if element == i1 else Kind.SIGNED
        case ComplexType():
            return Kind.COMPLEX
        case _:
            return Kind.FLOAT if isinstance(element, AnyFloat) else Kind(0)


def agree(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two shapes may be the same; a dynamic size agrees with any."""
    return len(one) == len(other) and all(a == b or DYNAMIC_INDEX in (a, b) for a, b in zip(one, other, strict=True))


def expect_shape(value: SSAValue, model: SSAValue) -> None:
    """Raise `VerifyException` unless two tensors have one shape."""
    if not agree(tensor_type(value).get_shape(), tensor_type(model).get_shape()):
        raise VerifyException(f"expected operands and results of one shape, got {value.type} and {model.type}")


def expect_element(value: SSAValue, element: Attribute) -> None:
    """Raise `VerifyException` unless a tensor has this element type."""
    if element_type(value.type) != element:
        raise VerifyException(f"expected elements of type {element}, got {value.type}")


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


@irdl_op_definition
class BitcastConvertOp(IRDLOperation):
    """The bits as elements of another type; narrower elements stand in a last dimension, lowest bits first.

    ```mlir
    %1 = stablehlo.bitcast_convert %0 : (tensor<4xf64>) -> tensor<4x2xf32>
    ```
    """

    name = "stablehlo.bitcast_convert"

    operand = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    custom_directives = (SameOperandsAndResultType,)
    assembly_format = "$operand attr-dict `:` custom<SameOperandsAndResultType>(type(operands), type($result))"

    def __init__(self, operand: SSAValue, result_type: TensorType[Attribute]) -> None:
        super().__init__(operands=[operand], result_types=[result_type])

    def verify_(self) -> None:
        source, target = tensor_type(self.operand), tensor_type(self.result)
        source_bits, target_bits = bits_of(source.element_type), bits_of(target.element_type)
        wide, narrow = (source, target) if source_bits >= target_bits else (target, source)
        expected = [*wide.get_shape()]
        if source_bits != target_bits:
            expected.append(max(source_bits, target_bits) // max(1, min(source_bits, target_bits)))
        if not agree(expected, narrow.get_shape()):
            raise VerifyException(f"expected as many bits in operand and result, got {source} and {target}")


def bits_of(element: Attribute) -> int:
    """Width of an element as a program sees it; 0 for types without one."""
    match element:
        case ComplexType():
            return 2 * bits_of(element.element_type)
        case IntegerType():
            return element.bitwidth
        case _:
            return element.bitwidth if isinstance(element, AnyFloat) else 0


@irdl_op_definition
class CompareOp(ElementwiseOp):
    """Whether lhs stands in this relation to rhs.

    ```mlir
    %2 = stablehlo.compare LT, %0, %1, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
    ```
    """

    name = "stablehlo.compare"

    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    comparison_direction = prop_def(ComparisonDirectionAttr)
    compare_type = opt_prop_def(ComparisonTypeAttr)
    result = result_def(TensorType)
    assembly_format = (
        "$comparison_direction `,` $lhs `,` $rhs (`,` $compare_type^)? attr-dict `:` functional-type(operands, results)"
    )

    def __init__(
        self, direction: ComparisonDirection, lhs: SSAValue, rhs: SSAValue, compare_type: ComparisonType | None = None
    ) -> None:
        super().__init__(
            operands=[lhs, rhs],
            result_types=[with_element_type(lhs.type, i1)],
            properties={
                "comparison_direction": ComparisonDirectionAttr(direction),
                "compare_type": None if compare_type is None else ComparisonTypeAttr(compare_type),
            },
        )

    def verify_result(self, element: Attribute) -> None:
        expect_element(self.result, i1)


@irdl_custom_directive
class SelectTypes(CustomDirective):
    """`type, type`: the type of the condition and that of the others; or `(type, type, type) -> type`."""

    operands: TypeDirective
    result: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        if parser.parse_optional_punctuation("(") is None:
            condition = parser.parse_type()
            parser.parse_punctuation(",")
            value = parser.parse_type()
            types: Sequence[Attribute] = [condition, value, value]
        else:
            types = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
            parser.parse_punctuation(")")
            parser.parse_punctuation("->")
            value = parser.parse_type()
        self.operands.set(state, types)
        self.result.set(state, [value])

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        state.print_whitespace(printer)
        operands, result = self.operands.get(op), self.result.get(op)[0]
        if all(type_ == result for type_ in operands[1:]):
            printer.print_list([operands[0], result], printer.print_attribute)
            return
        with printer.in_parens():
            printer.print_list(operands, printer.print_attribute)
        printer.print_string(" -> ")
        printer.print_attribute(result)


@irdl_op_definition
class SelectOp(IRDLOperation):
    """Each element of one tensor or of the other; the condition may be one for all of them.

    ```mlir
    %3 = stablehlo.select %0, %1, %2 : tensor<4xi1>, tensor<4xf32>
    ```
    """

    name = "stablehlo.select"

    pred = operand_def(TensorType)
    on_true = operand_def(TensorType)
    on_false = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    custom_directives = (SelectTypes,)
    assembly_format = (
        "$pred `,` $on_true `,` $on_false attr-dict `:` custom<SelectTypes>(type(operands), type($result))"
    )

    def __init__(self, pred: SSAValue, on_true: SSAValue, on_false: SSAValue) -> None:
        super().__init__(operands=[pred, on_true, on_false], result_types=[on_true.type])

    def verify_(self) -> None:
        expect_element(self.pred, i1)
        expect_scalar_or_shape(self.pred, self.on_true)
        for value in (self.on_false, self.result):
            expect_shape(value, self.on_true)
            expect_element(value, element_type(self.on_true.type))


def expect_scalar_or_shape(value: SSAValue, model: SSAValue) -> None:
    """Raise `VerifyException` unless a tensor has no dimensions or those of the other one."""
    if tensor_type(value).get_num_dims():
        expect_shape(value, model)


@irdl_op_definition
class ClampOp(IRDLOperation):
    """`minimum(maximum(operand, min), max)`; a bound may be one for all elements.

    ```mlir
    %3 = stablehlo.clamp %0, %1, %2 : (tensor<f32>, tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    ```
    """

    name = "stablehlo.clamp"

    min = operand_def(TensorType)
    operand = operand_def(TensorType)
    max = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    custom_directives = (SameOperandsAndResultType,)
    assembly_format = (
        "$min `,` $operand `,` $max attr-dict `:` custom<SameOperandsAndResultType>(type(operands), type($result))"
    )

    def __init__(self, min_: SSAValue, operand: SSAValue, max_: SSAValue) -> None:
        super().__init__(operands=[min_, operand, max_], result_types=[operand.type])

    def verify_(self) -> None:
        for bound in (self.min, self.max):
            expect_scalar_or_shape(bound, self.operand)
            expect_element(bound, element_type(self.operand.type))
        expect_shape(self.result, self.operand)
        expect_element(self.result, element_type(self.operand.type))


@irdl_custom_directive
class FloatFormat(CustomDirective):
    """`e5m10`."""

    exponent_bits: AttributeVariable
    mantissa_bits: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        position = parser.pos
        word = parser.parse_identifier()
        exponent, _, mantissa = word.removeprefix("e").partition("m")
        if not (word.startswith("e") and exponent.isdecimal() and mantissa.isdecimal()):
            parser.raise_error(f"expected a format such as 'e5m10', got '{word}'", position)
        self.exponent_bits.set(state, IntegerAttr(int(exponent), i32))
        self.mantissa_bits.set(state, IntegerAttr(int(mantissa), i32))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        assert isinstance(op, ReducePrecisionOp)
        state.print_whitespace(printer)
        printer.print_string(f"e{op.exponent_bits.value.data}m{op.mantissa_bits.value.data}")


@irdl_op_definition
class ReducePrecisionOp(ElementwiseOp):
    """The float rounded to the nearest one, halves to even, of a format with fewer bits.

    ```mlir
    %1 = stablehlo.reduce_precision %0, format = e5m10 : tensor<4xf32>
    ```
    """

    name = "stablehlo.reduce_precision"
    KINDS: ClassVar[Kind] = Kind.FLOAT

    operand = operand_def(TensorType)
    exponent_bits = prop_def(IntegerAttr[I32])
    mantissa_bits = prop_def(IntegerAttr[I32])
    output = result_def(TensorType)
    custom_directives = (FloatFormat, SameOperandsAndResultType)
    assembly_format = (
        "$operand `,` `format` `=` custom<FloatFormat>($exponent_bits, $mantissa_bits) attr-dict "
        "`:` custom<SameOperandsAndResultType>(type(operands), type($output))"
    )

    def verify_(self) -> None:
        super().verify_()
        exponent, mantissa = self.exponent_bits.value.data, self.mantissa_bits.value.data
        if exponent < 1 or mantissa < 0:
            raise VerifyException(f"expected at least 1 exponent bit and 0 mantissa bits, got e{exponent}m{mantissa}")


@irdl_op_definition
class MapOp(IRDLOperation):
    """What a region of tensors without dimensions computes of each element.

    ```mlir
    %2 = "stablehlo.map"(%0, %1) ({
    ^bb0(%a: tensor<i64>, %b: tensor<i64>):
      %3 = stablehlo.multiply %a, %b : tensor<i64>
      stablehlo.return %3 : tensor<i64>
    }) {dimensions = array<i64: 0>} : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
    ```
    """

    name = "stablehlo.map"

    inputs = var_operand_def(TensorType)
    dimensions = prop_def(DenseArrayBase.constr(i64))
    computation = region_def("single_block")
    result = result_def(TensorType)
    traits = traits_def(RecursiveMemoryEffect())

    def verify_(self) -> None:
        if not self.inputs:
            raise VerifyException("expected at least 1 input")
        rank = tensor_type(self.inputs[0]).get_num_dims()
        if list(self.dimensions.get_values()) != list(range(rank)):
            raise VerifyException(f"expected all dimensions in order (0 to {rank - 1}), got {self.dimensions}")
        for value in (*self.inputs, self.result):
            expect_shape(value, self.inputs[0])
        verify_scalar_region(self.computation, self.inputs, [element_type(self.result.type)])


def verify_scalar_region(region: Region, inputs: Sequence[SSAValue], results: Sequence[Attribute]) -> None:
    """Raise `VerifyException` unless a region takes an element of each input and returns these elements."""
    expected = [TensorType(element_type(value.type), []) for value in inputs]
    got = list(region.block.arg_types)
    if got != expected:
        raise VerifyException(f"expected a region with arguments {_list(expected)}, got {_list(got)}")
    last = region.block.last_op
    returned = [] if last is None else list(last.operand_types)
    if returned != (expected := [TensorType(element, []) for element in results]):
        raise VerifyException(f"expected a region that returns {_list(expected)}, got {_list(returned)}")


def _list(types: Sequence[Attribute]) -> str:
    return f"({', '.join(map(str, types))})"


@irdl_op_definition
class ConstantOp(TensorConstantOp):
    """`stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>`."""

    name = "stablehlo.constant"


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
    BitcastConvertOp,
    CompareOp,
    SelectOp,
    ClampOp,
    ReducePrecisionOp,
    MapOp,
    ConstantOp,
)
"""The ops of this file."""
