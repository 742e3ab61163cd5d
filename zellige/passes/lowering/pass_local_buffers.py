"""pass-local-buffers: the caller of a kernel gives it the memory of its local buffers.

Before:  llvm.func @k.tile(%x: !llvm.ptr<2>, %wx: i32, %wy: i32, %wz: i32) {
           %one = llvm.mlir.constant(1 : i32) : i32
           %a = llvm.alloca %one x !llvm.array<4096 x f32> {alignment = 16} : (i32) -> !llvm.ptr
           %b = llvm.alloca %one x !llvm.array<16 x f32> {alignment = 16} : (i32) -> !llvm.ptr
After:   llvm.func @k.tile(%x: !llvm.ptr<2>, %wx: i32, %wy: i32, %wz: i32, %a: !llvm.ptr {llvm.noalias})
             attributes {hal.local_buffers = array<i64: 16384>} {
           %one = llvm.mlir.constant(1 : i32) : i32
           %b = llvm.alloca %one x !llvm.array<16 x f32> {alignment = 64} : (i32) -> !llvm.ptr

Native code runs on the stack of its caller, which may be small. Buffers of at most `stack-bytes` stay there, where LLVM
turns them into registers. Each buffer is an argument of its own, so that what is known of their aliasing is not lost.

Requires: `convert-memref-to-llvm`.
Ensures:  `hal.local_buffers` has the bytes of each buffer that is passed; buffers stand at multiples of 64.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import llvm
from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, DictionaryAttr, IntegerAttr, ModuleOp, UnitAttr, i64
from xdsl.passes import ModulePass

from zellige.analysis.kernel_functions import LOCAL_BUFFERS, tile_function
from zellige.dialects.flow import executables
from zellige.dialects.pointers import size_bytes

ALIGNMENT = 64


@dataclass(frozen=True)
class PassLocalBuffersPass(ModulePass):
    """Turn buffers on the stack into arguments."""

    name = "pass-local-buffers"
    stack_bytes: int = 1024

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            self._convert(tile_function(executable))

    def _convert(self, kernel: llvm.FuncOp) -> None:
        passed: list[int] = []
        for alloca in [o for o in kernel.body.block.ops if isinstance(o, llvm.AllocaOp)]:
            needed = _buffer_bytes(alloca)
            if needed <= self.stack_bytes:
                alloca.alignment = IntegerAttr(ALIGNMENT, i64)
                continue
            passed.append(needed)
            pointer = kernel.body.block.insert_arg(alloca.res.type, len(kernel.body.block.args))
            pointer.name_hint = alloca.res.name_hint
            alloca.res.replace_all_uses_with(pointer)
            alloca.detach()
            alloca.erase()
        old = kernel.function_type
        attributes = kernel.arg_attrs.data if kernel.arg_attrs is not None else [DictionaryAttr({})] * len(old.inputs)
        kernel.arg_attrs = ArrayAttr([*attributes, *[DictionaryAttr({"llvm.noalias": UnitAttr()})] * len(passed)])
        kernel.function_type = llvm.LLVMFunctionType(kernel.body.block.arg_types, old.output)
        kernel.attributes[LOCAL_BUFFERS] = DenseArrayBase.from_list(i64, passed)


def _buffer_bytes(alloca: llvm.AllocaOp) -> int:
    array = alloca.elem_type
    assert isinstance(array, llvm.LLVMArrayType)
    return array.size.data * size_bytes(array.type)
