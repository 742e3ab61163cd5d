"""collapse-unit-results: a dimension of size 1 that a generic writes at 0 is added behind it.

Before:  %f = linalg.generic {(i, j) -> (i, j)} outs(%e : tensor<4x1xf32>) { yield %zero }
         %1 = linalg.generic {maps = [(i, j) -> (i, j), (i, j) -> (i, 0)]} ins(%a) outs(%f : tensor<4x1xf32>)
After:   %f = linalg.generic {(i) -> (i)} outs(%e : tensor<4xf32>) { yield %zero }
         %2 = linalg.generic {maps = [(i, j) -> (i, j), (i, j) -> (i)]} ins(%a) outs(%f : tensor<4xf32>)
         %1 = tensor.expand_shape %2 [[0, 1]] : tensor<4xf32> into tensor<4x1xf32>

So that a result has a dimension for each loop that it keeps, as schedules want it. What reads the result sees through
the reshape by `fold-unit-reshapes`.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import AffineMapAttr, ModuleOp, TensorType
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import BlockArgument, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.dimensions import dynamic_sizes_of, sizes_of
from zellige.analysis.generic_bodies import yielded
from zellige.analysis.indexing import maps_of
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.reshapes import collapse, expand
from zellige.dialects.shaped_types import is_tensor, tensor_type


class CollapseUnitResultsPass(ModulePass):
    """Let generics write tensors without the dimensions in which they stand still."""

    name = "collapse-unit-results"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for generic in [o for o in op.walk() if isinstance(o, GenericOp)]:
            kept = [_kept_dims(generic, number) for number in range(len(generic.results))]
            if any(len(dims) < len(m.results) for dims, m in zip(kept, _out_maps(generic), strict=True)):
                _collapse(generic, kept)


def _out_maps(op: GenericOp) -> tuple[AffineMap, ...]:
    return maps_of(op)[len(op.inputs) :]


def _kept_dims(op: GenericOp, number: int) -> list[int]:
    """The dimensions of a result but for those that have size 1 and are written at 0."""
    shape, exprs = tensor_type(op.outputs[number]).get_shape(), _out_maps(op)[number].results
    return [dim for dim, expr in enumerate(exprs) if not (isinstance(expr, AffineConstantExpr) and shape[dim] == 1)]


def _collapse(op: GenericOp, kept: Sequence[Sequence[int]]) -> None:
    """Let the op write tensors with the dimensions that are kept, and add the others behind it."""
    forms, wide = FormBuilder(op), [tensor_type(value) for value in op.outputs]
    starts = [_narrow_start(forms, value, dims) for value, dims in zip(op.outputs, kept, strict=True)]
    written = [
        AffineMap(m.num_dims, 0, tuple(m.results[dim] for dim in dims))
        for m, dims in zip(_out_maps(op), kept, strict=True)
    ]
    maps = [AffineMapAttr(m) for m in (*maps_of(op)[: len(op.inputs)], *written)]
    types, body = [value.type for value in starts], op.detach_region(op.body)
    smaller = GenericOp(op.inputs, starts, body, maps, op.iterator_types, types, op.doc, op.library_call)
    smaller.attributes |= op.attributes
    smaller.location = op.location
    Rewriter.insert_op(smaller, InsertPoint.before(op))
    results: list[SSAValue] = []
    for old, new, dims, type_ in zip(op.results, smaller.results, kept, wide, strict=True):
        new.name_hint = old.name_hint
        if len(dims) == type_.get_num_dims():
            results.append(new)
        else:
            groups = _groups(dims, type_.get_num_dims())
            results.append(forms.insert(expand(new, groups, type_, dynamic_sizes_of(new))).result)
    Rewriter.replace_op(op, [], results)


def _groups(kept: Sequence[int], rank: int) -> list[list[int]]:
    """Each dimension that is kept with those behind it that are not, the first one also with those before."""
    if not kept:
        return []
    starts = [0, *kept[1:]]
    return [[*range(start, end)] for start, end in zip(starts, [*starts[1:], rank], strict=True)]


def _narrow_start(forms: FormBuilder, start: SSAValue, kept: Sequence[int]) -> SSAValue:
    """What a result starts from without the dimensions that are not kept; made so where it is empty or filled."""
    wide, sizes = tensor_type(start), sizes_of(start)
    if len(kept) == len(sizes):
        return start
    narrow, left = TensorType(wide.element_type, [wide.get_shape()[dim] for dim in kept]), [sizes[dim] for dim in kept]
    maker = start.owner
    if isinstance(maker, tensor.EmptyOp):
        return forms.empty(narrow, left)
    if isinstance(maker, GenericOp) and (number := _filling(maker)) is not None:
        scalar = number if isinstance(number, SSAValue) else forms.insert(number.clone()).result
        return forms.fill(scalar, narrow, left)
    return forms.insert(collapse(start, _groups(kept, len(sizes)), narrow)).result


def _filling(op: GenericOp) -> SSAValue | arith.ConstantOp | None:
    """The scalar that a generic puts everywhere; None where it does not."""
    if len(op.results) > 1 or maps_of(op)[-1] != AffineMap.identity(maps_of(op)[-1].num_dims):
        return None
    value = yielded(op).operands[0]
    if isinstance(value, BlockArgument) and value.block is op.body.block:
        is_scalar = value.index < len(op.inputs) and not is_tensor(op.inputs[value.index].type)
        return op.inputs[value.index] if is_scalar else None
    if isinstance(value.owner, arith.ConstantOp):
        return value.owner
    return None if op.is_ancestor(value.owner) else value
