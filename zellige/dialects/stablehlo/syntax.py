"""Directives of upstream's text forms that xDSL lacks."""

from __future__ import annotations

from xdsl.irdl import IRDLOperation
from xdsl.irdl.declarative_assembly_format import (
    CustomDirective,
    OperandsDirective,
    ParsingState,
    PrintingState,
    TypeDirective,
    VariableDirective,
    VariadicOperandVariable,
    irdl_custom_directive,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer


@irdl_custom_directive
class SameOperandsAndResultType(CustomDirective):
    """`type` when operands and result have one type, else `(type, type) -> type`."""

    operands: TypeDirective
    result: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        types = parser.parse_optional_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
        if types is None:
            type_ = parser.parse_type()
            self.operands.set(state, [type_] * self._count(state))
            self.result.set(state, [type_])
            return
        self.operands.set(state, types)
        parser.parse_punctuation("->")
        self.result.set(state, [parser.parse_type()])

    def _count(self, state: ParsingState) -> int:
        """How many operands have been read; they stand before the types."""
        variable = self.operands.inner
        if isinstance(variable, OperandsDirective):
            return sum(len(group or ()) for group in state.operands)
        assert isinstance(variable, VariableDirective)
        return len(state.operands[variable.index] or ())

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        state.print_whitespace(printer)
        operands, result = self.operands.get(op), self.result.get(op)[0]
        if operands and all(type_ == result for type_ in operands):
            printer.print_attribute(result)
            return
        with printer.in_parens():
            printer.print_list(operands, printer.print_attribute)
        printer.print_string(" -> ")
        printer.print_attribute(result)


@irdl_custom_directive
class PairwiseTypes(CustomDirective):
    """`type, type`: each operand has the type of its result."""

    operands: TypeDirective
    results: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        types = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
        self.operands.set(state, types)
        self.results.set(state, types)

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        state.print_whitespace(printer)
        printer.print_list(self.results.get(op), printer.print_attribute)

    def set_empty(self, state: ParsingState) -> None:
        self.operands.set_empty(state)
        self.results.set_empty(state)


@irdl_custom_directive
class OperandsBeforeAttribute(CustomDirective):
    """`%0, %1,`: operands with a comma after each, for an attribute follows."""

    operands: VariadicOperandVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        operands: list[UnresolvedOperand] = []
        while (operand := parser.parse_optional_unresolved_operand()) is not None:
            operands.append(operand)
            parser.parse_punctuation(",")
        self.operands.set(state, operands)

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        state.print_whitespace(printer)
        for operand in self.operands.get(op):
            printer.print_ssa_value(operand)
            printer.print_string(", ")
        state.should_emit_space = False
        state.last_was_punctuation = True
