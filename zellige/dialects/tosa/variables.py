"""TOSA's variables: tensors of a module that keep their values between calls."""

from __future__ import annotations

from typing import Self

import numpy as np
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    IndexType,
    StringAttr,
    SymbolNameConstraint,
    SymbolRefAttr,
    TensorType,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import MemoryReadEffect, MemoryWriteEffect, SymbolOpInterface
from xdsl.utils.hints import isa


@irdl_op_definition
class VariableOp(IRDLOperation):
    """A tensor that keeps its value between calls, and has none before it is written if none is given.

    ```mlir
    tosa.variable @v = dense<0.0> : tensor<2xf32>
    ```
    """

    name = "tosa.variable"

    sym_name = prop_def(SymbolNameConstraint())
    var_shape = prop_def(DenseIntOrFPElementsAttr)
    element = prop_def(Attribute, prop_name="type")
    initial_value = opt_prop_def(DenseIntOrFPElementsAttr)
    traits = traits_def(SymbolOpInterface())

    @property
    def tensor_type(self) -> TensorType[Attribute]:
        """The type of what is read and written."""
        return TensorType(self.element, [size for size in self.var_shape.iter_values() if isinstance(size, int)])

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        symbol = parser.parse_symbol_name()
        attributes = parser.parse_optional_attr_dict()
        position, value, type_ = parser.pos, None, None
        if parser.parse_optional_punctuation("=") is not None:
            value = parser.parse_attribute()
            type_ = value.get_type() if isa(value, DenseIntOrFPElementsAttr) else None
        else:
            parser.parse_punctuation(":")
            type_ = parser.parse_type()
        if not isa(type_, TensorType[Attribute]):
            parser.raise_error("expected a value or a type that is a tensor", position)
        shape = np.array(type_.get_shape(), np.int64)
        sizes = DenseIntOrFPElementsAttr.from_list(TensorType(IndexType(), shape.shape), shape.tolist())
        properties = {"sym_name": symbol, "var_shape": sizes, "type": type_.element_type, "initial_value": value}
        return cls(properties=properties, attributes=attributes)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_op_attributes(self.attributes)
        if self.initial_value is None:
            printer.print_string(" : ")
            printer.print_attribute(self.tensor_type)
        else:
            printer.print_string(" = ")
            printer.print_attribute(self.initial_value)


@irdl_op_definition
class VariableReadOp(IRDLOperation):
    """The value of a variable: `%0 = tosa.variable_read @v : tensor<2xf32>`."""

    name = "tosa.variable_read"

    variable = prop_def(StringAttr | SymbolRefAttr, prop_name="name")
    output1 = result_def(TensorType)
    traits = traits_def(MemoryReadEffect())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        symbol = parser.parse_symbol_name()
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        return cls(properties={"name": symbol}, attributes=attributes, result_types=[parser.parse_type()])

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(symbol_of(self))
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_attribute(self.output1.type)


@irdl_op_definition
class VariableWriteOp(IRDLOperation):
    """Give a variable another value: `tosa.variable_write @v, %0 : tensor<2xf32>`."""

    name = "tosa.variable_write"

    variable = prop_def(StringAttr | SymbolRefAttr, prop_name="name")
    input1 = operand_def(TensorType)
    traits = traits_def(MemoryWriteEffect())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        symbol = parser.parse_symbol_name()
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(",")
        position, value = parser.pos, parser.parse_unresolved_operand()
        parser.parse_punctuation(":")
        operands = parser.resolve_operands([value], [parser.parse_type()], position)
        return cls(properties={"name": symbol}, attributes=attributes, operands=operands)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(symbol_of(self))
        printer.print_op_attributes(self.attributes)
        printer.print_string(", ")
        printer.print_ssa_value(self.input1)
        printer.print_string(" : ")
        printer.print_attribute(self.input1.type)


def symbol_of(op: VariableReadOp | VariableWriteOp) -> str:
    """The name of the variable."""
    variable = op.variable
    return variable.data if isinstance(variable, StringAttr) else variable.string_value()


VARIABLE_OPS = (VariableOp, VariableReadOp, VariableWriteOp)
"""The ops of this file."""
