"""collapse-loops: loops that run side by side through every tensor of a kernel become one.

Before:  %0 = bufferization.to_tensor %x restrict : memref<64x7x7xf32, …> to tensor<64x7x7xf32>
         %1 = linalg.generic {(d0, d1, d2) -> (d0, d1, d2) …} ins(%0) outs(%e : tensor<64x7x7xf32>)
         bufferization.materialize_in_destination %1 in restrict writable %out : …
After:   %2 = tensor.collapse_shape %0 [[0, 1, 2]] : tensor<64x7x7xf32> into tensor<3136xf32>
         %3 = linalg.generic {(d0) -> (d0) …} ins(%2) outs(%e1 : tensor<3136xf32>)
         %4 = memref.reinterpret_cast %out to offset: [0], sizes: [3136], strides: [1] : …
         bufferization.materialize_in_destination %3 in restrict writable %4 : …

A row of 7 elements fills a vector of 4 badly; the rows of a whole tensor fill it well, and tails come once. A kernel
with a schedule is left alone, because the schedule speaks of its loops.

Requires: kernels with memrefs at their border.
Ensures:  no two loops of a kernel could be one, as far as its tensors are whole buffers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, IntegerAttr, ModuleOp, TensorType, i64
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import Attribute, Block, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.collapsing import Collapsing, find_collapsing
from zellige.analysis.dimensions import sizes_of
from zellige.analysis.structured import structured
from zellige.dialects.bufferization import MaterializeInDestinationOp, ToTensorOp
from zellige.dialects.flow import executables
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.slices import known_or_dynamic
from zellige.maths.linear_forms import LinearForm
from zellige.passes.buffer_reshapes import reshaped_buffer


@dataclass(frozen=True)
class CollapseLoopsPass(ModulePass):
    """Join loops, and the dimensions of tensors that they run through."""

    name = "collapse-loops"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            block = executable.kernel.body.block
            if any("hal.schedule" in o.attributes for o in block.ops):
                continue
            collapsing = find_collapsing(block)
            if collapsing.changes_anything:
                _collapse(block, collapsing)


def _collapse(block: Block, collapsing: Collapsing) -> None:
    collapsed: dict[SSAValue, SSAValue] = {}
    generics: list[GenericOp] = []
    for op in list(block.ops):
        match op:
            case ToTensorOp() if any(collapsing.joined[op.tensor]):
                collapsed[op.tensor] = _collapse_argument(op, collapsing.dimension_groups(op.tensor))
            case tensor.EmptyOp() if any(collapsing.joined[op.tensor]):
                shape = known_or_dynamic(_sizes(op.tensor, collapsing))
                empty = tensor.EmptyOp(op.dynamic_sizes, TensorType(tensor_type(op.tensor).element_type, shape))
                collapsed[op.tensor] = Builder(InsertPoint.before(op)).insert(empty).tensor
            case GenericOp():
                results = _collapse_generic(op, collapsing, collapsed)
                collapsed.update(zip(op.results, results, strict=True))
                generics.append(op)
            case MaterializeInDestinationOp():
                _collapse_store(op, collapsing, collapsed)
            case _:
                pass
    for op in reversed(generics):
        op.detach()
        op.erase()


def _sizes(value: SSAValue, collapsing: Collapsing) -> list[Index]:
    """The sizes of the collapsed tensor; no dynamic one is joined to others."""
    return _joined(value, collapsing.dimension_groups(value))


def _joined(value: SSAValue, groups: Sequence[Sequence[int]]) -> list[Index]:
    sizes = sizes_of(value)
    return [
        sizes[group[0]] if len(group) == 1 else prod(tensor_type(value).get_shape()[number] for number in group)
        for group in groups
    ]


def _collapse_argument(op: ToTensorOp, groups: Sequence[Sequence[int]]) -> SSAValue:
    value_type = tensor_type(op.tensor)
    sizes = known_or_dynamic(_joined(op.tensor, groups))
    collapse = tensor.CollapseShapeOp.create(
        operands=[op.tensor],
        result_types=[TensorType(value_type.element_type, sizes)],
        properties={
            "reassociation": ArrayAttr(
                ArrayAttr(IntegerAttr(dimension, i64) for dimension in group) for group in groups
            )
        },
    )
    collapse.location = op.location
    collapse.results[0].name_hint = op.tensor.name_hint
    return Builder(InsertPoint.after(op)).insert(collapse).results[0]


def _collapse_generic(op: GenericOp, collapsing: Collapsing, collapsed: dict[SSAValue, SSAValue]) -> Sequence[SSAValue]:
    view = structured(op)
    groups = collapsing.loop_groups(op, view)
    loop_of = {loop: number for number, group in enumerate(groups) for loop in group}
    operands = [collapsed.get(value, value) for value in op.operands]
    maps: list[AffineMapAttr] = []
    for value, access in zip(op.operands, view.accesses, strict=True):
        marks = [False, *collapsing.joined.get(value, [])]
        kept = [form for form, is_joined in zip(access.forms, marks, strict=False) if not is_joined]
        results = tuple(_expression(form, loop_of) for form in kept)
        maps.append(AffineMapAttr(AffineMap(len(groups), 0, results)))
    inputs = len(op.inputs)
    result_types: list[Attribute] = [value.type for value in operands[inputs:]]
    kinds = [op.iterator_types.data[group[0]] for group in groups]
    new = GenericOp(operands[:inputs], operands[inputs:], op.body.clone(), maps, kinds, result_types)
    for index in [o for o in new.walk() if isinstance(o, IndexOp)]:
        index.properties["dim"] = IntegerAttr(loop_of[index.dim.value.data], i64)
    new.attributes |= op.attributes
    new.location = op.location
    Builder(InsertPoint.before(op)).insert(new)
    for result, old in zip(new.results, op.results, strict=True):
        result.name_hint = old.name_hint
    return new.results


def _expression(form: LinearForm, loop_of: dict[int, int]) -> AffineExpr:
    """The form over the collapsed loops; a loop that was joined to others stands for the first of them."""
    terms = [AffineExpr.dimension(loop_of[loop]) * form.coefficients[loop] for loop in form.loops]
    if form.constant or not terms:
        terms.append(AffineExpr.constant(form.constant))
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _collapse_store(
    op: MaterializeInDestinationOp, collapsing: Collapsing, collapsed: dict[SSAValue, SSAValue]
) -> None:
    source = op.source
    if source not in collapsed:
        return
    op.operands[0] = collapsed[source]
    if not any(collapsing.joined[source]):
        return
    owner = op.dest.owner
    # Right where the buffer is known: loops that write several results stand before all of their stores.
    place = InsertPoint.at_start(owner) if isinstance(owner, Block) else InsertPoint.after(owner)
    view = reshaped_buffer(Builder(place), op.dest, _sizes(source, collapsing))
    view.location = op.location
    op.operands[1] = view.result
