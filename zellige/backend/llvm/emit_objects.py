"""emit-objects: each executable and each program function becomes a relocatable wasm object.

Before:  flow.executable @relu workgroups [4, 1, 1] { llvm.func @relu.tile(…) {…} llvm.func @relu(…) {…} }
         llvm.func @relu.tile(!llvm.ptr<2>, !llvm.ptr<2>, i32, i32, i32)
         llvm.func @main(%state: i32) {…}
After:   hal.object @relu = dense<"0x0061736D…"> : tensor<812xi8>
         hal.object @main = dense<"0x0061736D…"> : tensor<604xi8>

Ensures:  no code is left but objects; `hal.constant` and the attributes of the module stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.builder import Builder, InsertPoint
from xdsl.context import Context
from xdsl.dialects import llvm
from xdsl.dialects.builtin import BytesAttr, DenseIntOrFPElementsAttr, ModuleOp, TensorType, i8
from xdsl.ir import Operation
from xdsl.passes import ModulePass

from zellige.backend.llvm.objects import ObjectOptions, emit_object
from zellige.backend.llvm.translate import translate
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.hal import ObjectOp


@dataclass(frozen=True)
class EmitObjectsPass(ModulePass):
    """Compile the llvm dialect with LLVM."""

    name = "emit-objects"
    features: tuple[str, ...] = ()
    several_memories: bool = True

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        options = ObjectOptions(self.features, self.several_memories)
        top = list(op.body.block.ops)
        shared = [o for o in top if isinstance(o, llvm.GlobalOp) or (isinstance(o, llvm.FuncOp) and not o.body.blocks)]
        done: list[Operation] = list(shared)
        for inner in top:
            if isinstance(inner, ExecutableOp):
                name, ops = inner.sym_name.data, list(inner.body.block.ops)
            elif isinstance(inner, llvm.FuncOp) and inner.body.blocks:
                name, ops = inner.sym_name.data, [*_used(shared, inner), inner]
            else:
                continue
            content = emit_object(translate(ops), options)
            Builder(InsertPoint.before(inner)).insert(ObjectOp(name, _bytes_attr(content)))
            done.append(inner)
        for inner in done:
            inner.detach()
            inner.erase()


def _used(shared: Sequence[llvm.GlobalOp | llvm.FuncOp], function: llvm.FuncOp) -> list[Operation]:
    """The declarations that a function refers to."""
    names: set[str] = set()
    for op in function.walk():
        if isinstance(op, llvm.CallOp) and op.callee is not None:
            names.add(op.callee.string_value())
        elif isinstance(op, llvm.AddressOfOp):
            names.add(op.global_name.root_reference.data)
    return [op for op in shared if op.sym_name.data in names]


def _bytes_attr(content: bytes) -> DenseIntOrFPElementsAttr:
    return DenseIntOrFPElementsAttr(TensorType(i8, [len(content)]), BytesAttr(content))
