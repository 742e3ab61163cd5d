"""tile-to-workgroups: let a kernel compute the part of its result that belongs to one workgroup.

Before:  flow.executable @relu { func.func @relu(%x: memref<64x8xf32, …>, %out: memref<64x8xf32, …>) {
           %0 = bufferization.to_tensor %x restrict : …
           %1 = linalg.generic … ins(%0) outs(%empty) attrs = {hal.schedule = #hal.schedule<workgroup [16, 0] …>}
           bufferization.materialize_in_destination %1 in restrict writable %out : …
After:   flow.executable @relu workgroups [4, 1, 1] { func.func @relu(…) {
           %0 = bufferization.to_tensor %x restrict : …
           %id = hal.workgroup_id 0
           %offset = arith.muli %id, %c16
           %2 = tensor.extract_slice %0[%offset, 0] [16, 8] [1, 1] : …
           %3 = linalg.generic … ins(%2) outs(%empty16)
           %4 = memref.subview %out[%offset, 0] [16, 8] [1, 1] : …
           bufferization.materialize_in_destination %3 in restrict writable %4 : …

Ops before the last one are cut to what the last one reads of them.

A kernel that is loops already, with its workgroups counted, is left alone.

Requires: `hal.schedule` on the last op; its workgroup sizes divide the extents.
Ensures:  the executable knows its workgroup counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, TensorType, i64
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import OpResult, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.nests import producer
from zellige.analysis.structured import structured
from zellige.dialects import index_arithmetic
from zellige.dialects.bufferization import MaterializeInDestinationOp
from zellige.dialects.flow import ExecutableOp, executables
from zellige.dialects.hal import ScheduleAttr, WorkgroupIdOp
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import element_type
from zellige.passes.generic_erasure import erase_generics
from zellige.passes.tiling.slices import extract_slice, loop_box, slice_place, subview, tile


@dataclass
class _Cut:
    """Slices of values inside one workgroup; what has been cut once is used again."""

    builder: Builder
    done: dict[tuple[SSAValue, tuple[Index, ...], tuple[int, ...]], SSAValue] = field(
        default_factory=dict[tuple[SSAValue, tuple[Index, ...], tuple[int, ...]], SSAValue]
    )

    def slice_of(self, value: SSAValue, offsets: Sequence[Index], sizes: Sequence[int]) -> SSAValue:
        key = (value, tuple(offsets), tuple(sizes))
        if key in self.done:
            return self.done[key]
        generic = producer(value)
        if generic is not None:
            result = self._slice_of_generic(generic, value, offsets, sizes)
        elif isinstance(value.owner, tensor.EmptyOp):
            result = self.builder.insert(tensor.EmptyOp([], TensorType(element_type(value.type), sizes))).tensor
        else:
            result = extract_slice(self.builder, value, offsets, sizes)
        self.done[key] = result
        return result

    def _slice_of_generic(
        self, op: GenericOp, value: SSAValue, offsets: Sequence[Index], sizes: Sequence[int]
    ) -> SSAValue:
        view = structured(op)
        number = _result_number(op, value)
        written = view.outputs[number].permuted_loops
        if written is None:
            return extract_slice(self.builder, self._whole(op).results[number], offsets, sizes)
        return self.cut(op, *loop_box(view.extents, written, offsets, sizes)).results[number]

    def _whole(self, op: GenericOp) -> GenericOp:
        view = structured(op)
        return self.cut(op, [0] * len(view.extents), view.extents)

    def cut(self, op: GenericOp, offsets: Sequence[Index], sizes: Sequence[int]) -> GenericOp:
        view = structured(op)
        accesses = [access.forms for access in view.accesses]
        return tile(self.builder, op, accesses, offsets, sizes, self.slice_of)


@dataclass(frozen=True)
class TileToWorkgroupsPass(ModulePass):
    """Cut each kernel along the loops that its schedule gives to workgroups."""

    name = "tile-to-workgroups"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            _tile_executable(executable)


def _tile_executable(executable: ExecutableOp) -> None:
    block = executable.kernel.body.block
    stores = [o for o in block.ops if isinstance(o, MaterializeInDestinationOp)]
    generics = [o for o in block.ops if isinstance(o, GenericOp)]
    if not generics:
        if executable.workgroups is not None:
            return
        executable.properties["workgroups"] = DenseArrayBase.from_list(i64, [1, 1, 1])
        return
    last = generics[-1]
    view = structured(last)
    schedule = last.attributes["hal.schedule"]
    assert isinstance(schedule, ScheduleAttr)
    builder = Builder(InsertPoint.before(stores[0]))
    offsets: list[Index] = [0] * len(view.extents)
    sizes = list(view.extents)
    counts: list[int] = []
    for loop in reversed(range(len(view.extents))):
        size = schedule.workgroup_sizes[loop]
        if size in (0, view.extents[loop]):
            continue
        workgroup = builder.insert(WorkgroupIdOp(len(counts))).coordinate
        offsets[loop] = index_arithmetic.scale(builder, workgroup, size)
        sizes[loop] = size
        counts.append(view.extents[loop] // size)
    executable.properties["workgroups"] = DenseArrayBase.from_list(i64, [*counts, 1, 1, 1][:3])
    numbers = [_result_number(last, store.source) for store in stores]
    for store, number in zip(stores, numbers, strict=True):
        place = slice_place(builder, view.outputs[number].forms, offsets, sizes)
        store.operands[1] = subview(builder, store.dest, *place)
    tiled = _Cut(builder).cut(last, offsets, sizes)
    for store, number in zip(stores, numbers, strict=True):
        store.operands[0] = tiled.results[number]
    erase_generics(generics)


def _result_number(op: GenericOp, value: SSAValue) -> int:
    assert isinstance(value, OpResult)
    assert value.op is op
    return value.index
