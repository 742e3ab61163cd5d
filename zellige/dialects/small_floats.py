"""Floating-point types of 8 and 16 bits: stored as they are, computed with in f32."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    BFloat16Type,
    Float8E3M4Type,
    Float8E4M3B11FNUZType,
    Float8E4M3FNType,
    Float8E4M3FNUZType,
    Float8E4M3Type,
    Float8E5M2FNUZType,
    Float8E5M2Type,
    Float16Type,
    FloatSemantics,
    IntegerType,
    ReducedPrecisionFloatType,
)
from xdsl.ir import Attribute

from zellige.dialects.shaped_types import element_type, with_element_type

_F16 = FloatSemantics(exponent_bits=5, mantissa_bits=10, exponent_bias=15)
_BF16 = FloatSemantics(exponent_bits=8, mantissa_bits=7, exponent_bias=127)
_F8 = (
    Float8E3M4Type,
    Float8E4M3Type,
    Float8E4M3FNType,
    Float8E4M3FNUZType,
    Float8E4M3B11FNUZType,
    Float8E5M2Type,
    Float8E5M2FNUZType,
)


def semantics_of(element: Attribute) -> FloatSemantics | None:
    """What the bits of a small float mean; None for any other type."""
    match element:
        case Float16Type():
            return _F16
        case BFloat16Type():
            return _BF16
        case ReducedPrecisionFloatType() if isinstance(element, _F8):
            return element.SEMANTICS
        case _:
            return None


def is_small_float(type_: Attribute) -> bool:
    """Whether the elements of a type are small floats."""
    return semantics_of(element_type(type_)) is not None


def storage_type(type_: Attribute) -> Attribute:
    """The type with integers of the same width for small floats; itself without them."""
    semantics = semantics_of(element_type(type_))
    return type_ if semantics is None else with_element_type(type_, IntegerType(semantics.bitwidth))
