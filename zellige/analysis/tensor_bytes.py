"""How many bytes the elements of tensors take in memory."""

from __future__ import annotations

from math import prod

from xdsl.dialects.builtin import FixedBitwidthType, IndexType, MemRefType, TensorType
from xdsl.ir import Attribute

ALIGNMENT_BYTES = 64
"""Buffers, and values within them, start at a multiple of this."""

INDEX_BYTES = 4
"""An index is as wide as an address."""


def align_up(size: int) -> int:
    """The next multiple of the alignment from `size` bytes on."""
    return -(-size // ALIGNMENT_BYTES) * ALIGNMENT_BYTES


def element_bytes(element: Attribute) -> int:
    """Bytes of one element: a truth value takes a byte, an index 4."""
    if isinstance(element, IndexType):
        return INDEX_BYTES
    assert isinstance(element, FixedBitwidthType), f"{element} has no size"
    return max(1, element.bitwidth // 8)


def size_bytes(shaped: TensorType | MemRefType) -> int:
    """Bytes of a static tensor or contiguous memref."""
    assert shaped.has_static_shape(), f"{shaped} has dynamic sizes"
    return prod(shaped.get_shape()) * element_bytes(shaped.element_type)
