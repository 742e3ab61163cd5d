"""Whole buffers under another shape."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.dialects import memref
from xdsl.dialects.builtin import MemRefType, NoneAttr
from xdsl.ir import SSAValue

from zellige.dialects import index_arithmetic
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import memref_type
from zellige.dialects.slices import known_or_dynamic


def reshaped_buffer(builder: Builder, buffer: SSAValue, sizes: Sequence[Index]) -> memref.ReinterpretCastOp:
    """The bytes of a whole buffer without gaps as a buffer of these sizes; it has as many elements."""
    old = memref_type(buffer)
    new = MemRefType(old.element_type, known_or_dynamic(sizes), NoneAttr(), old.memory_space)
    strides = row_major_strides(builder, sizes)
    return builder.insert(memref.ReinterpretCastOp.from_dynamic(buffer, [0], sizes, strides, new))


def row_major_strides(builder: Builder, sizes: Sequence[Index]) -> list[Index]:
    """Strides in elements of a buffer without gaps: the product of the sizes to the right of each dimension."""
    strides: list[Index] = []
    stride: Index = 1
    for size in reversed(sizes):
        strides.insert(0, stride)
        if len(strides) < len(sizes):
            stride = index_arithmetic.multiply(builder, stride, size)
    return strides
