"""Attributes of elementwise StableHLO ops, with upstream's text forms."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import f64
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Data, SpacedOpaqueSyntaxAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.str_enum import StrEnum


class ComparisonDirection(StrEnum):
    """What a comparison asks of its left operand."""

    EQ = "EQ"
    NE = "NE"
    GE = "GE"
    GT = "GT"
    LE = "LE"
    LT = "LT"


class ComparisonType(StrEnum):
    """How a comparison reads its operands. Types of elements say it too, but for the total order of floats."""

    FLOAT = "FLOAT"
    TOTALORDER = "TOTALORDER"
    SIGNED = "SIGNED"
    UNSIGNED = "UNSIGNED"
    NOTYPE = "NOTYPE"


class AccuracyMode(StrEnum):
    """Which implementation of a function a program asks for; ours is the same for all."""

    DEFAULT = "DEFAULT"
    HIGHEST = "HIGHEST"
    TOLERANCE = "TOLERANCE"


@irdl_attr_definition
class ComparisonDirectionAttr(EnumAttribute[ComparisonDirection], SpacedOpaqueSyntaxAttribute):
    """`#stablehlo<comparison_direction LT>`."""

    name = "stablehlo.comparison_direction"


@irdl_attr_definition
class ComparisonTypeAttr(EnumAttribute[ComparisonType], SpacedOpaqueSyntaxAttribute):
    """`#stablehlo<comparison_type TOTALORDER>`."""

    name = "stablehlo.comparison_type"


@dataclass(frozen=True)
class ResultAccuracy:
    """How far the result of a function may be off: absolute, relative, and in units of the last place."""

    atol: float = 0.0
    rtol: float = 0.0
    ulps: int = 0
    mode: AccuracyMode = AccuracyMode.DEFAULT


def parse_mode(parser: AttrParser) -> AccuracyMode:
    """`#stablehlo.result_accuracy_mode<DEFAULT>`, which is an attribute only here."""
    parser.parse_characters("#stablehlo.result_accuracy_mode")
    with parser.in_angle_brackets():
        return parser.parse_str_enum(AccuracyMode)


@irdl_attr_definition
class ResultAccuracyAttr(Data[ResultAccuracy]):
    """`#stablehlo.result_accuracy<atol = 1.0e-5, ulps = 2, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>`."""

    name = "stablehlo.result_accuracy"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> ResultAccuracy:
        numbers: dict[str, float] = {}
        mode = AccuracyMode.DEFAULT

        def parse_field() -> None:
            nonlocal mode
            name = parser.parse_identifier()
            parser.parse_punctuation("=")
            if name == "mode":
                mode = parse_mode(parser)
            else:
                numbers[name] = parser.parse_number()

        position = parser.pos
        parser.parse_comma_separated_list(parser.Delimiter.ANGLE, parse_field)
        if not numbers.keys() <= {"atol", "rtol", "ulps"}:
            parser.raise_error(f"expected 'atol', 'rtol', 'ulps' and 'mode', got {', '.join(numbers)}", position)
        return ResultAccuracy(numbers.get("atol", 0.0), numbers.get("rtol", 0.0), int(numbers.get("ulps", 0)), mode)

    def print_parameter(self, printer: Printer) -> None:
        accuracy = self.data
        with printer.in_angle_brackets():
            printer.print_string("atol = ")
            printer.print_float(accuracy.atol, f64)
            printer.print_string(", rtol = ")
            printer.print_float(accuracy.rtol, f64)
            printer.print_string(f", ulps = {accuracy.ulps}, mode = #stablehlo.result_accuracy_mode<{accuracy.mode}>")


ELEMENTWISE_ATTRIBUTES = (ComparisonDirectionAttr, ComparisonTypeAttr, ResultAccuracyAttr)
"""The attributes of this file."""
