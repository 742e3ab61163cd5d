"""insert-barriers: let workers wait for each other where a dependence needs it.

Before:  %1 = flow.dispatch @a(%0) {hal.placements = [#hal.placement<slab 0 0>]} …
         %2 = flow.dispatch @b(%1) {hal.placements = [#hal.placement<result 0 0>]} …
After:   %1 = flow.dispatch @a(%0) …
         hal.barrier
         %2 = flow.dispatch @b(%1) …

A barrier stands before an op that reads bytes that were written since the last barrier, or writes bytes that were read
or written since. Each worker runs the host code, so `tensor.extract` is a read of every worker.

Requires: `plan-memory`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import func, scf, tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.placements import placement_of
from zellige.analysis.size_expressions import SizeExpressions
from zellige.analysis.value_bytes import Units, rounded_unit, units_of
from zellige.dialects import flow
from zellige.dialects.hal import BarrierOp, Region
from zellige.dialects.hal_sizes import ReserveOp
from zellige.dialects.shaped_types import is_tensor
from zellige.maths.segments import Segments


class InsertBarriersPass(ModulePass):
    """Put `hal.barrier` between dispatches that depend on each other, and nowhere else."""

    name = "insert-barriers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp)]:
            barriers = _Barriers(function)
            barriers.visit(function.body.block, _Pending())
            for before in barriers.needed:
                barrier = BarrierOp()
                barrier.location = before.location
                Rewriter.insert_op(barrier, InsertPoint.before(before))


Range = tuple[tuple[Region, int], int, int]

_WHOLE = 1 << 32
"""More bytes than there are in a region: where a value of dynamic size ends."""


@dataclass
class _Pending:
    """Bytes that were read and written since the last barrier, by region."""

    reads: dict[tuple[Region, int], Segments] = field(default_factory=dict[tuple[Region, int], Segments])
    writes: dict[tuple[Region, int], Segments] = field(default_factory=dict[tuple[Region, int], Segments])

    def conflicts(self, reads: Sequence[Range], writes: Sequence[Range]) -> bool:
        return any(_meets(self.writes, touched) for touched in (*reads, *writes)) or any(
            _meets(self.reads, touched) for touched in writes
        )

    def add(self, reads: Sequence[Range], writes: Sequence[Range]) -> None:
        for known, touched in ((self.reads, reads), (self.writes, writes)):
            for region, start, end in touched:
                known.setdefault(region, Segments()).add(start, end)

    def copy(self) -> _Pending:
        return _Pending(
            {region: bytes_.copy() for region, bytes_ in self.reads.items()},
            {region: bytes_.copy() for region, bytes_ in self.writes.items()},
        )

    def is_same_as(self, other: _Pending) -> bool:
        return _same(self.reads, other.reads) and _same(self.writes, other.writes)

    def unite(self, other: _Pending) -> None:
        for known, more in ((self.reads, other.reads), (self.writes, other.writes)):
            for region, bytes_ in more.items():
                for start, end in bytes_:
                    known.setdefault(region, Segments()).add(start, end)


def _same(one: dict[tuple[Region, int], Segments], other: dict[tuple[Region, int], Segments]) -> bool:
    return one.keys() == other.keys() and all(one[region].is_same_as(other[region]) for region in one)


def _meets(known: dict[tuple[Region, int], Segments], touched: Range) -> bool:
    region, start, end = touched
    return region in known and known[region].meets(start, end)


class _Barriers:
    """The ops of one function that need a barrier before them."""

    def __init__(self, function: func.FuncOp) -> None:
        self.needed: dict[Operation, None] = {}
        self.expressions = SizeExpressions(function)
        reserve = next((op for op in function.body.block.ops if isinstance(op, ReserveOp)), None)
        self.slots: list[Units] = []
        for extent, unit in zip(reserve.slot_extents, reserve.units, strict=True) if reserve is not None else ():
            size = self.expressions.number(unit)
            assert size is not None, "units are sizes"
            self.slots.append((extent, size))

    def visit(self, block: Block, pending: _Pending) -> _Pending:
        """Find the ops of the block; returns what is pending after it."""
        for op in block.ops:
            match op:
                case scf.ForOp():
                    pending = self._visit_loop([op.body.block], pending)
                case scf.WhileOp():
                    pending = self._visit_loop([op.before_region.block, op.after_region.block], pending)
                case scf.IfOp():
                    after = pending.copy() if not op.false_region.blocks else _Pending()
                    for region in [region for region in op.regions if region.blocks]:
                        after.unite(self.visit(region.block, pending.copy()))
                    pending = after
                case _:
                    reads, writes = self._accesses(op)
                    if op in self.needed or pending.conflicts(reads, writes):
                        self.needed[op] = None
                        pending = _Pending()
                    pending.add(reads, writes)
        return pending

    def _visit_loop(self, blocks: Sequence[Block], pending: _Pending) -> _Pending:
        """Go round until an iteration leaves nothing pending that was not pending at its start.

        The last block of a loop leads back to the first one; the loop is left after the first one.
        """
        at_start = pending
        while True:
            left = self.visit(blocks[0], at_start.copy())
            end = left
            for block in blocks[1:]:
                end = self.visit(block, end.copy())
            again = at_start.copy()
            again.unite(end)
            if again.is_same_as(at_start):
                return at_start if len(blocks) == 1 else left
            at_start = again

    def _accesses(self, op: Operation) -> tuple[list[Range], list[Range]]:
        match op:
            case flow.DispatchOp():
                return self._ranges(op.arguments), self._ranges(op.outputs)
            case tensor.ExtractOp():
                return self._ranges([op.tensor]), []
            case _:
                return [], []

    def _ranges(self, values: Sequence[SSAValue]) -> list[Range]:
        places = [(value, placement_of(value)) for value in values if is_tensor(value.type)]
        ranges = [self._range(value, *place) for value, place in places if place is not None]
        return [range_ for range_ in ranges if range_ is not None]

    def _range(self, value: SSAValue, region: Region, index: int, offset: int) -> Range | None:
        """What a value takes of its region, in bytes or units; all of it where that is not known."""
        count, unit = units_of(value, self.expressions)
        if region not in (Region.SLAB, Region.SLOT, Region.RESULT, Region.GLOBAL) or not count:
            return None
        if region is Region.SLOT:
            extent, slot_unit = self.slots[index]
            is_known = rounded_unit(unit) == slot_unit
            return (region, index), offset if is_known else 0, (offset + count if is_known else extent) - 1
        return (region, index), offset, offset + (count if isinstance(unit, int) else _WHOLE) - 1
