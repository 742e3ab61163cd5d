"""decompose-softmax: a softmax is exp(x - max) by the reciprocal of its sum.

Before:  %1 = linalg.softmax dimension(1) ins(%x : tensor<4x8xf32>) outs(%0 : tensor<4x8xf32>) -> tensor<4x8xf32>
After:   %max = greatest number of %x along dimension 1    (a fill with -inf and a generic)
         %exp = exp(%x - %max)                             (a generic)
         %sum = sum of %exp along dimension 1              (a fill with 0 and a generic)
         %1   = %exp * (1 / %sum)                          (a generic)

The maximum passes over NaN, which costs less: NaN comes back with the exponentials and their sum. The sum is at least
1, so its reciprocal is a normal number; the product is within 1.5 ulp of the quotient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith, math
from xdsl.dialects.builtin import AnyFloat, FloatAttr, ModuleOp, TensorType
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.dialects.generic_forms import Compute, FormBuilder
from zellige.dialects.linalg_explicit import SoftmaxOp


class DecomposeSoftmaxPass(ModulePass):
    """Replace `linalg.softmax` with its reductions and elementwise generics."""

    name = "decompose-softmax"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for softmax in [o for o in op.walk() if isinstance(o, SoftmaxOp)]:
            Rewriter.replace_op(softmax, [], [_decompose(softmax)])


def _decompose(softmax: SoftmaxOp) -> SSAValue:
    forms = FormBuilder(softmax)
    source = softmax.input
    full = cast("TensorType[AnyFloat]", source.type)
    dim, rank = softmax.dimension.value.data, full.get_num_dims()
    reduced = TensorType(full.element_type, [n for d, n in enumerate(full.get_shape()) if d != dim])
    sizes = forms.sizes(source)
    rows = [size for d, size in enumerate(sizes) if d != dim]
    across = AffineMap(rank, 0, tuple(AffineExpr.dimension(d) for d in range(rank) if d != dim))
    identity = AffineMap.identity(rank)

    def reduce(values: SSAValue, start: float, compute: Compute) -> SSAValue:
        scalar = forms.insert(arith.ConstantOp(FloatAttr(start, full.element_type))).result
        return forms.reduce(values, forms.fill(scalar, reduced, rows), [dim], compute)

    def greater(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        element, before = elements
        is_greater = builder.insert(arith.CmpfOp(before, element, "olt")).result
        return builder.insert(arith.SelectOp(is_greater, element, before)).result

    def sum_of(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        return builder.insert(arith.AddfOp(elements[0], elements[1])).result

    def exp_of_difference(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        difference = builder.insert(arith.SubfOp(elements[0], elements[1]))
        return builder.insert(math.ExpOp(difference.result)).result

    def share(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        one = builder.insert(arith.ConstantOp(FloatAttr(1.0, full.element_type))).result
        inverse = builder.insert(arith.DivfOp(one, elements[1])).result
        return builder.insert(arith.MulfOp(elements[0], inverse)).result

    maximum = reduce(source, float("-inf"), greater)
    exponentials = forms.pointwise([source, maximum], full, exp_of_difference, [identity, across], sizes)
    total = reduce(exponentials, 0.0, sum_of)
    return forms.pointwise([exponentials, total], full, share, [identity, across], sizes)
