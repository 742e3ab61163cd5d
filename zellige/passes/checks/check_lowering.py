"""check-lowering: the contract of the lowering phase.

Ensures: functions hold the llvm dialect only; each executable `@name` has the functions `@name.tile` and `@name`; the
         module carries the description of the program in `hal.program`.
Fails:   at the first op that is not so.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import llvm
from xdsl.dialects.builtin import IndexType, ModuleOp, StringAttr
from xdsl.passes import ModulePass

from zellige.analysis.contracts import Contract
from zellige.dialects.flow import ExecutableOp
from zellige.support.errors import CompileError, Note

_CONTRACT = Contract(
    phase="lowering",
    module="flow.executable llvm.func llvm.mlir.global hal.constant intrinsic.template",
    kernel="llvm",
    host="llvm",
    removed_by={
        "intrinsic": "convert-intrinsic-to-llvm",
        "func": "convert-memref-to-llvm",
        "memref": "convert-memref-to-llvm",
        "hal": "convert-host-to-llvm",
        "packed": "convert-packed-to-llvm",
        "vector": "convert-vector-to-llvm",
        "arith": "convert-arith-to-llvm",
        "math": "expand-math-functions",
        "scf": "convert-scf-to-cf",
        "cf": "convert-cf-to-llvm",
        "cf.assert": "convert-assert-to-llvm",
    },
    gone={IndexType: "an index"},
)


@dataclass(frozen=True)
class CheckLoweringPass(ModulePass):
    """Read the module and raise an error where it is not what the object phase expects."""

    name = "check-lowering"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in _CONTRACT.legal_ops(op, self.name):
            if isinstance(inner, ExecutableOp):
                self._check_functions(inner)
        if not isinstance(op.attributes.get("hal.program"), StringAttr):
            hint = Note("run 'describe-program' before")
            raise CompileError("expected the attribute 'hal.program'", op=op, notes=(hint,), pass_name=self.name)

    def _check_functions(self, executable: ExecutableOp) -> None:
        name = executable.sym_name.data
        functions = [op.sym_name.data for op in executable.body.block.ops if isinstance(op, llvm.FuncOp)]
        for expected, hint in ((f"{name}.tile", "convert-memref-to-llvm"), (name, "export-entry-points")):
            if expected not in functions:
                raise CompileError(
                    f"expected a function '@{expected}' in the executable, got {', '.join(functions) or 'none'}",
                    op=executable,
                    notes=(Note(f"run '{hint}' before"),),
                    pass_name=self.name,
                )
