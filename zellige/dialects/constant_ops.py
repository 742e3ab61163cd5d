"""Constants of tensors: what the constants of several dialects have in common."""

from __future__ import annotations

from abc import ABC
from typing import Self

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, TensorType
from xdsl.ir import TypedAttribute
from xdsl.irdl import IRDLOperation, prop_def, result_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import ConstantLike, Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.quant import storage_of


class TensorConstantOp(IRDLOperation, ABC):
    """`stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>`: the result has the type of the value.

    A quantised tensor has integers for a value, `stablehlo.constant() {value = dense<1> : tensor<2xi8>} : () -> …`.
    """

    value = prop_def(DenseIntOrFPElementsAttr)
    output = result_def(TensorType)
    traits = traits_def(ConstantLike(), Pure())

    def __init__(self, value: DenseIntOrFPElementsAttr) -> None:
        super().__init__(result_types=[value.type], properties={"value": value})

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        if parser.parse_optional_punctuation("("):
            return cls._parse_of_other_type(parser)
        attributes = parser.parse_optional_attr_dict()
        value = parser.parse_attribute()
        assert isinstance(value, TypedAttribute)
        return cls.create(properties={"value": value}, attributes=attributes, result_types=[value.get_type()])

    @classmethod
    def _parse_of_other_type(cls, parser: Parser) -> Self:
        """The form of a result of another type, behind the parenthesis."""
        parser.parse_punctuation(")")
        properties = parser.parse_optional_properties_dict()
        attributes = parser.parse_optional_attr_dict()
        value = properties.get("value") or attributes.pop("value", None)
        if value is None:
            parser.raise_error("expected a value")
        parser.parse_punctuation(":")
        parser.parse_punctuation("(")
        parser.parse_punctuation(")")
        parser.parse_punctuation("->")
        return cls.create(properties={"value": value}, attributes=attributes, result_types=[parser.parse_type()])

    def print(self, printer: Printer) -> None:
        if self.value.get_type() != self.output.type:
            printer.print_string("() ")
            printer.print_attr_dict({**self.attributes, "value": self.value})
            printer.print_string(" : () -> ")
            printer.print_attribute(self.output.type)
            return
        printer.print_op_attributes(self.attributes)
        printer.print_string(" ")
        printer.print_attribute(self.value)

    def verify_(self) -> None:
        if self.value.get_type() != storage_of(self.output.type):
            raise VerifyException(f"expected a result of type {self.value.get_type()}, got {self.output.type}")
