"""Kernels after they have been lowered to the llvm dialect."""

from __future__ import annotations

from xdsl.dialects import llvm
from xdsl.ir import Attribute

from zellige.dialects import flow


def tile_function(executable: flow.ExecutableOp) -> llvm.FuncOp:
    """The function that runs one workgroup: bindings, then its x, y and z."""
    name = f"{executable.sym_name.data}.tile"
    return next(op for op in executable.body.block.ops if isinstance(op, llvm.FuncOp) and op.sym_name.data == name)


def binding_types(tile: llvm.FuncOp) -> tuple[Attribute, ...]:
    """Types of the bindings of a kernel."""
    return tile.function_type.inputs.data[:-3]
