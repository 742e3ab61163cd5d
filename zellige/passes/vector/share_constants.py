"""share-constants: equal constants of a kernel are one, at its start.

Before:  scf.for %i = … {                              After:  %c4 = arith.constant 4 : index
           %c4 = arith.constant 4 : index                      scf.for %i = … {
           %0 = memref.load %m[%i, %c4] : …                      %0 = memref.load %m[%i, %c4] : …
           %c4_1 = arith.constant 4 : index                      %1 = memref.load %n[%i, %c4] : …
           %1 = memref.load %n[%i, %c4_1] : …                  }
         }

Unrolled code is half constants, of which few are different: whatever runs afterwards has that much less to look at.

Ensures:  a kernel has no two equal constants.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Operation
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.flow import executables


@dataclass(frozen=True)
class ShareConstantsPass(ModulePass):
    """Keep one of the equal constants of each function of an executable."""

    name = "share-constants"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            for function in executable.body.block.ops:
                _share(function)


def _share(function: Operation) -> None:
    kept: dict[Attribute, arith.ConstantOp] = {}
    for constant in [o for o in function.walk() if isinstance(o, arith.ConstantOp)]:
        first = kept.setdefault(constant.value, constant)
        if first is not constant:
            constant.result.replace_all_uses_with(first.result)
            Rewriter.erase_op(constant)
    for constant in kept.values():
        constant.detach()
    if kept:
        Rewriter.insert_op(tuple(kept.values()), InsertPoint.at_start(function.regions[0].blocks[0]))
