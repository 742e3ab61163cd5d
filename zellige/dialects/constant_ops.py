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


class TensorConstantOp(IRDLOperation, ABC):
    """`stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>`: the result has the type of the value."""

    value = prop_def(DenseIntOrFPElementsAttr)
    output = result_def(TensorType)
    traits = traits_def(ConstantLike(), Pure())

    def __init__(self, value: DenseIntOrFPElementsAttr) -> None:
        super().__init__(result_types=[value.type], properties={"value": value})

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        attributes = parser.parse_optional_attr_dict()
        value = parser.parse_attribute()
        assert isinstance(value, TypedAttribute)
        return cls.create(properties={"value": value}, attributes=attributes, result_types=[value.get_type()])

    def print(self, printer: Printer) -> None:
        printer.print_op_attributes(self.attributes)
        printer.print_string(" ")
        printer.print_attribute(self.value)

    def verify_(self) -> None:
        if self.value.get_type() != self.output.type:
            raise VerifyException(f"expected a result of type {self.value.get_type()}, got {self.output.type}")
