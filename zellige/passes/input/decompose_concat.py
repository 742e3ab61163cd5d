"""decompose-concat: put each part into its slice of an empty tensor.

Before:  %2 = tensor.concat dim(0) %0, %1 : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<5x4xf32>
After:   %e = tensor.empty() : tensor<5x4xf32>
         %3 = tensor.insert_slice %0 into %e[0, 0] [2, 4] [1, 1]
         %2 = tensor.insert_slice %1 into %3[2, 0] [3, 4] [1, 1]
"""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index, add
from zellige.dialects.slices import insert_slice, known_or_dynamic


class DecomposeConcatPass(ModulePass):
    """Replace `tensor.concat` with a chain of `insert_slice`s."""

    name = "decompose-concat"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for concat in [o for o in op.walk() if isinstance(o, tensor.ConcatOp)]:
            Rewriter.replace_op(concat, [], [_concatenated(concat)])


def _concatenated(concat: tensor.ConcatOp) -> SSAValue:
    """The whole; parts agree in all dimensions but one, in which each begins where the one before it ends."""
    forms, builder = FormBuilder(concat), Builder(InsertPoint.before(concat))
    result_type = concat.result.type
    if len(concat.inputs) == 1:
        return forms.cast(concat.inputs[0], result_type.get_shape())
    dim, sizes = concat.dim.value.data, forms.sizes(concat.inputs[0])
    lengths = [forms.sizes(part)[dim] for part in concat.inputs]
    starts: list[Index] = [0]
    for length in lengths:
        starts.append(add(builder, starts[-1], length))
    sizes[dim] = starts[-1]
    made = TensorType(result_type.element_type, known_or_dynamic(sizes))
    whole = forms.empty(made, sizes)
    for part, length, start in zip(concat.inputs, lengths, starts, strict=False):
        part_sizes, offsets = list(sizes), list[Index](0 for _ in sizes)
        part_sizes[dim], offsets[dim] = length, start
        whole = forms.insert(
            insert_slice(forms.cast(part, known_or_dynamic(part_sizes)), whole, offsets, part_sizes)
        ).result
    return forms.cast(whole, result_type.get_shape())
