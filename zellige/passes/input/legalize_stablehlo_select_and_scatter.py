"""legalize-stablehlo-select-and-scatter: first each window picks an element, then each element sums up who picked it.

Before:  %0 = "stablehlo.select_and_scatter"(%x, %source, %init) ({ select }, { scatter }) {window_dimensions = [2], …}
After:   %i   = linalg.generic { the number of each element of %x }
         %p:2 = "stablehlo.reduce_window"(%x, %i, …) { the element that is selected, and its number }
         %s   = stablehlo.pad %source …     (each element where its window has its last element)
         %n   = stablehlo.pad %p#1 …        (with -1, the number of no element)
         %0   = linalg.generic ins(%s, %n, %i, %window) outs(%init everywhere) {
                  n == i ? scatter(out, s) : out }

The last generic has a loop for each dimension of the window: an element of the result looks at all windows that it is
in. What stands around the elements of %x has the number -1 and is never picked.

Leaves:  an op whose regions are more than scalar computation, or whose result has other elements than its source.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import DenseIntElementsAttr, IntegerAttr, ModuleOp, TensorType, i32
from xdsl.dialects.linalg.ops import IndexOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.program_ops import is_program_op
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.linalg_maps import iterator_types, projection
from zellige.dialects.shaped_types import has_static_shapes, tensor_type
from zellige.dialects.stablehlo.attributes import ComparisonDirection
from zellige.dialects.stablehlo.control_flow import ReturnOp
from zellige.dialects.stablehlo.elementwise import AndOp, OrOp
from zellige.dialects.stablehlo.elementwise_forms import CompareOp, SelectOp
from zellige.dialects.stablehlo.reductions import ReduceWindowOp, SelectAndScatterOp
from zellige.dialects.stablehlo.shapes import PadOp, shape_of
from zellige.passes.input.stablehlo_scalars import can_inline, inline_body

_NOBODY = DenseIntElementsAttr.from_list(TensorType(i32, []), [-1])
"""The number of no element."""


HANDLED_OPS = (SelectAndScatterOp,)
"""What is replaced."""


class LegalizeStablehloSelectAndScatterPass(ModulePass):
    """Replace `select_and_scatter` with a reduction over windows and a generic."""

    name = "legalize-stablehlo-select-and-scatter"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS) and is_program_op(o)]:
            same = tensor_type(inner.source).element_type == tensor_type(inner.result).element_type
            if same and has_static_shapes(inner) and can_inline(inner.select) and can_inline(inner.scatter):
                result = _scatter(inner)
                result.name_hint = inner.result.name_hint
                Rewriter.replace_op(inner, [], [result])


def _scatter(op: SelectAndScatterOp) -> SSAValue:
    forms, window, shape = FormBuilder(op), op.window, shape_of(op.operand)
    numbers = _numbers(forms, shape)
    nobody = forms.insert(arith.ConstantOp(_NOBODY)).result
    inits = [op.init_value, nobody]
    picked = forms.insert(ReduceWindowOp([op.operand, numbers], inits, window, _pick(op.select))).res[1]
    rank = len(shape)
    inner = [d for d in range(rank) if window[d].size > 1]
    loops = rank + len(inner)
    along = [AffineExpr.dimension(d) for d in range(rank)]
    for loop, d in enumerate(inner, rank):
        along[d] = along[d] + AffineExpr.dimension(loop)
    around = AffineMap(loops, 0, tuple(along))
    sources, names = _spread(forms, op, op.source, op.init_value), _spread(forms, op, picked, nobody)
    places = projection(loops, range(rank))
    inputs: list[SSAValue] = [sources, names, numbers]
    maps = [around, around, places]
    if inner:
        # Its elements are not read: it says how far the loops over the window go.
        inputs.append(forms.empty(TensorType(i32, [window[d].size for d in inner])))
        maps.append(projection(loops, range(rank, loops)))

    def add(builder: Builder, elements: Sequence[SSAValue]) -> SSAValue:
        source, name, number, before = *elements[:3], elements[-1]
        is_mine = builder.insert(arith.CmpiOp(name, number, "eq")).result
        (after,) = inline_body(builder, op.scatter, [before, source])
        return builder.insert(arith.SelectOp(is_mine, after, before)).result

    start = forms.fill(op.init_value, tensor_type(op.result))
    kinds = iterator_types([False] * rank + [True] * len(inner)).data
    return forms.generic(inputs, start, [*maps, places], kinds, add)


def _numbers(forms: FormBuilder, shape: Sequence[int]) -> SSAValue:
    """The number of each element of a tensor, in order."""

    def count(builder: Builder, _: Sequence[SSAValue]) -> SSAValue:
        number = builder.insert(arith.ConstantOp(IntegerAttr(0, i32))).result
        for dim, size in enumerate(shape):
            index = builder.insert(arith.IndexCastOp(builder.insert(IndexOp(dim)).result, i32)).result
            row = builder.insert(arith.ConstantOp(IntegerAttr(size, i32))).result
            number = builder.insert(arith.AddiOp(builder.insert(arith.MuliOp(number, row)).result, index)).result
        return number

    return forms.pointwise([], TensorType(i32, shape), count)


def _pick(select: Region) -> Region:
    """The reducer of pairs of an element and its number: what has been picked stays where `select` is true."""
    kind = select.block.args[0].type
    number = TensorType(i32, [])
    block = Block(arg_types=[kind, number, kind, number])
    old, old_number, new, new_number = block.args
    builder = Builder(InsertPoint.at_end(block))
    nobody = builder.insert(arith.ConstantOp(_NOBODY)).result
    values: dict[SSAValue, SSAValue] = dict(zip(select.block.args, (old, new), strict=True))
    for op in select.block.ops:
        if isinstance(op, ReturnOp):
            stays = values.get(op.arguments[0], op.arguments[0])
            break
        builder.insert(op.clone(values))
    else:
        raise AssertionError("the verifier requires a return")
    is_picked = builder.insert(CompareOp(ComparisonDirection.NE, old_number, nobody)).result
    is_nothing = builder.insert(CompareOp(ComparisonDirection.EQ, new_number, nobody)).result
    keeps = builder.insert(OrOp(is_nothing, builder.insert(AndOp(is_picked, stays)).result)).result
    pairs = ((old, new), (old_number, new_number))
    builder.insert(ReturnOp([builder.insert(SelectOp(keeps, *pair)).result for pair in pairs]))
    return Region(block)


def _spread(forms: FormBuilder, op: SelectAndScatterOp, value: SSAValue, around: SSAValue) -> SSAValue:
    """The elements of `value`, one a place of the window, as far apart as the places are.

    An element of the result and the `size` - 1 ones after its place are those of the windows that it is in.
    """
    low: list[int] = []
    high: list[int] = []
    for size, places, along in zip(shape_of(op.operand), shape_of(value), op.window, strict=True):
        low.append(along.size - 1 - along.low)
        high.append(size + along.size - 1 - low[-1] - ((places - 1) * along.stride + 1))
    interior = [along.stride - 1 for along in op.window]
    return forms.insert(PadOp(value, around, low, high, interior)).result
