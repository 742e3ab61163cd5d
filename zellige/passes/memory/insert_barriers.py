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
from zellige.analysis.tensor_bytes import size_bytes
from zellige.dialects import flow
from zellige.dialects.hal import BarrierOp, Region
from zellige.dialects.shaped_types import is_tensor
from zellige.maths.segments import Segments


class InsertBarriersPass(ModulePass):
    """Put `hal.barrier` between dispatches that depend on each other, and nowhere else."""

    name = "insert-barriers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp)]:
            needed: dict[Operation, None] = {}
            _visit(function.body.block, _Pending(), needed)
            for before in needed:
                barrier = BarrierOp()
                barrier.location = before.location
                Rewriter.insert_op(barrier, InsertPoint.before(before))


Range = tuple[tuple[Region, int], int, int]


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


def _visit(block: Block, pending: _Pending, needed: dict[Operation, None]) -> _Pending:
    """Find the ops of the block that need a barrier before them; returns what is pending after the block."""
    for op in block.ops:
        match op:
            case scf.ForOp():
                pending = _visit_loop([op.body.block], pending, needed)
            case scf.WhileOp():
                pending = _visit_loop([op.before_region.block, op.after_region.block], pending, needed)
            case scf.IfOp():
                after = pending.copy() if not op.false_region.blocks else _Pending()
                for region in [region for region in op.regions if region.blocks]:
                    after.unite(_visit(region.block, pending.copy(), needed))
                pending = after
            case _:
                reads, writes = _accesses(op)
                if op in needed or pending.conflicts(reads, writes):
                    needed[op] = None
                    pending = _Pending()
                pending.add(reads, writes)
    return pending


def _visit_loop(blocks: Sequence[Block], pending: _Pending, needed: dict[Operation, None]) -> _Pending:
    """Go round until an iteration leaves nothing pending that was not pending at its start.

    The last block of a loop leads back to the first one; the loop is left after the first one.
    """
    at_start = pending
    while True:
        left = _visit(blocks[0], at_start.copy(), needed)
        end = left
        for block in blocks[1:]:
            end = _visit(block, end.copy(), needed)
        again = at_start.copy()
        again.unite(end)
        if again.is_same_as(at_start):
            return at_start if len(blocks) == 1 else left
        at_start = again


def _accesses(op: Operation) -> tuple[list[Range], list[Range]]:
    match op:
        case flow.DispatchOp():
            return _ranges(op.arguments), _ranges(op.outputs)
        case tensor.ExtractOp():
            return _ranges([op.tensor]), []
        case _:
            return [], []


def _ranges(values: Sequence[SSAValue]) -> list[Range]:
    ranges: list[Range] = []
    for value in values:
        if not is_tensor(value.type) or (place := placement_of(value)) is None:
            continue
        region, index, offset = place
        size = size_bytes(value.type)
        if region in (Region.SLAB, Region.RESULT, Region.GLOBAL) and size:
            ranges.append(((region, index), offset, offset + size - 1))
    return ranges
