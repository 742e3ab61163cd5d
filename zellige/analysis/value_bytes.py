"""How many bytes tensors of a program function take: a number of units, of which each is a product of dynamic sizes."""

from __future__ import annotations

from math import prod

from xdsl.ir import SSAValue

from zellige.analysis.size_expressions import SizeExpressions
from zellige.analysis.tensor_bytes import ALIGNMENT_BYTES, element_bytes, size_bytes
from zellige.dialects.shaped_types import tensor_type
from zellige.maths.sizes import Extent, parts, quotient

Units = tuple[int, Extent]
"""A number of units of a size; the unit of a static tensor is 1 byte."""


def rounded_unit(unit: Extent) -> Extent:
    """The unit of a slot: places in slots are aligned."""
    return quotient(unit + (ALIGNMENT_BYTES - 1), ALIGNMENT_BYTES) * ALIGNMENT_BYTES


def units_of(value: SSAValue, expressions: SizeExpressions) -> Units:
    """The bytes of a tensor."""
    contents = tensor_type(value)
    if contents.has_static_shape():
        return size_bytes(contents), 1
    return parts(prod(expressions.shape(value), start=element_bytes(contents.element_type)))
