"""fold-empty-tensors: what is read from an empty tensor is empty, too.

Before:  %e = tensor.empty() : tensor<4x8xf32>
         %s = tensor.extract_slice %e[0, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
         %c = tensor.extract %e[%i, %j] : tensor<4x8xf32>
After:   %s = tensor.empty() : tensor<2x8xf32>
         %c = arith.constant 0.0 : f32

Ensures: slices, views and elements are of tensors that have been computed.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.dimensions import dynamic_sizes_of
from zellige.dialects import flow
from zellige.dialects.arith import zero
from zellige.dialects.shaped_types import is_tensor


class FoldEmptyTensorsPass(ModulePass):
    """Replace reads of values that do not matter."""

    name = "fold-empty-tensors"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for reader in list(op.walk()):
            match reader:
                case tensor.ExtractSliceOp():
                    source = reader.source
                case tensor.ExpandShapeOp() | tensor.CollapseShapeOp() | flow.ReshapeOp():
                    source = reader.src
                case tensor.ExtractOp():
                    source = reader.tensor
                case _:
                    continue
            if isinstance(source.owner, tensor.EmptyOp):
                new = _nothing(reader.results[0])
                new.location = reader.location
                new.results[0].name_hint = reader.results[0].name_hint
                Rewriter.replace_op(reader, new)


def _nothing(value: SSAValue) -> Operation:
    return tensor.EmptyOp(dynamic_sizes_of(value), value.type) if is_tensor(value.type) else zero(value.type)
