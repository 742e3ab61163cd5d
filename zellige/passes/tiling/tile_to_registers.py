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
of its own and local memory, or the place of the result that overwrites it. Nests that go through the same rows one by
one, and read of each other the row that they are at, are in one loop over rows. Extents that tiles do not divide leave
a smaller, static tile after the loop. Of a dynamic extent whole tiles come first, then quarters of a tile, and so on
down to single steps, each in a loop: every tile has a static size.

Inputs that a schedule packs are copied panel by panel into local memory, right inside the loop over panels. One that an
elementwise op makes for this use alone is not copied but computed there.

Requires: `hal.schedule` on each `linalg.generic`.
Ensures:  parallel loops of a generic have the extents of its tile, or a smaller one.
Fails:    where a value between two nests has a dynamic size without a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import memref, scf, tensor
from xdsl.dialects.builtin import MemRefType, ModuleOp, NoneAttr
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.lent_destinations import lent_destinations
from zellige.analysis.nests import Member, Nest, form_nests, producer
from zellige.analysis.shared_rows import share_rows
from zellige.analysis.structured import structured
from zellige.dialects import index_arithmetic
from zellige.dialects.bufferization import MaterializeInDestinationOp, ToTensorOp
from zellige.dialects.copies import copy_generic
from zellige.dialects.flow import executables
from zellige.dialects.hal import Memory, MemoryAttr, ScheduleAttr
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.shaped_types import element_type, tensor_type
from zellige.maths.linear_forms import LinearForm
from zellige.maths.vector_pieces import descending_steps
from zellige.passes.buffer_reshapes import reshaped_buffer
from zellige.passes.tiling.slices import empty_tensor, extract_slice, loop_box, slice_place, subview, tile
from zellige.support.errors import CompileError, Note

MOST_COPIED = 16
"""Elements that a copy moves at a time."""


@dataclass(frozen=True)
class TileToRegistersPass(ModulePass):
    """Build the loop nests inside each workgroup."""

    name = "tile-to-registers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            block = executable.kernel.body.block
            nests = form_nests([o for o in block.ops if isinstance(o, GenericOp)])
            in_panels = {op for nest in nests for op in _computed_in_panels(nest)}
            lent = lent_destinations(executable.kernel, nests)
            for group in share_rows(executable.kernel, nests, in_panels):
                if group[0].root.op not in in_panels:
                    _tile_nests(group, lent)
            for nest in reversed(nests):
                for member in reversed(nest.members):
                    member.op.detach()
                    member.op.erase()


def _tile_nests(nests: Sequence[Nest], lent: Mapping[SSAValue, MaterializeInDestinationOp]) -> None:
    """The loops of a nest, or of several whose outermost loop is one."""
    last = nests[-1].root
    builder = Builder(InsertPoint.before(last.op))
    tilers = [_Tiler(nest, [_destination(builder, result, lent) for result in nest.root.op.results]) for nest in nests]

    def rows(inner: Builder, row: Index) -> None:
        for tiler in tilers:
            tiler.tile_row(inner, row)
            if tiler is not tilers[-1]:
                _read_from_destinations(inner, tiler)

    if len(nests) == 1:
        tilers[0].tile(builder)
    else:
        _for(builder, 0, last.view.extents[0], 1, rows)
    _read_from_destinations(Builder(InsertPoint.after(last.op)), tilers[-1])


def _read_from_destinations(builder: Builder, tiler: _Tiler) -> None:
    """Let what a nest has written stand for its results."""
    for result, destination in zip(tiler.nest.root.op.results, tiler.destinations, strict=True):
        if result.first_use is not None:
            contents = builder.insert(ToTensorOp(destination)).tensor
            contents.name_hint = result.name_hint
            result.replace_all_uses_with(contents)


def _schedule(op: GenericOp) -> ScheduleAttr:
    schedule = op.attributes["hal.schedule"]
    assert isinstance(schedule, ScheduleAttr)
    return schedule


def _computed_in_panels(nest: Nest) -> list[GenericOp]:
    """Elementwise ops whose results are packed inputs of the nest and nothing else."""
    packed = [nest.dominant.op.operands[number] for number in _schedule(nest.dominant.op).packed_inputs]
    return [op for value in packed if (op := _maker(value)) is not None]


def _maker(value: SSAValue) -> GenericOp | None:
    """The elementwise op that makes a value for one use."""
    op = producer(value)
    if op is None or not value.has_one_use() or len(op.results) > 1:
        return None
    view = structured(op)
    return op if not view.reduction_loops and view.outputs[0].permuted_loops is not None else None


@dataclass
class _Panel:
    """A copy of the part of an input that the outermost loop has reached; its last dimension runs along that loop."""

    copy: SSAValue
    order: list[int]


@dataclass
class _Tiler:
    """Loops of one nest. The loop that panels are made for is the outermost."""

    nest: Nest
    destinations: Sequence[SSAValue]
    steps: list[Index] = field(init=False)
    order: list[int] = field(init=False)
    panels: dict[SSAValue, _Panel] = field(default_factory=dict[SSAValue, _Panel])

    def __post_init__(self) -> None:
        view = self.nest.root.view
        sizes = _schedule(self.nest.root.op).tile_sizes
        self.steps = [
            size if is_parallel else extent
            for size, extent, is_parallel in zip(sizes, view.extents, view.parallel, strict=True)
        ]
        self.order = list(range(len(view.extents)))
        if self.packed_inputs:
            panel_loop = max(reversed(view.parallel_loops), key=lambda loop: sizes[loop])
            self.order.remove(panel_loop)
            self.order.insert(0, panel_loop)

    @property
    def packed_inputs(self) -> tuple[int, ...]:
        return _schedule(self.nest.dominant.op).packed_inputs

    def tile(self, builder: Builder) -> None:
        count = len(self.order)
        self._loops(builder, 0, [0] * count, [0] * count)

    def tile_row(self, builder: Builder, row: Index) -> None:
        """What the outermost loop, whose steps are 1, does at one step."""
        rest = [0] * (len(self.order) - 1)
        self._loops(builder, 1, [row, *rest], [1, *rest])

    def _loops(self, builder: Builder, depth: int, offsets: list[Index], sizes: list[Index]) -> None:
        """Loops from `depth` inwards: whole tiles in `scf.for`, then the rest as one smaller tile, or as several."""
        if depth == 1 and self.packed_inputs:
            self._pack(builder, offsets[self.order[0]], sizes[self.order[0]])
        if depth == len(self.order):
            self._leaf(builder, offsets, sizes)
            return
        loop = self.order[depth]
        extent, step = self.nest.root.view.extents[loop], self.steps[loop]

        def inside(inner: Builder, offset: Index, size: Index) -> None:
            inner_offsets, inner_sizes = list(offsets), list(sizes)
            inner_offsets[loop], inner_sizes[loop] = offset, size
            self._loops(inner, depth + 1, inner_offsets, inner_sizes)

        if extent == step:
            inside(builder, 0, step)
        elif isinstance(extent, SSAValue):
            assert isinstance(step, int)
            _for_all(builder, extent, step, inside)
        else:
            assert isinstance(step, int)
            whole = extent - extent % step
            if whole == step:
                inside(builder, 0, step)
            elif whole:
                _for(builder, 0, whole, step, lambda inner, offset: inside(inner, offset, step))
            if whole < extent:
                inside(builder, whole, extent - whole)

    def _leaf(self, builder: Builder, offsets: list[Index], sizes: list[Index]) -> None:
        root = self.nest.root
        members = {member.op: member for member in self.nest.members}

        def slice_of(value: SSAValue, place: Sequence[Index], shape: Sequence[Index]) -> SSAValue:
            owner = value.owner
            if value in self.panels:
                return extract_slice(builder, self.panels[value].copy, [*place[:-1], 0], shape)
            if isinstance(owner, GenericOp) and owner in members:
                member = members[owner]
                written = member.view.outputs[0].permuted_loops
                assert written is not None
                box = loop_box(member.view.extents, written, place, shape)
                return tile(builder, owner, self._forms(member), *box, slice_of).results[0]
            if isinstance(owner, tensor.EmptyOp):
                return empty_tensor(builder, element_type(value.type), shape)
            return extract_slice(builder, value, place, shape)

        tiled = tile(builder, root.op, self._forms(root), offsets, sizes, slice_of)
        for result, destination, access in zip(tiled.results, self.destinations, root.view.outputs, strict=True):
            target = subview(builder, destination, *slice_place(builder, access.forms, offsets, sizes))
            store = MaterializeInDestinationOp(result, target)
            store.location = root.op.location
            builder.insert(store)

    def _forms(self, member: Member) -> list[Sequence[LinearForm]]:
        """The accesses of a member, with the dimensions of packed inputs in the order of their panels."""
        forms: list[Sequence[LinearForm]] = [access.forms for access in member.view.accesses]
        for number, value in enumerate(member.op.operands):
            if value in self.panels:
                forms[number] = [forms[number][dimension] for dimension in self.panels[value].order]
        return forms

    def _pack(self, builder: Builder, offset: Index, size: Index) -> None:
        """Copy the panels that belong to `size` steps of the outermost loop from `offset` on."""
        member = self.nest.dominant
        panel_loop = member.root_loops.index(self.order[0])
        offsets: list[Index] = [0] * len(member.view.extents)
        sizes = list(member.view.extents)
        offsets[panel_loop], sizes[panel_loop] = offset, size
        self.panels.clear()
        for number in self.packed_inputs:
            value = member.op.operands[number]
            forms = member.view.accesses[number].forms
            order = sorted(range(len(forms)), key=lambda dimension: panel_loop in forms[dimension].loops)
            copy = _panel_contents(builder, value, *slice_place(builder, forms, offsets, sizes), order)
            view = structured(copy)
            row = view.outputs[0].forms[-1].single_loop
            extents = view.assumed_extents
            tile_sizes = [min(MOST_COPIED, size) if loop == row else 1 for loop, size in enumerate(extents)]
            copy.attributes["hal.schedule"] = ScheduleAttr([0] * len(tile_sizes), tile_sizes)
            before = Builder(InsertPoint.before(copy))
            panel = ToTensorOp(_local_memory(before, copy.results[0]))
            panel.tensor.name_hint = copy.results[0].name_hint
            _Tiler(form_nests([copy])[0], [panel.memref]).tile(before)
            copy.detach()
            copy.erase()
            self.panels[value] = _Panel(builder.insert(panel).tensor, order)


def _panel_contents(
    builder: Builder, value: SSAValue, offsets: Sequence[Index], sizes: Sequence[Index], order: Sequence[int]
) -> GenericOp:
    """The op that gives a slice of a value with its dimensions in this order: a copy, or what makes the value."""
    maker = _maker(value)
    if maker is None:
        copy = copy_generic(extract_slice(builder, value, offsets, sizes), builder.insertion_point, order=order).owner
        assert isinstance(copy, GenericOp)
        return copy
    view = structured(maker)
    written = view.outputs[0].permuted_loops
    assert written is not None
    shape = [sizes[dimension] for dimension in order]
    accesses = [access.forms for access in view.accesses[: view.inputs]]
    accesses.append(tuple(view.outputs[0].forms[dimension] for dimension in order))

    def slice_of(operand: SSAValue, place: Sequence[Index], part: Sequence[Index]) -> SSAValue:
        if operand is maker.outputs[0]:
            return empty_tensor(builder, element_type(value.type), shape)
        return extract_slice(builder, operand, place, part)

    return tile(builder, maker, accesses, *loop_box(view.extents, written, offsets, sizes), slice_of)


def _destination(builder: Builder, result: SSAValue, lent: Mapping[SSAValue, MaterializeInDestinationOp]) -> SSAValue:
    """The memref that a result is written to: where it or what overwrites it is materialised, or else local memory."""
    if result in lent:
        return lent[result].dest
    stores = [use.operation for use in result.uses if isinstance(use.operation, MaterializeInDestinationOp)]
    if stores and result.has_one_use():
        destination = stores[0].operands[1]
        stores[0].detach()
        stores[0].erase()
        return destination
    return _local_memory(builder, result)


def _for_all(builder: Builder, extent: SSAValue, tile_size: int, body: Callable[[Builder, Index, Index], None]) -> None:
    """Loops over tiles of a dynamic extent: steps of a tile, then of smaller ones, the last of 1."""
    start: Index = 0
    for step in descending_steps(tile_size):
        stop = index_arithmetic.rounded_down(builder, extent, step)
        _for(builder, start, stop, step, lambda inner, offset, step=step: body(inner, offset, step))
        start = stop


def _for(builder: Builder, start: Index, stop: Index, step: int, body: Callable[[Builder, Index], None]) -> None:
    """`scf.for` from `start` to `stop`."""
    low, high, by = (index_arithmetic.materialize(builder, n) for n in (start, stop, step))
    block = Block(arg_types=[type_index])
    builder.insert(scf.ForOp(low, high, by, [], Region(block)))
    inner = Builder(InsertPoint.at_end(block))
    body(inner, block.args[0])
    inner.insert(scf.YieldOp())


def _local_memory(builder: Builder, value: SSAValue) -> SSAValue:
    """Local memory for a value: as much as it can need, of which it takes the first bytes."""
    sizes = sizes_of(value)
    bounds = [bound for size in sizes if (bound := index_arithmetic.upper_bound(size)) is not None]
    if len(bounds) < len(sizes):
        assert isinstance(value.owner, Operation)
        raise CompileError(
            f"a value between the loops of a kernel has a size without a bound: {value.type}",
            op=value.owner,
            notes=(Note("dynamic dimensions that workgroups share out have one"),),
            pass_name=TileToRegistersPass.name,
        )
    local = MemRefType(tensor_type(value).element_type, bounds, NoneAttr(), MemoryAttr(Memory.LOCAL))
    whole = builder.insert(memref.AllocOp([], [], local)).memref
    return whole if tuple(bounds) == sizes else reshaped_buffer(builder, whole, sizes).result
