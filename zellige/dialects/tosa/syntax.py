"""What ops of TOSA have in common: their text, the words of the specification, and types that are shapes."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import FunctionType, IntAttr
from xdsl.ir import Attribute, Data, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import IRDLOperation, irdl_attr_definition, traits_def
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import Pure


@irdl_attr_definition
class ShapeType(ParametrizedAttribute, TypeAttribute):
    """`!tosa.shape<2>`: that many numbers, which are constants."""

    name = "tosa.shape"

    rank: IntAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            return [IntAttr(parser.parse_integer())]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_int(self.rank.data)


class WordAttr(Data[str], ABC):
    """A word of the specification: `#tosa.nan_mode<IGNORE>`."""

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> str:
        with parser.in_angle_brackets():
            return parser.parse_identifier()

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(self.data)


@irdl_attr_definition
class NanModeAttr(WordAttr):
    """What becomes of NaN: `PROPAGATE` or `IGNORE`."""

    name = "tosa.nan_mode"


@irdl_attr_definition
class RoundingModeAttr(WordAttr):
    """`SINGLE_ROUND`, `DOUBLE_ROUND` or `INEXACT_ROUND`."""

    name = "tosa.rounding_mode"


@irdl_attr_definition
class ResizeModeAttr(WordAttr):
    """`NEAREST_NEIGHBOR` or `BILINEAR`."""

    name = "tosa.resize_mode"


@irdl_attr_definition
class BlockSizeAttr(WordAttr):
    """`BLOCK_SIZE_1` and so on: how many elements share a scale."""

    name = "tosa.block_size"


_WORDS: dict[str, type[WordAttr]] = {
    "nan_mode": NanModeAttr,
    "rounding_mode": RoundingModeAttr,
    "mode": ResizeModeAttr,
    "block_size": BlockSizeAttr,
}


class TosaOp(IRDLOperation, ABC):
    """`tosa.name %0, %1 {attribute = …} : (type, type) -> type`."""

    traits = traits_def(Pure())

    @classmethod
    def parse(cls, parser: Parser) -> TosaOp:
        position = parser.pos
        operands = parser.parse_optional_undelimited_comma_separated_list(
            parser.parse_optional_unresolved_operand, parser.parse_unresolved_operand
        )
        entries = parser.parse_optional_comma_separated_list(
            parser.Delimiter.BRACES, lambda: cls._parse_attribute(parser)
        )
        parser.parse_punctuation(":")
        types = parser.parse_type()
        if not isinstance(types, FunctionType):
            parser.raise_error(f"expected the types of operands and results, got {types}", position)
        known = {name for name, _ in cls.get_irdl_definition().properties.items()}
        given = dict(entries or [])
        return cls.create(
            operands=parser.resolve_operands(operands or [], types.inputs.data, position),
            result_types=types.outputs.data,
            properties={name: value for name, value in given.items() if name in known},
            attributes={name: value for name, value in given.items() if name not in known},
        )

    @classmethod
    def _parse_attribute(cls, parser: Parser) -> tuple[str, Attribute]:
        name = parser.parse_identifier()
        parser.parse_punctuation("=")
        word = _WORDS.get(name)
        if word is not None and (text := parser.parse_optional_identifier()) is not None:
            return name, word.new(text)
        return name, parser.parse_attribute()

    def print(self, printer: Printer) -> None:
        if self.operands:
            printer.print_string(" ")
            printer.print_list(self.operands, printer.print_operand)
        printer.print_op_attributes({**self.attributes, **self.properties})
        printer.print_string(" : ")
        printer.print_operation_type(self)


ATTRIBUTES = (ShapeType, NanModeAttr, RoundingModeAttr, ResizeModeAttr, BlockSizeAttr)
"""The types and attributes of the dialect."""
