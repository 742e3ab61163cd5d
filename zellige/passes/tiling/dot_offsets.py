"""What offsets of factors add to a dot product: sums along the reductions, and a start for the product from them."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, TensorType, i32
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.dot_products import DotProduct, Factor, Offset, Side
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.slices import known_or_dynamic
from zellige.passes.tiling.packed_words import computed
from zellige.passes.tiling.slices import extract_slice


def start_with_offsets(product: DotProduct, sides: tuple[Side, Side], depth: int) -> SSAValue:
    """The output that the product of the sides starts from, so that after `depth` iterations the result is right.

    With x = a + p and y = b + q, that is p times the sum of b, plus q times the sum of x.
    """
    start = product.op.outputs[0]
    left, right = sides
    for offset, other in ((left.offset, right.factor), (right.offset, product.factors[0])):
        if not offset.is_zero:
            start = _with_multiple(product, start, offset, other, depth)
    return start


def _with_multiple(product: DotProduct, start: SSAValue, offset: Offset, factor: Factor, depth: int) -> SSAValue:
    """The start, plus an offset times the sum of a factor along the reductions."""
    op, view = product.op, product.view
    written = view.outputs[0].permuted_loops
    assert written is not None
    kept = _kept_loops(product, factor)
    rank = len(written)
    sum_map = AffineMap(rank, 0, tuple(AffineExpr.dimension(written.index(loop)) for loop in kept))
    maps = [AffineMap.identity(rank), sum_map, *_maps(product, offset.others, written)]

    def compute(builder: Builder, args: Sequence[SSAValue]) -> SSAValue:
        value = _value(builder, product, offset, args[2:-1])
        product_of_both = builder.insert(arith.MuliOp(value, args[1])).result
        return builder.insert(arith.AddiOp(args[0], product_of_both)).result

    inputs = [start, _sum(product, factor, kept, depth), *(op.operands[number] for number in offset.others)]
    result_type = TensorType(i32, tensor_type(start).get_shape())
    return FormBuilder(op).pointwise(inputs, result_type, compute, maps, sizes_of(start))


def _kept_loops(product: DotProduct, factor: Factor) -> list[int]:
    """Parallel loops that the source of a factor depends on."""
    loops = product.view.accesses[factor.source].loops
    return [loop for loop in product.view.parallel_loops if loop in loops]


def _sum(product: DotProduct, factor: Factor, kept: Sequence[int], depth: int) -> SSAValue:
    """The sum of a factor along the reductions, `depth` iterations of the summed loop."""
    op, view, forms = product.op, product.view, FormBuilder(product.op)
    source = op.operands[factor.source]
    sizes = list(sizes_of(source))
    sizes[factor.dimension] = depth
    part = extract_slice(Builder(InsertPoint.before(op)), source, [0] * len(sizes), sizes)
    loops = [*kept, *view.reduction_loops]
    extents = [view.extents[loop] for loop in kept]

    def compute(builder: Builder, args: Sequence[SSAValue]) -> SSAValue:
        value = computed(builder, product, factor, args[0], args[1:-1])
        return builder.insert(arith.AddiOp(args[-1], value)).result

    zero = arith.ConstantOp(IntegerAttr(0, i32))
    start = forms.fill(forms.insert(zero).result, TensorType(i32, known_or_dynamic(extents)), extents)
    iterators = [IteratorTypeAttr.parallel()] * len(kept) + [IteratorTypeAttr.reduction()] * len(view.reduction_loops)
    output = AffineMap(len(loops), 0, tuple(AffineExpr.dimension(i) for i in range(len(kept))))
    inputs = [part, *(op.operands[number] for number in factor.others)]
    return forms.generic(
        inputs, start, [*_maps(product, (factor.source, *factor.others), loops), output], iterators, compute
    )


def _maps(product: DotProduct, numbers: Sequence[int], loops: Sequence[int]) -> list[AffineMap]:
    """The accesses of inputs in loops of another generic: its loop i is loop `loops[i]` of the product."""
    new = [
        AffineExpr.dimension(loops.index(loop)) if loop in loops else AffineExpr.constant(0)
        for loop in range(len(product.view.extents))
    ]
    maps = product.op.indexing_maps.data
    return [maps[number].data.replace_dims_and_symbols(new, [], len(loops), 0) for number in numbers]


def _value(builder: Builder, product: DotProduct, offset: Offset, others: Sequence[SSAValue]) -> SSAValue:
    """The offset, computed from elements of its inputs."""
    args = product.op.body.block.args
    scope: dict[SSAValue, SSAValue] = {args[n]: value for n, value in zip(offset.others, others, strict=True)}
    for op in offset.ops:
        builder.insert(op.clone(scope))
    total = builder.insert(arith.ConstantOp(IntegerAttr(offset.number, i32))).result
    for value in offset.added:
        total = builder.insert(arith.AddiOp(total, scope.get(value, value))).result
    for value in offset.subtracted:
        total = builder.insert(arith.SubiOp(total, scope.get(value, value))).result
    return total
