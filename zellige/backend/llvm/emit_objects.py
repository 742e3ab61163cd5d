"""emit-objects: each executable and each program function becomes a relocatable wasm object.

Before:  flow.executable @relu workgroups [4, 1, 1] { llvm.func @relu.tile(…) {…} llvm.func @relu(…) {…} }
         llvm.func @relu.tile(!llvm.ptr<2>, !llvm.ptr<2>, i32, i32, i32)
         llvm.func @main(%state: i32) {…}
After:   hal.object @relu = dense<"0x0061736D…"> : tensor<812xi8>
         hal.object @main = dense<"0x0061736D…"> : tensor<604xi8>

The mark of a built-in function goes with it.

Ensures:  no code is left but objects; `hal.constant` and the attributes of the module stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import llvm
from xdsl.dialects.builtin import BytesAttr, DenseIntOrFPElementsAttr, ModuleOp, TensorType, i8
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.kernel_functions import tile_function
from zellige.backend.llvm.objects import ObjectOptions, emit_object
from zellige.backend.llvm.translate import translate
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.hal import ObjectOp
from zellige.dialects.intrinsic import BUILTIN


@dataclass(frozen=True)
class EmitObjectsPass(ModulePass):
    """Compile the llvm dialect with LLVM."""

    name = "emit-objects"
    features: tuple[str, ...] = ()
    several_memories: bool = True

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        options = ObjectOptions(self.features, self.several_memories)
        top = list(op.body.block.ops)
        symbols = {o.sym_name.data: o for o in top if isinstance(o, llvm.FuncOp | llvm.GlobalOp)}
        for inner in top:
            match inner:
                case ExecutableOp():
                    # What replaces a kernel may read an argument that its body ignores. LLVM passes all arguments of a
                    # function only where the linker may put another one in its place.
                    tile_function(inner).linkage = llvm.LinkageAttr("weak")
                    text = translate(list(inner.body.block.ops))
                case llvm.FuncOp() if inner.body.blocks:
                    text = _function_text(inner, symbols)
                case _:
                    continue
            content = _bytes_attr(emit_object(text, options))
            compiled = Builder(InsertPoint.before(inner)).insert(ObjectOp(inner.sym_name.data, content))
            if BUILTIN in inner.attributes:
                compiled.attributes[BUILTIN] = inner.attributes[BUILTIN]
        for inner in top:
            if isinstance(inner, ExecutableOp | llvm.FuncOp | llvm.GlobalOp):
                inner.detach()
                inner.erase()


def _function_text(function: llvm.FuncOp, symbols: Mapping[str, llvm.FuncOp | llvm.GlobalOp]) -> str:
    """A function with declarations of what it refers to."""
    names: dict[str, None] = {}
    for op in function.walk():
        if isinstance(op, llvm.CallOp) and op.callee is not None:
            names[op.callee.string_value()] = None
        elif isinstance(op, llvm.AddressOfOp):
            names[op.global_name.root_reference.data] = None
    used = [symbols[name] for name in names if name in symbols]
    global_ops = [op for op in used if isinstance(op, llvm.GlobalOp)]
    return translate([*global_ops, function], [op for op in used if isinstance(op, llvm.FuncOp) and op is not function])


def _bytes_attr(content: bytes) -> DenseIntOrFPElementsAttr:
    return DenseIntOrFPElementsAttr(TensorType(i8, [len(content)]), BytesAttr(content))
