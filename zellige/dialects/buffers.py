"""Memrefs of the buffers that kernels and program functions work on."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import memref, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType, StridedLayoutAttr, TensorType
from xdsl.ir import SSAValue

from zellige.dialects.hal import Memory, MemoryAttr
from zellige.dialects.shaped_types import is_memref, tensor_type


def buffer_type(contents: TensorType, memory: Memory) -> MemRefType:
    """A contiguous buffer with the elements of a tensor."""
    return MemRefType(contents.element_type, contents.shape, memory_space=MemoryAttr(memory))


def slice_of_buffer(buffer: SSAValue, insert: tensor.InsertSliceOp) -> memref.SubviewOp:
    """The part of a buffer that `insert` writes; it has the shape of what is inserted."""
    buffer_memref = buffer.type
    assert is_memref(buffer_memref)
    offsets = _mixed(insert.static_offsets.get_values(), insert.offsets)
    sizes = _mixed(insert.static_sizes.get_values(), insert.sizes)
    strides = _mixed(insert.static_strides.get_values(), insert.strides)
    full = memref.SubviewOp.infer_result_type(buffer_memref, offsets, sizes, strides)
    view = memref.SubviewOp.get(
        buffer, offsets, sizes, strides, _without_unit_sizes(full, tensor_type(insert.source).get_shape())
    )
    view.location = insert.location
    return view


def _mixed(static: Sequence[int], dynamic: Sequence[SSAValue]) -> list[SSAValue | int]:
    values = iter(dynamic)
    return [next(values) if number == DYNAMIC_INDEX else number for number in static]


def _without_unit_sizes(full: MemRefType, shape: Sequence[int]) -> MemRefType:
    """The type without the dimensions of size 1 that `shape` does not have."""
    strides, kept = full.get_strides(), list[int]()
    assert strides is not None
    for dimension, size in enumerate(full.get_shape()):
        if len(kept) < len(shape) and size == shape[len(kept)]:
            kept.append(dimension)
    layout = StridedLayoutAttr([strides[dimension] for dimension in kept], full.get_offset())
    return MemRefType(full.element_type, shape, layout, full.memory_space)
