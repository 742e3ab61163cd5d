"""materialize-slices: give every slice a generic that reads or makes it.

Before:  %s = tensor.extract_slice %x[0, 2] [4, 3] [1, 1] : tensor<4x8xf32> to tensor<4x3xf32>
         func.return %s
After:   %s = tensor.extract_slice %x[0, 2] [4, 3] [1, 1] : tensor<4x8xf32> to tensor<4x3xf32>
         %c = linalg.generic ins(%s) outs(%e) { yield %s }        a copy: identity maps
         func.return %c

Ensures: a `tensor.extract_slice` is only read as an input of a `linalg.generic`, and is not a slice of a slice; what a
         `tensor.insert_slice` inserts is a result of a `linalg.generic` of the same block that has no other use.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Use
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import dynamic_sizes_of
from zellige.analysis.views import reads
from zellige.dialects.copies import copy_generic


class MaterializeSlicesPass(ModulePass):
    """Insert generics that copy where a slice stands alone."""

    name = "materialize-slices"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for extract in [o for o in op.walk() if isinstance(o, tensor.ExtractSliceOp)]:
            others = [use for use in extract.result.uses if not _is_read_by_generic(use)]
            if others:
                copy = copy_generic(extract.result, InsertPoint.after(extract), dynamic_sizes_of(extract.result))
                for use in others:
                    use.operation.operands[use.index] = copy
        for insert in [o for o in op.walk() if isinstance(o, tensor.InsertSliceOp)]:
            if not _is_made_for(insert):
                insert.operands[0] = copy_generic(
                    insert.source, InsertPoint.before(insert), dynamic_sizes_of(insert.source)
                )


def _is_read_by_generic(use: Use) -> bool:
    return isinstance(use.operation, GenericOp) and use.index < len(use.operation.inputs)


def _is_made_for(insert: tensor.InsertSliceOp) -> bool:
    """Whether the source is all that an op of the same block makes, from other tensors, and is used here only."""
    maker = insert.source.owner
    if not isinstance(maker, GenericOp) or maker.parent is not insert.parent:
        return False
    return len(maker.results) == 1 and insert.source.has_one_use() and not reads(maker, insert.dest)
