"""decompose-concat: put each part into its slice of an empty tensor.

Before:  %2 = tensor.concat dim(0) %0, %1 : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<5x4xf32>
After:   %e = tensor.empty() : tensor<5x4xf32>
         %3 = tensor.insert_slice %0 into %e[0, 0] [2, 4] [1, 1]
         %2 = tensor.insert_slice %1 into %3[2, 0] [3, 4] [1, 1]
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import tensor_type


class DecomposeConcatPass(ModulePass):
    """Replace `tensor.concat` with a chain of `insert_slice`s."""

    name = "decompose-concat"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for concat in [o for o in op.walk() if isinstance(o, tensor.ConcatOp)]:
            if len(concat.inputs) == 1:
                Rewriter.replace_op(concat, [], [concat.inputs[0]])
                continue
            forms = FormBuilder(concat)
            result_type = concat.result.type
            dim, rank = concat.dim.value.data, result_type.get_num_dims()
            whole, start = forms.empty(result_type), 0
            for part in concat.inputs:
                sizes = tensor_type(part).get_shape()
                offsets = [start if d == dim else 0 for d in range(rank)]
                whole = forms.insert(tensor.InsertSliceOp.get(part, whole, sizes, offsets)).result
                start += sizes[dim]
            Rewriter.replace_op(concat, [], [whole])
