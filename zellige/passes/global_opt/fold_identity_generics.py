"""fold-identity-generics: a generic that copies a tensor as it is, is that tensor.

Before:  %1 = linalg.generic {maps = [(i, j) -> (i, j), (i, j) -> (i, j)]} ins(%a) outs(%0) { yield %x }
After:   (uses of %1 are uses of %a)
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.generic_bodies import yielded
from zellige.analysis.indexing import is_all_parallel, is_permutation, maps_of, same_access


class FoldIdentityGenericsPass(ModulePass):
    """Drop copies."""

    name = "fold-identity-generics"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for generic in [o for o in op.walk() if isinstance(o, GenericOp)]:
            if _is_copy(generic):
                Rewriter.replace_op(generic, [], [generic.inputs[0]])


def _is_copy(op: GenericOp) -> bool:
    if len(op.inputs) != 1 or len(op.results) != 1 or not is_all_parallel(op) or len(op.body.block.ops) != 1:
        return False
    source, target = maps_of(op)
    return (
        op.inputs[0].type == op.results[0].type
        and yielded(op).operands[0] is op.body.block.args[0]
        and is_permutation(target)
        and same_access(source, target, sizes_of(op.inputs[0]))
    )
