"""Integers of 2 and 4 bits: several to a byte where they are stored, a byte each where they are computed with."""

from __future__ import annotations

from typing import TypeGuard

from xdsl.dialects.builtin import IntegerType, TensorType
from xdsl.ir import Attribute

from zellige.dialects.shaped_types import element_type

SMALL_WIDTHS = frozenset({2, 4})


def is_small_integer(type_: Attribute) -> TypeGuard[IntegerType]:
    """Whether a type is an integer of which a byte holds several, with or without a sign."""
    return isinstance(type_, IntegerType) and type_.bitwidth in SMALL_WIDTHS


def has_small_integers(type_: Attribute) -> bool:
    """Whether a type, or the elements of a tensor type, are such integers."""
    return is_small_integer(element_type(type_))


def numbers_per_byte(element: Attribute) -> int:
    """How many numbers of a small type a byte holds."""
    assert is_small_integer(element)
    return 8 // element.bitwidth


def packed_type(type_: TensorType[Attribute]) -> TensorType[Attribute]:
    """The bytes of a static tensor of small integers: rows of bytes where a row fills whole bytes, else one row."""
    shape, per_byte = type_.get_shape(), numbers_per_byte(type_.element_type)
    byte = IntegerType(8)
    if shape and shape[-1] % per_byte == 0:
        return TensorType(byte, [*shape[:-1], shape[-1] // per_byte])
    count = 1
    for size in shape:
        count *= size
    return TensorType(byte, [-(-count // per_byte)])
