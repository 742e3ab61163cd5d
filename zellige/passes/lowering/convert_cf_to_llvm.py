"""convert-cf-to-llvm: branches in LLVM's operations.

Before:  cf.cond_br %c, ^bb1(%x : i32), ^bb2           After:  llvm.cond_br %c, ^bb1(%x : i32), ^bb2
         cf.br ^bb3(%y : i32)                                  llvm.br ^bb3(%y : i32)
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import cf, llvm
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter


@dataclass(frozen=True)
class ConvertCfToLlvmPass(ModulePass):
    """Replace `cf.br` and `cf.cond_br`."""

    name = "convert-cf-to-llvm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for branch in [o for o in op.walk() if isinstance(o, cf.BranchOp | cf.ConditionalBranchOp)]:
            if isinstance(branch, cf.BranchOp):
                replacement = llvm.BrOp(branch.successor, *branch.arguments)
            else:
                replacement = llvm.CondBrOp(
                    branch.cond,
                    branch.then_block,
                    branch.then_arguments,
                    branch.else_block,
                    branch.else_arguments,
                )
            replacement.location = branch.location
            Rewriter.replace_op(branch, replacement)
