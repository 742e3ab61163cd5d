"""export-entry-points: let a host run one workgroup of a kernel.

Before:  flow.executable @relu workgroups [4, 1, 1] {
           llvm.func @relu.tile(%x: !llvm.ptr<2>, %y: !llvm.ptr<2>, %wx: i32, %wy: i32, %wz: i32) { … }
         }
After:   flow.executable @relu workgroups [4, 1, 1] {
           llvm.func @relu.tile(…) { … }
           llvm.func @relu(%state: i32, %wx: i32, %wy: i32, %wz: i32) {
             …                                                        slot i of the state is binding i
             llvm.call @relu.tile(%x, %y, %wx, %wy, %wz)
             llvm.return
           }
         }

Ensures: each executable has a function of its name, with the type that docs/design/abi.md gives.
"""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import llvm
from xdsl.dialects.builtin import ModuleOp, i32
from xdsl.dialects.llvm import LLVMFunctionType, LLVMVoidType
from xdsl.ir import Block, Region
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.kernel_functions import binding_types, tile_function
from zellige.dialects import flow
from zellige.dialects.pointers import DEVICE_POINTER, load_slot, pointer_from_address


class ExportEntryPointsPass(ModulePass):
    """Wrap each kernel in a function that reads its bindings from a state block."""

    name = "export-entry-points"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in flow.executables(op):
            tile = tile_function(executable)
            wrapper = _wrapper(executable.sym_name.data, tile)
            wrapper.location = tile.location
            Rewriter.insert_op(wrapper, InsertPoint.at_end(executable.body.block))


def _wrapper(name: str, tile: llvm.FuncOp) -> llvm.FuncOp:
    block = Block(arg_types=[i32] * 4)
    for argument, hint in zip(block.args, ("state", "wx", "wy", "wz"), strict=True):
        argument.name_hint = hint
    builder = Builder(InsertPoint.at_end(block))
    state = pointer_from_address(builder, block.args[0], DEVICE_POINTER)
    bindings = [load_slot(builder, state, slot, type_) for slot, type_ in enumerate(binding_types(tile))]
    builder.insert(llvm.CallOp(tile.sym_name.data, *bindings, *block.args[1:]))
    builder.insert(llvm.ReturnOp())
    return llvm.FuncOp(
        name,
        LLVMFunctionType([i32] * 4, LLVMVoidType()),
        linkage=llvm.LinkageAttr("external"),
        body=Region(block),
    )
