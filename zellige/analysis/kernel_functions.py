"""Kernels after they have been lowered to the llvm dialect."""

from __future__ import annotations

from xdsl.dialects import llvm
from xdsl.dialects.builtin import DenseArrayBase, DictionaryAttr, MemRefType
from xdsl.ir import Attribute

from zellige.artifact import BindingInfo
from zellige.dialects import flow
from zellige.dialects.hal import MemoryAttr
from zellige.dialects.pointers import memory_type, size_bytes
from zellige.dialects.shaped_types import is_memref

LOCAL_BUFFERS = "hal.local_buffers"
"""Attribute of a kernel for a host: the bytes of each local buffer that its caller passes after x, y and z."""


def tile_function(executable: flow.ExecutableOp) -> llvm.FuncOp:
    """The function that runs one workgroup: bindings, then its x, y and z."""
    name = f"{executable.sym_name.data}.tile"
    return next(op for op in executable.body.block.ops if isinstance(op, llvm.FuncOp) and op.sym_name.data == name)


def binding_types(tile: llvm.FuncOp) -> tuple[Attribute, ...]:
    """Types of the bindings of a kernel."""
    return tile.function_type.inputs.data[: -3 - len(local_buffer_bytes(tile))]


def bindings_of(tile: llvm.FuncOp) -> tuple[BindingInfo, ...]:
    """What is known of each binding of a kernel."""
    attributes = tile.arg_attrs.data if tile.arg_attrs is not None else (DictionaryAttr({}),) * len(binding_types(tile))
    return tuple(map(_binding_info, binding_types(tile), attributes))


def _binding_info(type_: Attribute, attributes: DictionaryAttr) -> BindingInfo:
    buffer = attributes.data.get("hal.buffer")
    if buffer is None:
        return BindingInfo(str(type_))
    assert is_memref(buffer)
    assert isinstance(buffer.memory_space, MemoryAttr)
    reads, writes = "llvm.writeonly" not in attributes.data, "llvm.readonly" not in attributes.data
    return BindingInfo(
        kind=buffer.memory_space.data.value,
        dtype=str(buffer.element_type),
        size_bytes=_count(buffer) * size_bytes(memory_type(buffer.element_type)),
        access="update" if reads and writes else "write" if writes else "read",
        may_alias="llvm.noalias" not in attributes.data,
    )


def _count(buffer: MemRefType[Attribute]) -> int:
    """Elements of a buffer; 0 where scalar arguments say how many there are."""
    return buffer.element_count() if buffer.has_static_shape() else 0


def local_buffer_bytes(tile: llvm.FuncOp) -> tuple[int, ...]:
    """Bytes of each local buffer that the kernel is given."""
    sizes = tile.attributes.get(LOCAL_BUFFERS)
    return tuple(int(size) for size in sizes.get_values()) if isinstance(sizes, DenseArrayBase) else ()
