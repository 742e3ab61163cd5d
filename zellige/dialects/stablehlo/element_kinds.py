"""Kinds of elements that the specification tells apart, and checks of shapes and elements that verifiers share."""

from __future__ import annotations

from enum import Flag, auto

from xdsl.dialects.builtin import AnyFloat, ComplexType, IntegerType, Signedness, i1
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.quant import UniformQuantizedType
from zellige.dialects.shaped_types import agree, element_type, tensor_type


class Kind(Flag):
    """Kinds of elements that the specification tells apart."""

    BOOLEAN = auto()
    SIGNED = auto()
    UNSIGNED = auto()
    FLOAT = auto()
    COMPLEX = auto()

    INTEGER = SIGNED | UNSIGNED
    REAL = INTEGER | FLOAT
    NUMBER = REAL | COMPLEX
    BITS = BOOLEAN | INTEGER
    ANY = BOOLEAN | NUMBER


def kind_of(element: Attribute) -> Kind:
    """The kind of an element type; no kind for what is no number, such as a quantised type."""
    match element:
        case IntegerType() if element.signedness.data == Signedness.UNSIGNED:
            return Kind.UNSIGNED
        case IntegerType():
            return Kind.BOOLEAN if element == i1 else Kind.SIGNED
        case ComplexType():
            return Kind.COMPLEX
        case _:
            return Kind.FLOAT if isinstance(element, AnyFloat) else Kind(0)


def bits_of(element: Attribute) -> int:
    """Width of an element as a program sees it; 0 for types without one."""
    match element:
        case ComplexType():
            return 2 * bits_of(element.element_type)
        case IntegerType():
            return element.bitwidth
        case UniformQuantizedType():
            return element.storage.bitwidth
        case _:
            return element.bitwidth if isinstance(element, AnyFloat) else 0


def expect_shape(value: SSAValue, model: SSAValue) -> None:
    """Raise `VerifyException` unless two tensors have one shape."""
    if not agree(tensor_type(value).get_shape(), tensor_type(model).get_shape()):
        raise VerifyException(f"expected operands and results of one shape, got {value.type} and {model.type}")


def expect_element(value: SSAValue, element: Attribute) -> None:
    """Raise `VerifyException` unless a tensor has this element type, or quantised ones for the same floats."""
    if element_type(value.type) != element and not _express_the_same(element_type(value.type), element):
        raise VerifyException(f"expected elements of type {element}, got {value.type}")


def _express_the_same(one: Attribute, other: Attribute) -> bool:
    quantized = [element for element in (one, other) if isinstance(element, UniformQuantizedType)]
    return len(quantized) == 2 and quantized[0].expressed == quantized[1].expressed


def expect_scalar_or_shape(value: SSAValue, model: SSAValue) -> None:
    """Raise `VerifyException` unless a tensor has no dimensions or those of the other one."""
    if tensor_type(value).get_num_dims():
        expect_shape(value, model)
