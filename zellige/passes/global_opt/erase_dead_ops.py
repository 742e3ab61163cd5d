"""erase-dead-ops: drop what nothing reads and what has no effect, generics included.

Before:  %0 = tensor.empty() : tensor<8xf32>               After:   (nothing)
         %1 = linalg.generic ins(%a) outs(%0) { … }

A generic whose body asserts something stays: it can stop the program.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.traits import IsTerminator
from xdsl.transforms.dead_code_elimination import would_be_trivially_dead


class EraseDeadOpsPass(ModulePass):
    """Erase ops without uses and without effects, uses first."""

    name = "erase-dead-ops"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in reversed(list(op.walk())):
            if inner.results and all(result.first_use is None for result in inner.results) and _is_pure(inner):
                Rewriter.erase_op(inner)


def _is_pure(op: Operation) -> bool:
    if isinstance(op, GenericOp | scf.IfOp | scf.ForOp):
        return all(
            inner.has_trait(IsTerminator) or _is_pure(inner)
            for region in op.regions
            for block in region.blocks
            for inner in block.ops
        )
    return isinstance(op, IndexOp) or would_be_trivially_dead(op)  # xDSL's does not say that it is pure
