"""generalize-copies: a kernel that only moves a tensor gets a structured op to cut.

Before:  %0 = bufferization.to_tensor %a restrict : memref<8xf32, …> to tensor<8xf32>
         bufferization.materialize_in_destination %0 in restrict writable %b : …
After:   %0 = bufferization.to_tensor %a restrict : memref<8xf32, …> to tensor<8xf32>
         %1 = tensor.empty() : tensor<8xf32>
         %2 = linalg.generic {…identity…} ins(%0 : tensor<8xf32>) outs(%1 : tensor<8xf32>) { yield %in }
         bufferization.materialize_in_destination %2 in restrict writable %b : …

Ensures: what is materialised is always the result of a `linalg.generic`.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import dynamic_sizes_of
from zellige.dialects.bufferization import MaterializeInDestinationOp
from zellige.dialects.copies import copy_generic
from zellige.dialects.flow import executables


@dataclass(frozen=True)
class GeneralizeCopiesPass(ModulePass):
    """Let every value that a kernel materialises come from a structured op."""

    name = "generalize-copies"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            for body_op in list(executable.kernel.body.block.ops):
                if not isinstance(body_op, MaterializeInDestinationOp):
                    continue
                if not isinstance(body_op.source.owner, GenericOp):
                    sizes = dynamic_sizes_of(body_op.source)
                    body_op.operands[0] = copy_generic(body_op.source, InsertPoint.before(body_op), sizes=sizes)
