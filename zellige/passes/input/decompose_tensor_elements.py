"""decompose-tensor-elements: tensors made of scalars become generics.

Before:  %s = tensor.splat %x : tensor<4xf32>              After: %s = linalg.generic ins(%x : f32) … { yield }
         %e = tensor.from_elements %x, %y : tensor<2xf32>         %e = linalg.generic … {
                                                                    %i = linalg.index 0
                                                                    yield select(%i == 1, %y, %x) }
         %g = tensor.generate { ^bb0(%i: index): …                %g = linalg.generic … {
                tensor.yield %y } : tensor<4xf32>                   %i = linalg.index 0; …; yield %y }
         %t = tensor.insert %x into %s[%i] : tensor<4xf32>        %f = linalg.generic ins(%x) … : tensor<1xf32>
                                                                  %t = tensor.insert_slice %f into %s[%i] [1] [1]
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ModuleOp, TensorType
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects import index_arithmetic
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.slices import mixed
from zellige.dialects.tensor import GenerateOp
from zellige.maths.linear_forms import LinearForm
from zellige.passes.linear_indices import evaluate

_Made = tensor.SplatOp | tensor.FromElementsOp | tensor.InsertOp | GenerateOp


class DecomposeTensorElementsPass(ModulePass):
    """Replace `tensor.splat`, `tensor.from_elements`, `tensor.generate` and `tensor.insert`."""

    name = "decompose-tensor-elements"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for made in [o for o in op.walk() if isinstance(o, _Made)]:
            forms = FormBuilder(made)
            match made:
                case tensor.SplatOp():
                    sizes = mixed(made.result.type.get_shape(), made.dynamicSizes)
                    value = forms.fill(made.input, made.result.type, sizes)
                case tensor.FromElementsOp():
                    value = _from_elements(made, forms)
                case GenerateOp():
                    value = _generated(made, forms)
                case tensor.InsertOp():
                    value = _insert(made, forms)
            Rewriter.replace_op(made, [], [value])


def _from_elements(made: tensor.FromElementsOp, forms: FormBuilder) -> SSAValue:
    elements, result_type = list(made.elements), made.result.type
    if len(set(elements)) == 1:
        return forms.fill(elements[0], result_type)
    shape = result_type.get_shape()
    row_major = LinearForm(tuple(prod(shape[dim + 1 :]) for dim in range(len(shape))))

    def choose(builder: Builder, _: Sequence[SSAValue]) -> SSAValue:
        counters = [builder.insert(IndexOp(dim)).result for dim in range(len(shape))]
        where = index_arithmetic.materialize(builder, evaluate(builder, row_major, counters))
        chosen = elements[0]
        for number, element in enumerate(elements[1:], start=1):
            here = builder.insert(arith.CmpiOp(where, index_arithmetic.materialize(builder, number), "eq"))
            chosen = builder.insert(arith.SelectOp(here.result, element, chosen)).result
        return chosen

    return forms.pointwise([], result_type, choose)


def _generated(made: GenerateOp, forms: FormBuilder) -> SSAValue:
    result_type = tensor_type(made.result)
    return forms.computed(made.body.block, result_type, mixed(result_type.get_shape(), made.extents))


def _insert(made: tensor.InsertOp, forms: FormBuilder) -> SSAValue:
    rank = len(made.indices)
    single = forms.fill(made.scalar, TensorType(made.scalar.type, [1] * rank))
    return forms.insert(
        tensor.InsertSliceOp.get(
            single, made.dest, [1] * rank, static_offsets=[DYNAMIC_INDEX] * rank, offsets=list(made.indices)
        )
    ).result
