"""Whole buffers under another shape."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import memref
from xdsl.dialects.builtin import MemRefType, NoneAttr
from xdsl.ir import SSAValue

from zellige.analysis.strides import row_major
from zellige.dialects.shaped_types import memref_type


def reshaped_buffer(buffer: SSAValue, shape: Sequence[int]) -> memref.ReinterpretCastOp:
    """The bytes of a whole buffer without gaps as a buffer of this shape; it has as many elements."""
    old = memref_type(buffer)
    new = MemRefType(old.element_type, shape, NoneAttr(), old.memory_space)
    return memref.ReinterpretCastOp(buffer, [], [], [], [0], shape, row_major(tuple(shape)), new)
