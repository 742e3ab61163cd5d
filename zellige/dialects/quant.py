"""Quantised types: a tensor of integers that stand for numbers, `(integer - zero point) * scale`.

```mlir
!quant.uniform<i8:f32, 0.5:-20>                      // storage and expressed type, scale, zero point
!quant.uniform<u8<1:255>:f32, 0.5>                   // integers from 1 to 255, zero point 0
!quant.uniform<i8:f32:1, {0.5:-20, 0.25, 0.125:3}>   // each index of dimension 1 with its own numbers
```

Scales and zero points for each block of several dimensions (`{0:1, 1:2}` in place of the dimension) are not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xdsl.dialects.builtin import (
    AnyFloat,
    ArrayAttr,
    BFloat16Type,
    Float16Type,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntAttr,
    IntegerType,
    Signedness,
    TensorType,
)
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import element_type, with_element_type

WHOLE = -1
"""The dimension of a type whose scale holds for the whole tensor."""


@irdl_attr_definition
class UniformQuantizedType(ParametrizedAttribute, TypeAttribute):
    """Integers of `storage` from `low` to `high`; `dimension` has as many indices as there are scales, or is WHOLE."""

    name = "quant.uniform"

    storage: IntegerType
    low: IntAttr
    high: IntAttr
    expressed: AnyFloat
    dimension: IntAttr
    scales: ArrayAttr[FloatAttr]
    zero_points: ArrayAttr[IntAttr]

    @property
    def is_per_axis(self) -> bool:
        """Whether indices of a dimension have their own scales."""
        return self.dimension.data != WHOLE

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            storage = _parse_storage(parser)
            low, high = limits_of(storage)
            if parser.parse_optional_punctuation("<"):
                low = parser.parse_integer(allow_boolean=False)
                parser.parse_punctuation(":")
                high = parser.parse_integer(allow_boolean=False)
                parser.parse_punctuation(">")
            parser.parse_punctuation(":")
            expressed = parser.parse_type()
            if not isinstance(expressed, AnyFloat):
                parser.raise_error(f"expected a type of floats, got {expressed}")
            dimension = WHOLE
            if parser.parse_optional_punctuation(":"):
                dimension = parser.parse_integer(allow_boolean=False, allow_negative=False)
            parser.parse_punctuation(",")
            if dimension == WHOLE:
                numbers = [_parse_numbers(parser)]
            else:
                numbers = parser.parse_comma_separated_list(parser.Delimiter.BRACES, lambda: _parse_numbers(parser))
        scales = ArrayAttr(FloatAttr(scale, expressed) for scale, _ in numbers)
        points = ArrayAttr(IntAttr(point) for _, point in numbers)
        return storage, IntAttr(low), IntAttr(high), expressed, IntAttr(dimension), scales, points

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            is_unsigned = self.storage.signedness.data is Signedness.UNSIGNED
            printer.print_string(f"{'u' if is_unsigned else 'i'}{self.storage.bitwidth}")
            if (self.low.data, self.high.data) != limits_of(self.storage):
                printer.print_string(f"<{self.low.data}:{self.high.data}>")
            printer.print_string(":")
            printer.print_attribute(self.expressed)
            if self.is_per_axis:
                printer.print_string(f":{self.dimension.data}")
            printer.print_string(", ")
            numbers = list(zip(self.scales, self.zero_points, strict=True))
            if self.is_per_axis:
                with printer.in_braces():
                    printer.print_list(numbers, lambda pair: self._print_numbers(printer, *pair))
            else:
                self._print_numbers(printer, *numbers[0])

    def _print_numbers(self, printer: Printer, scale: FloatAttr, zero_point: IntAttr) -> None:
        printer.print_float(scale.value.data, self.expressed)
        if zero_point.data:
            printer.print_string(f":{zero_point.data}")

    def verify(self) -> None:
        least, most = limits_of(self.storage)
        if not 2 <= self.storage.bitwidth <= 32:
            raise VerifyException(f"expected integers of 2 to 32 bits, got {self.storage}")
        if not least <= self.low.data < self.high.data <= most:
            found = f"{self.low.data} to {self.high.data}"
            raise VerifyException(f"expected limits within those of {self.storage}, {least} to {most}, got {found}")
        if not isinstance(self.expressed, BFloat16Type | Float16Type | Float32Type | Float64Type):
            raise VerifyException(f"expected bf16, f16, f32 or f64 to be expressed, got {self.expressed}")
        if not self.scales or len(self.scales) != len(self.zero_points):
            raise VerifyException(f"expected a zero point for each of {len(self.scales)} scales")
        for scale in self.scales:
            if not 0 < scale.value.data < float("inf"):
                raise VerifyException(f"expected a positive scale, got {scale.value.data}")
        for point in self.zero_points:
            if not self.low.data <= point.data <= self.high.data:
                found = f"{self.low.data} to {self.high.data}, got {point.data}"
                raise VerifyException(f"expected a zero point from {found}")


def _parse_storage(parser: AttrParser) -> IntegerType:
    word = parser.parse_identifier(" for the type of the storage")
    match = re.fullmatch(r"(i|si|u|ui)(\d+)", word)
    if match is None:
        parser.raise_error(f"expected a type of integers such as i8 or u8, got '{word}'")
    signedness = Signedness.UNSIGNED if match[1].startswith("u") else Signedness.SIGNLESS
    return IntegerType(int(match[2]), signedness)


def _parse_numbers(parser: AttrParser) -> tuple[float, int]:
    """A scale, and the zero point that may follow."""
    scale = float(parser.parse_number())
    if parser.parse_optional_punctuation(":"):
        return scale, parser.parse_integer(allow_boolean=False)
    return scale, 0


def limits_of(storage: IntegerType) -> tuple[int, int]:
    """The smallest and the largest integer."""
    if storage.signedness.data is Signedness.UNSIGNED:
        return 0, 2**storage.bitwidth - 1
    return -(2 ** (storage.bitwidth - 1)), 2 ** (storage.bitwidth - 1) - 1


def quantized_element(type_: Attribute) -> UniformQuantizedType | None:
    """The element type of a quantised tensor; None for other types."""
    element = element_type(type_)
    return element if isinstance(element, UniformQuantizedType) else None


def storage_of(type_: Attribute) -> Attribute:
    """The type with integers in the place of quantised elements; others stay."""
    element = quantized_element(type_)
    return type_ if element is None else with_element_type(type_, element.storage)


def expressed_by(type_: Attribute) -> Attribute:
    """The type with the floats that quantised elements stand for; others stay."""
    element = quantized_element(type_)
    return type_ if element is None else with_element_type(type_, element.expressed)


def same_numbers(one: UniformQuantizedType, other: UniformQuantizedType) -> bool:
    """Whether the integers of two types mean the same, whichever dimension has the scales."""
    return all(
        getattr(one, field) == getattr(other, field)
        for field in ("storage", "low", "high", "expressed", "scales", "zero_points")
    )


def expect_scales(type_: TensorType[Attribute]) -> None:
    """Raise `VerifyException` where a tensor lacks the dimension of the scales of its elements, or its size."""
    element = quantized_element(type_)
    if element is None or not element.is_per_axis:
        return
    dimension, shape = element.dimension.data, type_.get_shape()
    if dimension >= len(shape) or shape[dimension] not in (len(element.scales), -1):
        raise VerifyException(f"expected {len(element.scales)} indices of dimension {dimension}, got {type_}")


Quant = Dialect("quant", [], [UniformQuantizedType])
