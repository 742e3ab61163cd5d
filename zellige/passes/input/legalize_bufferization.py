"""legalize-bufferization: where values should stand is planned later, so what a program says of it goes.

Before:  %0 = bufferization.alloc_tensor() : tensor<8xf32>
         %1 = bufferization.alloc_tensor() copy(%x) : tensor<8xf32>
         %2 = linalg.exp ins(%1 : tensor<8xf32>) outs(%0 : tensor<8xf32>) -> tensor<8xf32>
         %3 = bufferization.materialize_in_destination %2 in %y : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
After:   %0 = tensor.empty() : tensor<8xf32>
         %3 = linalg.exp ins(%x : tensor<8xf32>) outs(%0 : tensor<8xf32>) -> tensor<8xf32>

Leaves:  what reads or writes a memref.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.bufferization import AllocTensorOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.bufferization import MaterializeInDestinationOp
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import is_tensor, tensor_type

REPLACED_OPS = (AllocTensorOp, MaterializeInDestinationOp)
"""What is replaced, where it is on tensors."""


class LegalizeBufferizationPass(ModulePass):
    """Replace ops that say where tensors should stand."""

    name = "legalize-bufferization"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [
            o for o in op.walk() if isinstance(o, REPLACED_OPS) and o.results and is_tensor(o.result_types[0])
        ]:
            forms, result_type = FormBuilder(inner), tensor_type(inner.results[0])
            if isinstance(inner, MaterializeInDestinationOp):
                value = forms.cast(inner.source, result_type.get_shape())
            elif inner.copy is not None:
                value = inner.copy
            else:
                value = forms.insert(tensor.EmptyOp(inner.dynamic_sizes, result_type)).tensor
            value.name_hint = value.name_hint or inner.results[0].name_hint
            Rewriter.replace_op(inner, [], [value])
