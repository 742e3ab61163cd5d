"""Where neighbouring elements of a tensor value stand in memory, as far as slices of buffers tell."""

from __future__ import annotations

from xdsl.dialects import tensor
from xdsl.dialects.builtin import NoneAttr, ShapedType
from xdsl.ir import SSAValue

from zellige.dialects.bufferization import ToTensorOp
from zellige.dialects.packed import WordsOp
from zellige.dialects.shaped_types import is_memref, is_tensor


def row_major(shape: tuple[int, ...]) -> tuple[int | None, ...]:
    """Strides in elements of a buffer without gaps, last dimension contiguous; None where they are dynamic."""
    return ShapedType.strides_for_shape(shape)


def has_no_gaps(value: SSAValue) -> bool:
    """Whether the elements of a tensor or memref stand one behind the other in the order of the dimensions."""
    value_type = value.type
    assert is_tensor(value_type) or is_memref(value_type)
    if is_memref(value_type) and isinstance(value_type.layout, NoneAttr):
        return True
    if isinstance(value.owner, ToTensorOp):
        return has_no_gaps(value.owner.memref)
    return value_type.has_static_shape() and element_strides(value) == row_major(value_type.get_shape())


def element_strides(value: SSAValue) -> tuple[int | None, ...]:
    """Strides in elements of a tensor or memref; None where they are not known."""
    value_type = value.type
    assert is_tensor(value_type) or is_memref(value_type)
    unknown = (None,) * value_type.get_num_dims()
    if is_memref(value_type):
        strides = value_type.get_strides()
        return unknown if strides is None else tuple(strides)
    match value.owner:
        case ToTensorOp(memref=buffer):
            return element_strides(buffer)
        case tensor.ExtractSliceOp(source=source, static_strides=steps):
            if len(steps) == len(unknown):
                pairs = zip(element_strides(source), steps.get_values(), strict=True)
                return tuple(None if stride is None else stride * int(step) for stride, step in pairs)
        case tensor.ExpandShapeOp() | tensor.CollapseShapeOp():
            if has_no_gaps(value.owner.src):
                return row_major(value_type.get_shape())
        case WordsOp():
            return row_major(value_type.get_shape())
        case _:
            pass
    return unknown
