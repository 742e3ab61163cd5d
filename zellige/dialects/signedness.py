"""Signed and unsigned integer types and the signless type of the same bits, alone or as elements of tensors."""

from __future__ import annotations

from xdsl.dialects.builtin import IntegerType, Signedness
from xdsl.ir import Attribute
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import element_type, with_element_type


def signless(type_: Attribute) -> Attribute:
    """The type with the same bits that says nothing of signs; other types stay."""
    element = element_type(type_)
    if not isa(element, IntegerType) or element.signedness.data == Signedness.SIGNLESS:
        return type_
    return with_element_type(type_, IntegerType(element.bitwidth))
