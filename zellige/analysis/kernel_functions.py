"""Kernels after they have been lowered to the llvm dialect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xdsl.dialects import llvm
from xdsl.dialects.builtin import DenseArrayBase, DictionaryAttr
from xdsl.ir import Attribute

from zellige.dialects import flow

LOCAL_BUFFERS = "hal.local_buffers"
"""Attribute of a kernel for a host: the bytes of each local buffer that its caller passes after x, y and z."""


def tile_function(executable: flow.ExecutableOp) -> llvm.FuncOp:
    """The function that runs one workgroup: bindings, then its x, y and z."""
    name = f"{executable.sym_name.data}.tile"
    return next(op for op in executable.body.block.ops if isinstance(op, llvm.FuncOp) and op.sym_name.data == name)


def binding_types(tile: llvm.FuncOp) -> tuple[Attribute, ...]:
    """Types of the bindings of a kernel."""
    return tile.function_type.inputs.data[:-3]


def bindings_of(tile: llvm.FuncOp) -> Iterator[tuple[Attribute, Mapping[str, Attribute]]]:
    """Type and attributes of each binding of a kernel; `hal.buffer` is the memref that a pointer stands for."""
    types = binding_types(tile)
    attributes = tile.arg_attrs.data[: len(types)] if tile.arg_attrs is not None else (DictionaryAttr({}),) * len(types)
    for type_, attribute in zip(types, attributes, strict=True):
        yield type_, attribute.data


def local_buffer_bytes(tile: llvm.FuncOp) -> tuple[int, ...]:
    """Bytes of each local buffer that the kernel is given."""
    sizes = tile.attributes.get(LOCAL_BUFFERS)
    return tuple(int(size) for size in sizes.get_values()) if isinstance(sizes, DenseArrayBase) else ()
