"""Types of the dialect `intrinsic`: as wide as the registers of some machine, and what stands for them elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import ArrayAttr, BFloat16Type, FixedBitwidthType, Float16Type, IntAttr, VectorType, i16
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

PORTABLE_BITS = 128
"""Width of the vectors that every engine with SIMD has."""


class WideType(ParametrizedAttribute, TypeAttribute):
    """What all of them are: elements in row-major order, in pieces of 128 bits."""

    shape: ArrayAttr[IntAttr]
    element_type: Attribute

    RANK: ClassVar[int]

    def __init__(self, shape: Sequence[int], element_type: Attribute) -> None:
        super().__init__(ArrayAttr(IntAttr(size) for size in shape), element_type)

    @property
    def portable_types(self) -> tuple[VectorType[Attribute], ...]:
        """The 128-bit vectors that hold a value where nothing is wider. Half floats travel as their bits."""
        element = i16 if isinstance(self.element_type, BFloat16Type | Float16Type) else self.element_type
        lanes = PORTABLE_BITS // _bits(self.element_type)
        return (VectorType(element, [lanes]),) * (math.prod(size.data for size in self.shape) // lanes)

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            for size in self.shape:
                printer.print_string(f"{size.data}x")
            printer.print_attribute(self.element_type)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            sizes, element = parser.parse_ranked_shape()
        return ArrayAttr(IntAttr(size) for size in sizes), element

    def verify(self) -> None:
        sizes = [size.data for size in self.shape]
        if len(sizes) != self.RANK or any(size < 1 for size in sizes):
            raise VerifyException(f"expected {self.RANK} sizes of at least 1, got {sizes}")
        bits = _bits(self.element_type)
        if bits not in (8, 16, 32, 64):
            raise VerifyException(f"expected elements of 8, 16, 32 or 64 bits, got {self.element_type}")
        if sizes[-1] * bits % PORTABLE_BITS:
            raise VerifyException(f"a row is whole {PORTABLE_BITS}-bit vectors, got {sizes[-1]} x {self.element_type}")


def _bits(element: Attribute) -> int:
    return element.bitwidth if isinstance(element, FixedBitwidthType) else 0


@irdl_attr_definition
class WideVectorType(WideType):
    """A vector register of some machine, `!intrinsic.vector<16xf32>`."""

    name = "intrinsic.vector"
    RANK = 1


@irdl_attr_definition
class TileType(WideType):
    """A block of registers of some machine, row by row, `!intrinsic.tile<12x32xf32>`."""

    name = "intrinsic.tile"
    RANK = 2


def is_wide(type_: Attribute) -> bool:
    """Whether a type is one of these."""
    return isinstance(type_, WideType)


def portable_types(type_: Attribute) -> tuple[Attribute, ...]:
    """The types that stand for `type_` in portable code: itself, if it is not one of these."""
    return type_.portable_types if isinstance(type_, WideType) else (type_,)
