"""TOSA ops with regions, which take and yield tensors; a condition is one `i1` of any rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from xdsl.dialects.builtin import FunctionType, TensorType, i1
from xdsl.ir import Attribute, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, Pure, RecursiveMemoryEffect
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import is_tensor
from zellige.support.printing import types_text


@irdl_op_definition
class YieldOp(IRDLOperation):
    """What a region yields: `tosa.yield %0, %1 : tensor<f32>, tensor<i32>`."""

    name = "tosa.yield"

    inputs = var_operand_def()
    traits = traits_def(IsTerminator(), Pure())
    assembly_format = "attr-dict ($inputs^ `:` type($inputs))?"


def _expect_region(region: Region, arguments: Sequence[Attribute], yields: Sequence[Attribute], what: str) -> None:
    if list(region.block.arg_types) != list(arguments):
        raise VerifyException(
            f"expected {what} to take {types_text(arguments)}, got {types_text(region.block.arg_types)}"
        )
    last = region.block.last_op
    if not isinstance(last, YieldOp):
        raise VerifyException(f"expected {what} to end in 'tosa.yield'")
    if list(last.inputs.types) != list(yields):
        raise VerifyException(f"expected {what} to yield {types_text(yields)}, got {types_text(last.inputs.types)}")


def _expect_condition(type_: Attribute, what: str) -> None:
    if not is_tensor(type_) or type_.element_type != i1 or any(size != 1 for size in type_.get_shape()):
        raise VerifyException(f"expected {what} to be one i1, got {type_}")


def _parse_pairs(parser: Parser) -> tuple[list[Any], list[Any]]:
    """`(%a = %x, %b = %y)`: names of arguments of regions, and the values that they have."""

    def parse_pair() -> tuple[Any, Any]:
        name = parser.parse_argument(expect_type=False)
        parser.parse_punctuation("=")
        return name, parser.parse_unresolved_operand()

    pairs = parser.parse_optional_comma_separated_list(parser.Delimiter.PAREN, parse_pair) or []
    return [name for name, _ in pairs], [value for _, value in pairs]


def _print_pairs(printer: Printer, region: Region, values: Sequence[SSAValue]) -> None:
    with printer.in_parens():
        for index, (argument, value) in enumerate(zip(region.block.args, values, strict=True)):
            printer.print_string(", " if index else "")
            printer.print_ssa_value(argument)
            printer.print_string(" = ")
            printer.print_ssa_value(value)


@irdl_op_definition
class CondIfOp(IRDLOperation):
    """Run one of two regions, which take the same values.

    ```mlir
    %1 = tosa.cond_if %c (%a = %x) : tensor<i1> (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      tosa.yield %a : tensor<4xf32>
    } else {
    ^bb0(%a: tensor<4xf32>):
      …
    }
    ```
    """

    name = "tosa.cond_if"

    condition = operand_def(TensorType.constr(i1))
    input_list = var_operand_def()
    then_graph = region_def("single_block")
    else_graph = region_def("single_block")
    output_list = var_result_def()
    traits = traits_def(RecursiveMemoryEffect())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        position = parser.pos
        condition = parser.parse_unresolved_operand()
        _, values = _parse_pairs(parser)
        parser.parse_punctuation(":")
        condition_type = parser.parse_type()
        types: Sequence[Attribute] = ()
        if values:
            types = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
        results = _parse_results(parser)
        then_graph = parser.parse_region()
        parser.parse_keyword("else")
        else_graph = parser.parse_region()
        operands = parser.resolve_operands([condition, *values], [condition_type, *types], position)
        return cls(
            operands=[operands[0], operands[1:]],
            result_types=[results],
            attributes=parser.parse_optional_attr_dict(),
            regions=[then_graph, else_graph],
        )

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_ssa_value(self.condition)
        if self.input_list:
            printer.print_string(" ")
            _print_pairs(printer, self.then_graph, self.input_list)
        printer.print_string(" : ")
        printer.print_attribute(self.condition.type)
        if self.input_list:
            printer.print_string(" ")
            with printer.in_parens():
                printer.print_list(self.input_list.types, printer.print_attribute)
        _print_results(printer, self.output_list.types)
        printer.print_string(" ")
        printer.print_region(self.then_graph)
        printer.print_string(" else ")
        printer.print_region(self.else_graph)
        printer.print_op_attributes(self.attributes)

    def verify_(self) -> None:
        _expect_condition(self.condition.type, "the condition")
        for what, region in (("the first region", self.then_graph), ("the second region", self.else_graph)):
            _expect_region(region, self.input_list.types, self.output_list.types, what)


def _parse_results(parser: Parser) -> Sequence[Attribute]:
    parser.parse_punctuation("->")
    types = parser.parse_optional_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
    return [parser.parse_type()] if types is None else types


def _print_results(printer: Printer, types: Sequence[Attribute]) -> None:
    printer.print_string(" -> ")
    if len(types) == 1:
        printer.print_attribute(types[0])
    else:
        with printer.in_parens():
            printer.print_list(types, printer.print_attribute)


@irdl_op_definition
class WhileLoopOp(IRDLOperation):
    """Run `body_graph` on the carried values as long as `cond_graph` of them is true.

    ```mlir
    %1 = tosa.while_loop (%i = %n) : (tensor<i32>) -> tensor<i32> {
      …
      tosa.yield %c : tensor<i1>
    } do {
    ^bb0(%i: tensor<i32>):
      …
      tosa.yield %j : tensor<i32>
    }
    ```
    """

    name = "tosa.while_loop"

    input_list = var_operand_def()
    cond_graph = region_def("single_block")
    body_graph = region_def("single_block")
    output_list = var_result_def()
    traits = traits_def(RecursiveMemoryEffect())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        position = parser.pos
        names, values = _parse_pairs(parser)
        parser.parse_punctuation(":")
        types = parser.parse_type()
        if not isinstance(types, FunctionType):
            parser.raise_error(f"expected the types of operands and results, got {types}", position)
        operands = parser.resolve_operands(values, types.inputs.data, position)
        arguments = [name.resolve(type_) for name, type_ in zip(names, types.inputs.data, strict=True)]
        cond_graph = parser.parse_region(arguments)
        parser.parse_keyword("do")
        body_graph = parser.parse_region()
        return cls(
            operands=[operands],
            result_types=[types.outputs.data],
            attributes=parser.parse_optional_attr_dict(),
            regions=[cond_graph, body_graph],
        )

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        _print_pairs(printer, self.cond_graph, self.input_list)
        printer.print_string(" : ")
        printer.print_operation_type(self)
        printer.print_string(" ")
        printer.print_region(self.cond_graph, print_entry_block_args=False)
        printer.print_string(" do ")
        printer.print_region(self.body_graph)
        printer.print_op_attributes(self.attributes)

    def verify_(self) -> None:
        types = self.input_list.types
        if list(self.output_list.types) != list(types):
            raise VerifyException(f"expected results {types_text(types)}, got {types_text(self.output_list.types)}")
        last = self.cond_graph.block.last_op
        conditions = [value.type for value in last.operands] if last is not None else []
        _expect_region(self.cond_graph, types, conditions, "the condition")
        if len(conditions) != 1:
            raise VerifyException(f"expected the condition to yield one value, got {len(conditions)}")
        _expect_condition(conditions[0], "the condition")
        _expect_region(self.body_graph, types, types, "the body")


CONTROL_FLOW_OPS = (CondIfOp, WhileLoopOp, YieldOp)
"""The ops of this file."""
