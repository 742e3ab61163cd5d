"""StableHLO ops between complex numbers and their parts.

Contract. A part has the shape of the number and the type of its parts; a real number is its own real part.
"""

from __future__ import annotations

from typing import ClassVar

from xdsl.dialects.builtin import AnyFloat, ComplexType, TensorType
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    result_def,
)
from xdsl.irdl.declarative_assembly_format import (
    CustomDirective,
    ParsingState,
    PrintingState,
    TypeDirective,
    irdl_custom_directive,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import element_type, is_tensor, tensor_type, with_element_type
from zellige.dialects.stablehlo.element_kinds import Kind, expect_element, expect_shape
from zellige.dialects.stablehlo.elementwise import ElementwiseOp, UnaryOp


@irdl_custom_directive
class PartsOfResult(CustomDirective):
    """The complex type alone: both operands have the type of its parts."""

    operands: TypeDirective
    result: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        position = parser.pos
        type_ = parser.parse_type()
        element = element_type(type_)
        if not is_tensor(type_) or not isa(element, ComplexType):
            parser.raise_error(f"expected a tensor of complex numbers, got {type_}", position)
        self.operands.set(state, [with_element_type(type_, element.element_type)] * 2)
        self.result.set(state, [type_])

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        state.print_whitespace(printer)
        printer.print_attribute(self.result.get(op)[0])


@irdl_op_definition
class ComplexOp(ElementwiseOp):
    """`stablehlo.complex %re, %im : tensor<4xcomplex<f32>>`."""

    name = "stablehlo.complex"
    KINDS: ClassVar[Kind] = Kind.FLOAT

    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    result = result_def(TensorType)
    custom_directives = (PartsOfResult,)
    assembly_format = "$lhs `,` $rhs attr-dict `:` custom<PartsOfResult>(type(operands), type($result))"

    def __init__(self, real: SSAValue, imaginary: SSAValue) -> None:
        element = element_type(real.type)
        assert isinstance(element, AnyFloat)
        super().__init__(operands=[real, imaginary], result_types=[with_element_type(real.type, ComplexType(element))])

    def verify_result(self, element: Attribute) -> None:
        result = element_type(self.result.type)
        if not isa(result, ComplexType) or result.element_type != element:
            raise VerifyException(f"expected complex numbers with parts of type {element}, got {self.result.type}")


class _PartOp(UnaryOp):
    KINDS: ClassVar[Kind] = Kind.FLOAT | Kind.COMPLEX

    def verify_result(self, element: Attribute) -> None:
        expect_shape(self.result, self.operand)
        expect_element(self.result, element.element_type if isa(element, ComplexType) else element)

    def __init__(self, operand: SSAValue) -> None:
        element = element_type(operand.type)
        part = element.element_type if isa(element, ComplexType) else element
        super().__init__(operand, with_element_type(tensor_type(operand), part))


@irdl_op_definition
class RealOp(_PartOp):
    """`stablehlo.real %x : (tensor<4xcomplex<f32>>) -> tensor<4xf32>`."""

    name = "stablehlo.real"


@irdl_op_definition
class ImagOp(_PartOp):
    """`stablehlo.imag %x : (tensor<4xcomplex<f32>>) -> tensor<4xf32>`; zero of a real number."""

    name = "stablehlo.imag"


COMPLEX_OPS = (ComplexOp, RealOp, ImagOp)
