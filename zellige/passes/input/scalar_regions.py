"""Regions of StableHLO ops on tensors without dimensions, as programs have them, that become bodies of generics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from xdsl.builder import Builder
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import BytesAttr, ComplexType, DenseIntOrFPElementsAttr, FixedBitwidthType, TensorType
from xdsl.ir import Attribute, Block, Region, SSAValue
from xdsl.rewriter import InsertPoint
from xdsl.utils.hints import isa

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import element_type
from zellige.dialects.stablehlo.control_flow import ReturnOp
from zellige.dialects.stablehlo.elementwise import ConvertOp
from zellige.passes.input.stablehlo_scalars import can_inline, inline_body

BuildBody = Callable[[Builder, Sequence[SSAValue]], SSAValue]
"""Builds ops on tensors without dimensions; the last value is what the region returns."""


def scalar_region(elements: Sequence[Attribute], build: BuildBody) -> Region:
    """A region that takes a tensor without dimensions for each type of element, and returns one."""
    block = Block(arg_types=[TensorType(element, []) for element in elements])
    builder = Builder(InsertPoint.at_end(block))
    builder.insert(ReturnOp([build(builder, block.args)]))
    return Region(block)


def converted(builder: Builder, value: SSAValue, element: Attribute) -> SSAValue:
    """The number in a tensor without dimensions as an `element`."""
    if element_type(value.type) == element:
        return value
    return builder.insert(ConvertOp(value, TensorType(element, []))).result


def converted_scalar(builder: Builder, value: SSAValue, element: Attribute) -> SSAValue:
    """The number `value`, a scalar, as an `element`; `can_convert` says whether that is known."""
    if value.type == element:
        return value
    return inline_body(builder, _conversion(value.type, element), [value])[0]


def can_convert(source: Attribute, element: Attribute) -> bool:
    """Whether the table of scalars has the conversion."""
    return can_inline(_conversion(source, element))


def _conversion(source: Attribute, element: Attribute) -> Region:
    return scalar_region([source], lambda builder, arguments: converted(builder, arguments[0], element))


def zero(forms: FormBuilder, element: Attribute) -> SSAValue:
    """The tensor without dimensions that holds 0."""
    return forms.insert(ConstantOp(zero_attr(element))).result


def zero_attr(element: Attribute) -> DenseIntOrFPElementsAttr:
    """0 as the value of a tensor without dimensions."""
    part = element.element_type if isa(element, ComplexType) else element
    assert isinstance(part, FixedBitwidthType)
    size = part.size if part == element else 2 * part.size
    return DenseIntOrFPElementsAttr(TensorType(cast("Any", element), []), BytesAttr(bytes(size)))
