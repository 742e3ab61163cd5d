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

The last workgroup of a dynamic loop can be short: its part has the size `arith.minsi` of the workgroup's size and what
is left. Such kernels get a `grid`: with the size of the loop in argument 2,
`affine_map<()[s0, s1, s2] -> (s2 ceildiv 16, 1, 1)>`.

A kernel that is loops already, with its workgroups counted, is left alone.

Requires: `hal.schedule` on the last op; its workgroup sizes divide static extents, and dynamic ones that are cut are
          arguments of the kernel.
Ensures:  the executable knows its workgroup counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import AffineMapAttr, DenseArrayBase, ModuleOp, i64
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import BlockArgument, OpResult, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
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
from zellige.passes.tiling.slices import empty_tensor, extract_slice, loop_box, slice_place, subview, tile


@dataclass
class _Cut:
    """Slices of values inside one workgroup; what has been cut once is used again."""

    builder: Builder
    done: dict[tuple[SSAValue, tuple[Index, ...], tuple[Index, ...]], SSAValue] = field(
        default_factory=dict[tuple[SSAValue, tuple[Index, ...], tuple[Index, ...]], SSAValue]
    )

    def slice_of(self, value: SSAValue, offsets: Sequence[Index], sizes: Sequence[Index]) -> SSAValue:
        key = (value, tuple(offsets), tuple(sizes))
        if key in self.done:
            return self.done[key]
        generic = producer(value)
        if generic is not None:
            result = self._slice_of_generic(generic, value, offsets, sizes)
        elif isinstance(value.owner, tensor.EmptyOp):
            result = empty_tensor(self.builder, element_type(value.type), sizes)
        else:
            result = extract_slice(self.builder, value, offsets, sizes)
        self.done[key] = result
        return result

    def _slice_of_generic(
        self, op: GenericOp, value: SSAValue, offsets: Sequence[Index], sizes: Sequence[Index]
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

    def cut(self, op: GenericOp, offsets: Sequence[Index], sizes: Sequence[Index]) -> GenericOp:
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
        if not executable.is_counted:
            _count(executable, [])
        return
    last = generics[-1]
    view = structured(last)
    schedule = last.attributes["hal.schedule"]
    assert isinstance(schedule, ScheduleAttr)
    builder = Builder(InsertPoint.before(stores[0]))
    offsets: list[Index] = [0] * len(view.extents)
    sizes = list(view.extents)
    cuts: list[tuple[Index, int]] = []
    for loop in reversed(range(len(view.extents))):
        extent, size = view.extents[loop], schedule.workgroup_sizes[loop]
        if size in (0, extent):
            continue
        workgroup = builder.insert(WorkgroupIdOp(len(cuts))).coordinate
        offsets[loop] = index_arithmetic.scale(builder, workgroup, size)
        is_even = size == 1 or isinstance(extent, int)
        sizes[loop] = size if is_even else _at_most(builder, size, extent, offsets[loop])
        cuts.append((extent, size))
    _count(executable, cuts)
    numbers = [_result_number(last, store.source) for store in stores]
    for store, number in zip(stores, numbers, strict=True):
        place = slice_place(builder, view.outputs[number].forms, offsets, sizes)
        store.operands[1] = subview(builder, store.dest, *place)
    tiled = _Cut(builder).cut(last, offsets, sizes)
    for store, number in zip(stores, numbers, strict=True):
        store.operands[0] = tiled.results[number]
    erase_generics(generics)


def _at_most(builder: Builder, size: int, extent: Index, offset: Index) -> Index:
    """The size of the workgroup's part of a loop of dynamic extent, which begins at `offset`."""
    return index_arithmetic.minimum(builder, index_arithmetic.subtract(builder, extent, offset), size)


def _count(executable: ExecutableOp, cuts: Sequence[tuple[Index, int]]) -> None:
    """Say how many workgroups there are: for x, y and z the extent of a loop, and how much of it is one workgroup's."""
    if all(isinstance(extent, int) for extent, _ in cuts):
        counts = [extent // size for extent, size in cuts if isinstance(extent, int)]
        executable.properties["workgroups"] = DenseArrayBase.from_list(i64, [*counts, 1, 1, 1][:3])
        return
    block = executable.kernel.body.block
    expressions: list[AffineExpr] = []
    for extent, size in cuts:
        if isinstance(extent, int):
            expressions.append(AffineExpr.constant(extent // size))
        else:
            assert isinstance(extent, BlockArgument)
            assert extent.block is block, "what is cut has its size among the kernel's arguments"
            expressions.append(AffineExpr.symbol(extent.index).ceil_div(size))
    expressions += [AffineExpr.constant(1)] * (3 - len(expressions))
    executable.properties["grid"] = AffineMapAttr(AffineMap(0, len(block.args), tuple(expressions)))


def _result_number(op: GenericOp, value: SSAValue) -> int:
    assert isinstance(value, OpResult)
    assert value.op is op
    return value.index
