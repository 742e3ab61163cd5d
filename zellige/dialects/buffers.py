"""Memrefs of the buffers that kernels and program functions work on."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import memref, tensor
from xdsl.dialects.builtin import MemRefType, StridedLayoutAttr, TensorType
from xdsl.ir import SSAValue

from zellige.dialects.hal import Memory, MemoryAttr
from zellige.dialects.shaped_types import kept_dimensions, memref_type, tensor_type
from zellige.dialects.slices import offsets_of, slice_sizes_of, steps_of


def buffer_type(contents: TensorType, memory: Memory) -> MemRefType:
    """A contiguous buffer with the elements of a tensor."""
    return MemRefType(contents.element_type, contents.shape, memory_space=MemoryAttr(memory))


def slice_of_buffer(buffer: SSAValue, op: tensor.ExtractSliceOp | tensor.InsertSliceOp) -> memref.SubviewOp:
    """The part of a buffer that `op` reads or writes; it has the shape of what is extracted or inserted."""
    part = op.result if isinstance(op, tensor.ExtractSliceOp) else op.source
    offsets, sizes, strides = offsets_of(op), slice_sizes_of(op), steps_of(op)
    full = memref.SubviewOp.infer_result_type(memref_type(buffer), offsets, sizes, strides)
    view_type = _without_unit_sizes(full, tensor_type(part).get_shape())
    view = memref.SubviewOp.get(buffer, offsets, sizes, strides, view_type)
    view.location = op.location
    return view


def _without_unit_sizes(full: MemRefType, shape: Sequence[int]) -> MemRefType:
    """The type without the dimensions of size 1 that `shape` does not have."""
    strides, kept = full.get_strides(), kept_dimensions(full.get_shape(), shape)
    assert strides is not None
    layout = StridedLayoutAttr([strides[dimension] for dimension in kept], full.get_offset())
    return MemRefType(full.element_type, shape, layout, full.memory_space)
