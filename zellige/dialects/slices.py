"""Slices of tensors whose offsets, sizes and steps are numbers or values."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX
from xdsl.ir import SSAValue

from zellige.dialects.index_arithmetic import Index
from zellige.dialects.tensor import ParallelInsertSliceOp

SliceOp = tensor.ExtractSliceOp | tensor.InsertSliceOp
_AnySliceOp = SliceOp | ParallelInsertSliceOp


def mixed(static: Sequence[int], dynamic: Sequence[SSAValue]) -> list[Index]:
    """Numbers, and in the place of dynamic ones their values."""
    values = iter(dynamic)
    return [next(values) if number == DYNAMIC_INDEX else number for number in static]


def known_or_dynamic(sizes: Sequence[Index]) -> list[int]:
    """Numbers as a type or an attribute has them."""
    return [size if isinstance(size, int) else DYNAMIC_INDEX for size in sizes]


def dynamic_only(sizes: Sequence[Index]) -> list[SSAValue]:
    """The values among numbers and values, as operands."""
    return [size for size in sizes if isinstance(size, SSAValue)]


def offsets_of(op: _AnySliceOp) -> list[Index]:
    return mixed(op.static_offsets.get_values(), op.offsets)


def slice_sizes_of(op: _AnySliceOp) -> list[Index]:
    return mixed(op.static_sizes.get_values(), op.sizes)


def steps_of(op: _AnySliceOp) -> list[Index]:
    return mixed(op.static_strides.get_values(), op.strides)


def insert_slice(
    source: SSAValue,
    dest: SSAValue,
    offsets: Sequence[Index],
    sizes: Sequence[Index],
    steps: Sequence[Index] | None = None,
) -> tensor.InsertSliceOp:
    """An op that puts a tensor into a slice of another one."""
    steps = [1] * len(sizes) if steps is None else steps
    return tensor.InsertSliceOp.get(
        source,
        dest,
        known_or_dynamic(sizes),
        known_or_dynamic(offsets),
        known_or_dynamic(steps),
        dynamic_only(offsets),
        dynamic_only(sizes),
        dynamic_only(steps),
    )
