"""Which dimensions a contraction or convolution of StableHLO works on, and how precisely.

The text forms are those of upstream, in attributes and in the short forms of the ops:

    #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>
    #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>
    #stablehlo<precision HIGHEST>
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Data, SpacedOpaqueSyntaxAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.str_enum import StrEnum

SizeT = TypeVar("SizeT")


class Precision(StrEnum):
    """What a program asks of the arithmetic of a contraction; ours is always that of the element types."""

    DEFAULT = "DEFAULT"
    HIGH = "HIGH"
    HIGHEST = "HIGHEST"


@irdl_attr_definition
class PrecisionAttr(EnumAttribute[Precision], SpacedOpaqueSyntaxAttribute):
    """`#stablehlo<precision DEFAULT>`."""

    name = "stablehlo.precision"


@irdl_attr_definition
class DotAlgorithmAttr(Data[tuple[tuple[str, str], ...]]):
    """`#stablehlo.dot_algorithm<lhs_precision_type = tf32, …>`: pairs of names and words, as they are written."""

    name = "stablehlo.dot_algorithm"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> tuple[tuple[str, str], ...]:
        def parse_pair() -> tuple[str, str]:
            name = parser.parse_identifier()
            parser.parse_punctuation("=")
            number = parser.parse_optional_integer(allow_boolean=False)
            return name, parser.parse_identifier() if number is None else str(number)

        return tuple(parser.parse_comma_separated_list(parser.Delimiter.ANGLE, parse_pair))

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(", ".join(f"{name} = {word}" for name, word in self.data))


def parse_dimensions(parser: AttrParser) -> tuple[int, ...]:
    """`[0, 1]`."""
    return tuple(parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer))


@dataclass(frozen=True)
class DotDimensions:
    """Pairs of dimensions of two operands: those of a batch, and those that are summed over."""

    lhs_batching: tuple[int, ...] = ()
    rhs_batching: tuple[int, ...] = ()
    lhs_contracting: tuple[int, ...] = ()
    rhs_contracting: tuple[int, ...] = ()

    def lhs_free(self, rank: int) -> tuple[int, ...]:
        """Dimensions of the left operand that only the result has, in order."""
        return tuple(d for d in range(rank) if d not in self.lhs_batching + self.lhs_contracting)

    def rhs_free(self, rank: int) -> tuple[int, ...]:
        """Dimensions of the right operand that only the result has, in order."""
        return tuple(d for d in range(rank) if d not in self.rhs_batching + self.rhs_contracting)

    def result_shape(self, lhs: Sequence[SizeT], rhs: Sequence[SizeT]) -> tuple[SizeT, ...]:
        """Batch, then what is free on the left, then on the right."""
        return (
            *(lhs[d] for d in self.lhs_batching),
            *(lhs[d] for d in self.lhs_free(len(lhs))),
            *(rhs[d] for d in self.rhs_free(len(rhs))),
        )


_DOT_FIELDS = ("lhs_batching", "rhs_batching", "lhs_contracting", "rhs_contracting")


@irdl_attr_definition
class DotDimensionsAttr(Data[DotDimensions]):
    """`#stablehlo.dot<lhs_batching_dimensions = [0], …>`; a list without elements is not written."""

    name = "stablehlo.dot"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> DotDimensions:
        lists: dict[str, tuple[int, ...]] = {}

        def parse_field() -> None:
            position = parser.pos
            name = parser.parse_identifier().removesuffix("_dimensions")
            if name not in _DOT_FIELDS or name in lists:
                expected = ", ".join(f"'{field}_dimensions'" for field in _DOT_FIELDS)
                parser.raise_error(f"expected each of {expected} at most once, got '{name}_dimensions'", position)
            parser.parse_punctuation("=")
            lists[name] = parse_dimensions(parser)

        parser.parse_comma_separated_list(parser.Delimiter.ANGLE, parse_field)
        return DotDimensions(**lists)

    def print_parameter(self, printer: Printer) -> None:
        fields = [(name, list(getattr(self.data, name))) for name in _DOT_FIELDS]
        with printer.in_angle_brackets():
            printer.print_string(", ".join(f"{name}_dimensions = {dims}" for name, dims in fields if dims))


@dataclass(frozen=True)
class OperandDimensions:
    """Where an operand or the result of a convolution has its two special dimensions and those in space.

    `first` and `second` are batch and feature of the input and of the result, input and output feature of the kernel.
    """

    first: int
    second: int
    spatial: tuple[int, ...]

    @property
    def rank(self) -> int:
        """How many dimensions there are together."""
        return len(self.spatial) + 2

    def text(self, letters: str) -> str:
        """`[b, 0, 1, f]` where `letters` are "bf"."""
        names = {self.first: letters[0], self.second: letters[1]}
        names |= {dimension: str(i) for i, dimension in enumerate(self.spatial)}
        return f"[{', '.join(names[d] for d in sorted(names))}]"


@dataclass(frozen=True)
class ConvDimensions:
    """The dimensions of the input, the kernel and the result of a convolution."""

    input: OperandDimensions
    kernel: OperandDimensions
    output: OperandDimensions


def parse_conv_dimensions(parser: AttrParser) -> ConvDimensions:
    """`[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`."""
    input_ = _parse_operand_dimensions(parser, "bf")
    parser.parse_keyword("x")
    kernel = _parse_operand_dimensions(parser, "io")
    parser.parse_punctuation("->")
    return ConvDimensions(input_, kernel, _parse_operand_dimensions(parser, "bf"))


def _parse_operand_dimensions(parser: AttrParser, letters: str) -> OperandDimensions:
    position = parser.pos

    def parse_name() -> str:
        number = parser.parse_optional_integer(allow_boolean=False, allow_negative=False)
        return parser.parse_identifier() if number is None else str(number)

    names = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parse_name)
    expected = [*letters, *(str(i) for i in range(len(names) - 2))]
    if sorted(names) != sorted(expected):
        parser.raise_error(f"expected each of {', '.join(expected)} once, got {', '.join(names)}", position)
    return OperandDimensions(
        names.index(letters[0]), names.index(letters[1]), tuple(names.index(name) for name in expected[2:])
    )


def conv_dimensions_text(dimensions: ConvDimensions) -> str:
    """The inverse of `parse_conv_dimensions`."""
    return f"{dimensions.input.text('bf')}x{dimensions.kernel.text('io')}->{dimensions.output.text('bf')}"


@irdl_attr_definition
class ConvDimensionsAttr(Data[ConvDimensions]):
    """`#stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>`."""

    name = "stablehlo.conv"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> ConvDimensions:
        with parser.in_angle_brackets():
            return parse_conv_dimensions(parser)

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(conv_dimensions_text(self.data))


CONTRACTION_ATTRIBUTES = (PrecisionAttr, DotAlgorithmAttr, DotDimensionsAttr, ConvDimensionsAttr)
"""The attributes of this file."""
