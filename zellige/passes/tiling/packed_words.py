"""The words of one factor of a dot product: generics that narrow its values and put groups of them together."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, IntegerType, TensorType, i32
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.dot_products import DotProduct, Factor
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.packed import WORD_BITS, WordsOp
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.slices import known_or_dynamic
from zellige.passes.tiling.slices import extract_slice


def words_of(product: DotProduct, factor: Factor, element: IntegerType, depth: int) -> SSAValue:
    """A tensor like the factor's source, with groups along the summed loop, `depth` long, as one element."""
    source = product.op.operands[factor.source]
    is_contiguous = factor.dimension == tensor_type(source).get_num_dims() - 1
    return (_read_as_words if is_contiguous else _put_together)(product, factor, element, depth)


def _read_as_words(product: DotProduct, factor: Factor, element: IntegerType, depth: int) -> SSAValue:
    """The factor as bytes or halves, which stand in memory as words do."""
    forms = FormBuilder(product.op)
    source = product.op.operands[factor.source]
    sizes = [*sizes_of(source)[:-1], depth]
    part = extract_slice(Builder(InsertPoint.before(product.op)), source, [0] * len(sizes), sizes)
    narrow = IntegerType(element.bitwidth)

    def compute(builder: Builder, args: Sequence[SSAValue]) -> SSAValue:
        value = computed(builder, product, factor, args[0], args[1:-1])
        return value if value.type == narrow else builder.insert(arith.TruncIOp(value, narrow)).result

    maps = [AffineMap.identity(len(sizes)), *_maps_of_others(product, factor)]
    inputs = [part, *_others(product, factor)]
    values = forms.pointwise(inputs, TensorType(narrow, known_or_dynamic(sizes)), compute, maps, sizes)
    values.name_hint = source.name_hint
    return forms.insert(WordsOp(values)).result


def _put_together(product: DotProduct, factor: Factor, element: IntegerType, depth: int) -> SSAValue:
    """Each word from the elements that belong to it, which are far apart in memory."""
    forms = FormBuilder(product.op)
    source = product.op.operands[factor.source]
    group = WORD_BITS // element.bitwidth
    sizes = list(sizes_of(source))
    sizes[factor.dimension] = depth // group

    def member(number: int) -> AffineMap:
        dims = [AffineExpr.dimension(dimension) for dimension in range(len(sizes))]
        dims[factor.dimension] = dims[factor.dimension] * group + number
        return AffineMap(len(sizes), 0, tuple(dims))

    def compute(builder: Builder, args: Sequence[SSAValue]) -> SSAValue:
        word: SSAValue | None = None
        for number in range(group):
            value = computed(builder, product, factor, args[number], args[group:-1])
            field = _field(builder, value, number * element.bitwidth, element.bitwidth)
            word = field if word is None else builder.insert(arith.OrIOp(word, field)).result
        assert word is not None
        return word

    maps = [*(member(number) for number in range(group)), *_maps_of_others(product, factor)]
    inputs = [*[source] * group, *_others(product, factor)]
    words = forms.pointwise(inputs, TensorType(i32, known_or_dynamic(sizes)), compute, maps, sizes)
    words.name_hint = source.name_hint
    return words


def _field(builder: Builder, value: SSAValue, start: int, bits: int) -> SSAValue:
    """The lowest bits of an i32, moved to where they start in the word."""

    def constant(number: int) -> SSAValue:
        return builder.insert(arith.ConstantOp(IntegerAttr(number, i32))).result

    if start + bits < WORD_BITS:
        value = builder.insert(arith.AndIOp(value, constant((1 << bits) - 1))).result
    return builder.insert(arith.ShLIOp(value, constant(start))).result if start else value


def computed(
    builder: Builder, product: DotProduct, factor: Factor, element: SSAValue, others: Sequence[SSAValue]
) -> SSAValue:
    """Ops for the factor from one element of its source and elements of its other inputs."""
    args = product.op.body.block.args
    scope: dict[SSAValue, SSAValue] = {args[factor.source]: element}
    scope |= {args[number]: value for number, value in zip(factor.others, others, strict=True)}
    for op in factor.ops:
        builder.insert(op.clone(scope))
    value = scope.get(factor.value, factor.value)
    if not factor.shift:
        return value
    shift = builder.insert(arith.ConstantOp(IntegerAttr(factor.shift, i32))).result
    return builder.insert(arith.AddiOp(value, shift)).result


def _others(product: DotProduct, factor: Factor) -> list[SSAValue]:
    return [product.op.operands[number] for number in factor.others]


def _maps_of_others(product: DotProduct, factor: Factor) -> list[AffineMap]:
    """Accesses of the factor's other inputs in the dimensions of its source."""
    maps = product.op.indexing_maps.data
    dimension_of = {
        form.single_loop: dimension for dimension, form in enumerate(product.view.accesses[factor.source].forms)
    }
    loops = [
        AffineExpr.dimension(dimension_of[loop]) if loop in dimension_of else AffineExpr.constant(0)
        for loop in range(len(product.view.extents))
    ]
    rank = len(product.view.accesses[factor.source].forms)
    return [maps[number].data.replace_dims_and_symbols(loops, [], rank, 0) for number in factor.others]
