"""What the ops of linalg have in common in their text: `ins(%a : type) outs(%b : type)` and `-> type`."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Attribute, SSAValue
from xdsl.parser import Parser
from xdsl.printer import Printer


def parse_group(parser: Parser, keyword: str) -> list[SSAValue]:
    """`keyword(%a, %b : type, type)`, or nothing."""
    if parser.parse_optional_keyword(keyword) is None:
        return []
    position = parser.pos
    with parser.in_parens():
        names = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_unresolved_operand)
        parser.parse_punctuation(":")
        types = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
    return list(parser.resolve_operands(names, types, position))


def print_group(printer: Printer, keyword: str, values: Sequence[SSAValue]) -> None:
    """The inverse of `parse_group`."""
    if not values:
        return
    printer.print_string(f" {keyword}")
    with printer.in_parens():
        printer.print_list(values, printer.print_ssa_value)
        printer.print_string(" : ")
        printer.print_list([value.type for value in values], printer.print_attribute)


def parse_result_types(parser: Parser) -> list[Attribute]:
    """`-> type`, `-> (type, type)`, or nothing."""
    if parser.parse_optional_punctuation("->") is None:
        return []
    types = parser.parse_optional_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
    return [parser.parse_type()] if types is None else list(types)


def print_result_types(printer: Printer, types: Sequence[Attribute]) -> None:
    """The inverse of `parse_result_types`."""
    if not types:
        return
    printer.print_string(" -> ")
    if len(types) == 1:
        printer.print_attribute(types[0])
        return
    with printer.in_parens():
        printer.print_list(types, printer.print_attribute)


def parse_integers(parser: Parser, keyword: str) -> list[int]:
    """`keyword = [0, 1]`."""
    parser.parse_keyword(keyword)
    parser.parse_punctuation("=")
    return parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)


def print_integers(printer: Printer, keyword: str, values: Sequence[int]) -> None:
    """The inverse of `parse_integers`."""
    printer.print_string(f" {keyword} = [{', '.join(map(str, values))}]")
