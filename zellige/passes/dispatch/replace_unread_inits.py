"""replace-unread-inits: let a generic that overwrites its outputs start from an empty tensor.

Before:  %1 = linalg.generic ins(%a) outs(%0) { ^bb0(%x: f32, %unused: f32): … }
After:   %e = tensor.empty() : tensor<8xf32>
         %1 = linalg.generic ins(%a) outs(%e) { ^bb0(%x: f32, %unused: f32): … }

Ensures: the output of a generic is an operand that matters, or `tensor.empty` of its own.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.dimensions import dynamic_sizes_of
from zellige.dialects.shaped_types import is_tensor


class ReplaceUnreadInitsPass(ModulePass):
    """Take away dependences that only give a shape."""

    name = "replace-unread-inits"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for generic in [o for o in op.walk() if isinstance(o, GenericOp)]:
            inputs = len(generic.inputs)
            for index, value in enumerate(generic.outputs):
                is_read = generic.body.block.args[inputs + index].first_use is not None
                if is_read or isinstance(value.owner, tensor.EmptyOp) or not is_tensor(value.type):
                    continue
                empty = tensor.EmptyOp(dynamic_sizes_of(value), value.type)
                empty.location = generic.location
                Rewriter.insert_op(empty, InsertPoint.before(generic))
                generic.operands[inputs + index] = empty.tensor
