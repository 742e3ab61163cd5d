"""sink-reshapes: a reshape of unpacked numbers goes below the generics that read them.

Before:  %0 = linalg.generic {…shifts…} ins(%bytes : tensor<8x2x16xi8>) outs(… : tensor<8x2x2x16xi8>)
         %1 = tensor.collapse_shape %0 [[0], [1, 2, 3]] : tensor<8x2x2x16xi8> into tensor<8x64xi8>
         %2 = linalg.generic {(i, j) -> (i, j), (i, j) -> (j), …} ins(%1, %b : …, tensor<64xi8>) outs(…)
After:   %0 = linalg.generic {…shifts…} ins(%bytes : tensor<8x2x16xi8>) outs(… : tensor<8x2x2x16xi8>)
         %c = tensor.expand_shape %b [[0, 1, 2]] : tensor<64xi8> into tensor<2x2x16xi8>
         %3 = linalg.generic {(i, j, k, l) -> (i, j, k, l), (i, j, k, l) -> (j, k, l), …} ins(%0, %c) outs(…)
         %2 = tensor.collapse_shape %3 [[0], [1, 2, 3]] : tensor<8x2x2x16xi8> into tensor<8x64xi8>

So that what unpacks is a producer of what computes, and can become one kernel with it. A generic stays where a loop
to be split is part of a sum, or its number is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import prod

from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import AffineMapAttr, ModuleOp, TensorType
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.dialects.tensor import CollapseShapeOp, ExpandShapeOp
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.elementwise_fusion import is_fusable_producer
from zellige.analysis.generic_bodies import body_has, yielded
from zellige.analysis.indexing import extents_of, is_all_parallel, maps_of, static_shape
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.reshapes import collapse, groups_of, reshape
from zellige.dialects.shaped_types import element_type, has_static_shapes, is_tensor, tensor_type

Splits = dict[int, list[int]]
"""Loop -> the extents of the loops that it is split into, the outermost first."""


class SinkReshapesPass(ModulePass):
    """Split the loops of generics that read unpacked numbers."""

    name = "sink-reshapes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        work = [o for o in op.walk() if isinstance(o, CollapseShapeOp) and _unpacks(o.src.owner)]
        for reshaped in work:  # grows
            for user in list(dict.fromkeys(use.operation for use in reshaped.result.uses)):
                work += _sink(reshaped, user)
        for reshaped in reversed([o for o in op.walk() if isinstance(o, CollapseShapeOp)]):
            if reshaped.result.first_use is None:
                Rewriter.erase_op(reshaped)


def _unpacks(op: object) -> bool:
    """Whether a generic makes several numbers of the bits of each that it reads."""
    if not isinstance(op, GenericOp) or not is_all_parallel(op) or not body_has(op, arith.ShRUIOp):
        return False
    made = prod(static_shape(op.results[0]))
    return all(prod(static_shape(value)) < made for value in op.inputs)


def _sink(reshaped: CollapseShapeOp, user: Operation) -> list[CollapseShapeOp]:
    """Let `user` read what is reshaped; gives the reshapes that are below it then."""
    if isinstance(user, CollapseShapeOp | ExpandShapeOp):
        new = reshape(FormBuilder(user), reshaped.src, static_shape(user.result))
        Rewriter.replace_op(user, [], [new])
        return [new.owner] if isinstance(new.owner, CollapseShapeOp) and new.owner.src is reshaped.src else []
    if isinstance(user, GenericOp) and user.parent is reshaped.parent:
        index = list(user.operands).index(reshaped.result)
        splits = _splits(user, index, reshaped) if index < len(user.inputs) else None
        return _split_loops(user, splits) if splits else []
    return []


def _splits(op: GenericOp, index: int, reshaped: CollapseShapeOp) -> Splits | None:
    """How the loops that run through joined dimensions of an input are split; None where they cannot be."""
    source = static_shape(reshaped.src)
    splits: Splits = {}
    for expr, group in zip(maps_of(op)[index].results, groups_of(reshaped), strict=True):
        sizes = [source[dimension] for dimension in group]
        if len(sizes) == 1:
            continue
        if not isinstance(expr, AffineDimExpr) or expr.position in splits:
            return None
        splits[expr.position] = sizes
    return splits if _allows(op, splits) else None


def _allows(op: GenericOp, splits: Splits) -> bool:
    """Whether all operands are static and go through the loops one by one, and the body does not use their numbers."""
    if not has_static_shapes(op):
        return False
    extents = extents_of(op)
    if any(prod(sizes) != extents[loop] for loop, sizes in splits.items()):
        return False
    if any(inner.dim.value.data in splits for inner in op.body.block.ops if isinstance(inner, IndexOp)):
        return False
    exprs = [expr for affine_map in maps_of(op) for expr in affine_map.results]
    sums = [expr for expr in exprs if not isinstance(expr, AffineDimExpr | AffineConstantExpr)]
    return not any(expr.used_dims() & splits.keys() for expr in sums)


def _split_loops(op: GenericOp, splits: Splits) -> list[CollapseShapeOp]:
    """Replace a generic by one with more loops; gives the reshapes of its results."""
    places: list[list[int]] = []
    count = 0
    for loop in range(len(op.iterator_types)):
        number = len(splits.get(loop, [0]))
        places.append([*range(count, count + number)])
        count += number
    maps = [_split_map(affine_map, places, count) for affine_map in maps_of(op)]
    forms, first = FormBuilder(op), len(op.inputs)
    operands: list[SSAValue] = []
    for number, (value, affine_map) in enumerate(zip(op.operands, maps_of(op), strict=True)):
        sizes = _split_sizes(value, affine_map, splits)
        operands.append((_read if number < first else _start)(forms, value, sizes))
    kinds = [kind for kind, place in zip(op.iterator_types, places, strict=True) for _ in place]
    body = op.detach_region(op.body)
    types: list[Attribute] = [value.type for value in operands[first:]]
    attributes = [AffineMapAttr(affine_map) for affine_map in maps]
    new = forms.insert(GenericOp(operands[:first], operands[first:], body, attributes, kinds, types))
    results: list[SSAValue] = []
    below: list[CollapseShapeOp] = []
    for old, result, affine_map in zip(op.results, new.results, maps_of(op)[first:], strict=True):
        result.name_hint = old.name_hint
        groups = _groups(affine_map, places)
        if len(groups) == tensor_type(result).get_num_dims():
            results.append(result)
        else:
            below.append(forms.insert(collapse(result, groups, tensor_type(old))))
            results.append(below[-1].result)
    Rewriter.replace_op(op, [], results)
    return below


def _split_map(affine_map: AffineMap, places: Sequence[Sequence[int]], count: int) -> AffineMap:
    first = [AffineExpr.dimension(place[0]) for place in places]
    exprs: list[AffineExpr] = []
    for expr in affine_map.results:
        if isinstance(expr, AffineDimExpr):
            exprs += [AffineExpr.dimension(place) for place in places[expr.position]]
        else:
            exprs.append(expr.replace_dims_and_symbols(first, ()))
    return AffineMap(count, 0, tuple(exprs))


def _split_sizes(value: SSAValue, affine_map: AffineMap, splits: Splits) -> list[list[int]]:
    """The dimensions that each dimension of an operand becomes."""
    return [
        splits.get(expr.position, [size]) if isinstance(expr, AffineDimExpr) else [size]
        for expr, size in zip(affine_map.results, static_shape(value), strict=True)
    ]


def _groups(affine_map: AffineMap, places: Sequence[Sequence[int]]) -> list[list[int]]:
    """The dimensions of a result with more loops, for each that it had."""
    groups: list[list[int]] = []
    count = 0
    for expr in affine_map.results:
        number = len(places[expr.position]) if isinstance(expr, AffineDimExpr) else 1
        groups.append([*range(count, count + number)])
        count += number
    return groups


def _read(forms: FormBuilder, value: SSAValue, sizes: Sequence[Sequence[int]]) -> SSAValue:
    """An input in another shape: without a reshape that has only joined these dimensions, and with the loops of what
    computes it for this reader split in the same way.
    """
    shape, owner = list(chain.from_iterable(sizes)), value.owner
    if not is_tensor(value.type) or static_shape(value) == tuple(shape):
        return value
    if isinstance(owner, GenericOp) and value.has_one_use() and is_fusable_producer(owner):
        loops = [expr.position for expr in maps_of(owner)[-1].results if isinstance(expr, AffineDimExpr)]
        splits = {loop: list(part) for loop, part in zip(loops, sizes, strict=True) if len(part) > 1}
        if _allows(owner, splits):
            return _split_loops(owner, splits)[0].src
    return reshape(forms, owner.src if isinstance(owner, CollapseShapeOp) else value, shape)


def _start(forms: FormBuilder, value: SSAValue, sizes: Sequence[Sequence[int]]) -> SSAValue:
    """What an output starts from, in another shape."""
    shape = list(chain.from_iterable(sizes))
    type_ = TensorType(element_type(value.type), shape)
    owner = value.owner
    if static_shape(value) == tuple(shape):
        return value
    if isinstance(owner, tensor.EmptyOp):
        return forms.empty(type_)
    if isinstance(owner, GenericOp) and (number := _filled_with(owner)) is not None:
        return forms.fill(number, type_)
    return reshape(forms, value, shape)


def _filled_with(op: GenericOp) -> SSAValue | None:
    """The number that a generic gives to all elements."""
    number = yielded(op).operands[0]
    if isinstance(number, BlockArgument) and number.owner is op.body.block and number.index < len(op.inputs):
        number = op.inputs[number.index]
    is_simple = len(op.results) == 1 and len(op.body.block.ops) == 1 and not static_shape(number)
    return number if is_simple and number not in op.body.block.args else None
