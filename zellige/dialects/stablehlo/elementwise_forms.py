"""Elementwise StableHLO ops with operands, attributes or a text of their own.

Contract. As that of `elementwise`; only the bounds of `clamp` and the condition of `select` may be tensors without
dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import I32, DenseArrayBase, IntegerAttr, TensorType, i1, i32, i64
from xdsl.ir import Attribute, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
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

from zellige.dialects.constant_ops import TensorConstantOp
from zellige.dialects.shaped_types import agree, element_type, tensor_type, with_element_type
from zellige.dialects.stablehlo.attributes import (
    ComparisonDirection,
    ComparisonDirectionAttr,
    ComparisonType,
    ComparisonTypeAttr,
)
from zellige.dialects.stablehlo.element_kinds import (
    Kind,
    bits_of,
    expect_element,
    expect_scalar_or_shape,
    expect_shape,
)
from zellige.dialects.stablehlo.elementwise import ElementwiseOp
from zellige.dialects.stablehlo.syntax import SameOperandsAndResultType
from zellige.support.printing import types_text


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
        raise VerifyException(f"expected a region with arguments {types_text(expected)}, got {types_text(got)}")
    last = region.block.last_op
    returned = [] if last is None else list(last.operand_types)
    if returned != (expected := [TensorType(element, []) for element in results]):
        raise VerifyException(f"expected a region that returns {types_text(expected)}, got {types_text(returned)}")


@irdl_op_definition
class ConstantOp(TensorConstantOp):
    """`stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>`."""

    name = "stablehlo.constant"


ELEMENTWISE_FORM_OPS = (
    BitcastConvertOp,
    CompareOp,
    SelectOp,
    ClampOp,
    ReducePrecisionOp,
    MapOp,
    ConstantOp,
)
"""The ops of this file."""
