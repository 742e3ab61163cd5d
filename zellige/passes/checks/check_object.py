"""check-object: the contract of the object phase.

Ensures: the module holds relocatable wasm objects and constants, and the description of the program in `hal.program`.
Fails:   at the first op that is not so.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.passes import ModulePass

from zellige.analysis.contracts import Contract
from zellige.dialects.hal import ObjectOp
from zellige.support.errors import CompileError, Note

WASM_START = b"\0asm"

_CONTRACT = Contract(
    phase="object",
    module="hal.object hal.constant intrinsic.template",
    removed_by={"flow": "emit-objects", "llvm": "emit-objects"},
)


@dataclass(frozen=True)
class CheckObjectPass(ModulePass):
    """Read the module and raise an error where it is not what the linker expects."""

    name = "check-object"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in _CONTRACT.legal_ops(op, self.name):
            if isinstance(inner, ObjectOp) and not inner.content.data.data.startswith(WASM_START):
                start = inner.content.data.data[: len(WASM_START)].hex()
                message = f"expected a wasm object, whose bytes start with {WASM_START.hex()}, got {start or 'none'}"
                raise CompileError(message, op=inner, pass_name=self.name)
        if not isinstance(op.attributes.get("hal.program"), StringAttr):
            hint = Note("run 'describe-program' before")
            raise CompileError("expected the attribute 'hal.program'", op=op, notes=(hint,), pass_name=self.name)
