"""tile-to-registers: put the structured ops of a workgroup into loops over tiles that are one vector value each.

Before:  %1 = linalg.generic {…fill…} outs(%e : tensor<64x64xf32>)
         %2 = linalg.generic {…matmul…} ins(%a, %b) outs(%1)        attrs = {… tile [4, 8, 1]}
         bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<64x64xf32>, memref<64x64xf32>)
After:   scf.for %i = 0 to 64 step 4 {
           scf.for %j = 0 to 64 step 8 {
             %3 = linalg.generic {…fill…} outs(%e48 : tensor<4x8xf32>)
             %4 = linalg.generic {…matmul…} ins(%a4, %b8) outs(%3)   // reductions stay whole
             %5 = memref.subview %out[%i, %j] [4, 8] [1, 1]
             bufferization.materialize_in_destination %4 in restrict writable %5
           } }

Ops that compute each tile once for the tile of one consumer share its loops; a value with other uses gets a loop nest
of its own and local memory. Extents that tiles do not divide leave a smaller, static tile after the loop.

Requires: `hal.schedule` on each `linalg.generic`.
Ensures:  parallel loops of a generic have the extents of its tile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.builder import Builder, InsertPoint
from xdsl.context import Context
from xdsl.dialects import memref, scf, tensor
from xdsl.dialects.builtin import MemRefType, ModuleOp, NoneAttr, TensorType
from xdsl.dialects.linalg import GenericOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.passes import ModulePass

from zellige.analysis.nests import Nest, form_nests
from zellige.dialects import index_arithmetic
from zellige.dialects.bufferization import MaterializeInDestinationOp, ToTensorOp
from zellige.dialects.flow import executables
from zellige.dialects.hal import Memory, MemoryAttr, ScheduleAttr
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.tiling_interface import extract_slice, slice_place, subview, tile

Leaf = Callable[[Builder, list[Index], list[int]], None]


@dataclass(frozen=True)
class TileToRegistersPass(ModulePass):
    """Build the loop nests inside each workgroup."""

    name = "tile-to-registers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            block = executable.kernel.body.block
            nests = form_nests([o for o in block.ops if isinstance(o, GenericOp)])
            for nest in nests:
                _tile_nest(nest)
            for nest in reversed(nests):
                for member in reversed(nest.members):
                    member.op.detach()
                    member.op.erase()


def _tile_nest(nest: Nest) -> None:
    root = nest.root
    builder = Builder(InsertPoint.before(root.op))
    destinations = [_destination(builder, result) for result in root.op.results]
    schedule = root.op.attributes["hal.schedule"]
    assert isinstance(schedule, ScheduleAttr)
    steps = [
        min(size, extent) if is_parallel else extent
        for size, extent, is_parallel in zip(schedule.tile_sizes, root.view.extents, root.view.parallel, strict=True)
    ]
    members = {member.op: member for member in nest.members}

    def leaf(inner: Builder, offsets: list[Index], sizes: list[int]) -> None:
        def slice_of(value: SSAValue, place: Sequence[Index], shape: Sequence[int]) -> SSAValue:
            value_type = value.type
            assert isinstance(value_type, TensorType)
            owner = value.owner
            if isinstance(owner, GenericOp) and owner in members:
                member = members[owner]
                written = member.view.outputs[0].permuted_loops
                assert written is not None
                member_offsets: list[Index] = [0] * len(member.view.extents)
                member_sizes = list(member.view.extents)
                for loop, offset, size in zip(written, place, shape, strict=True):
                    member_offsets[loop], member_sizes[loop] = offset, size
                forms = [access.forms for access in member.view.accesses]
                return tile(inner, owner, forms, member_offsets, member_sizes, slice_of).results[0]
            if isinstance(owner, tensor.EmptyOp):
                return inner.insert(tensor.EmptyOp([], TensorType(value_type.element_type, shape))).tensor
            return extract_slice(inner, value, place, shape)

        forms = [access.forms for access in root.view.accesses]
        tiled = tile(inner, root.op, forms, offsets, sizes, slice_of)
        for result, destination, access in zip(tiled.results, destinations, root.view.outputs, strict=True):
            target = subview(inner, destination, *slice_place(inner, access.forms, offsets, sizes))
            store = MaterializeInDestinationOp(result, target)
            store.location = root.op.location
            inner.insert(store)

    _loops(builder, root.view.extents, steps, 0, [], [], leaf)


def _destination(builder: Builder, result: SSAValue) -> SSAValue:
    """The memref that a result is written to: where it is materialised, or else local memory."""
    stores = [use.operation for use in result.uses if isinstance(use.operation, MaterializeInDestinationOp)]
    if stores and result.has_one_use():
        destination = stores[0].operands[1]
        stores[0].detach()
        stores[0].erase()
        return destination
    result_type = result.type
    assert isinstance(result_type, TensorType)
    local = MemRefType(result_type.element_type, result_type.get_shape(), NoneAttr(), MemoryAttr(Memory.LOCAL))
    scratch = builder.insert(memref.AllocOp([], [], local)).memref
    value = ToTensorOp(scratch)
    value.tensor.name_hint = result.name_hint
    position = result.owner
    assert isinstance(position, GenericOp)
    Builder(InsertPoint.after(position)).insert(value)
    result.replace_all_uses_with(value.tensor)
    return scratch


def _loops(
    builder: Builder,
    extents: Sequence[int],
    steps: Sequence[int],
    loop: int,
    offsets: list[Index],
    sizes: list[int],
    leaf: Leaf,
) -> None:
    """Loops from `loop` inwards: whole tiles in `scf.for`, then the rest as one smaller tile."""
    if loop == len(extents):
        leaf(builder, offsets, sizes)
        return
    extent, step = extents[loop], steps[loop]
    whole = extent - extent % step if step else 0
    if whole == step:
        _loops(builder, extents, steps, loop + 1, [*offsets, 0], [*sizes, step], leaf)
    elif whole:
        bounds = [index_arithmetic.materialize(builder, n) for n in (0, whole, step)]
        block = Block(arg_types=[type_index])
        builder.insert(scf.ForOp(*bounds, [], Region(block)))
        inner = Builder(InsertPoint.at_end(block))
        _loops(inner, extents, steps, loop + 1, [*offsets, block.args[0]], [*sizes, step], leaf)
        inner.insert(scf.YieldOp())
    if whole < extent:
        _loops(builder, extents, steps, loop + 1, [*offsets, whole], [*sizes, extent - whole], leaf)
