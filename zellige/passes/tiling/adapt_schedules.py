"""adapt-schedules: choose register tiles for another machine than the one that the workgroups were cut for.

Before:  %0 = linalg.generic {…matmul…}
              attrs = {hal.schedule = #hal.schedule<workgroup [256, 256, 0] tile [2, 16, 1] pack [1]>}
After (target=avx512):
         %0 = linalg.generic {…matmul…}
              attrs = {hal.schedule = #hal.schedule<workgroup [256, 256, 0] tile [8, 32, 1] pack [1]>}

What decides about results stays: the workgroups, and how many lanes a reduction is summed up in. So code for either
machine computes the same numbers, bit by bit, as long as both fuse the same multiplications and additions.

Requires: `tile-to-workgroups`.
Ensures:  tiles of parallel loops are those of the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.passes import ModulePass

from zellige.analysis.nests import Member, Nest, form_nests
from zellige.analysis.schedules import choose_packing, choose_tiles
from zellige.analysis.target import NATIVE_TARGETS
from zellige.dialects.flow import executables
from zellige.dialects.hal import ScheduleAttr
from zellige.support.errors import UsageError


@dataclass(frozen=True)
class AdaptSchedulesPass(ModulePass):
    """Replace the register tiles of kernels by those of a target."""

    name = "adapt-schedules"
    target: str = "avx512"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        target = NATIVE_TARGETS.get(self.target)
        if target is None:
            raise UsageError(f"unknown target '{self.target}', known are {', '.join(NATIVE_TARGETS)}")
        for executable in executables(op):
            for nest in form_nests([o for o in executable.kernel.body.block.ops if isinstance(o, GenericOp)]):
                tiles = _adapted(nest, choose_tiles(nest, target))
                packed = choose_packing(nest, tiles[nest.members.index(nest.dominant)], target)
                for member, tile in zip(nest.members, tiles, strict=True):
                    member.op.attributes["hal.schedule"] = ScheduleAttr(
                        _schedule(member).workgroup_sizes, tile, packed if member is nest.dominant else ()
                    )


def _schedule(member: Member) -> ScheduleAttr:
    schedule = member.op.attributes["hal.schedule"]
    assert isinstance(schedule, ScheduleAttr)
    return schedule


def _adapted(nest: Nest, chosen: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """The chosen tiles of a nest with the lanes of reductions that the schedules have.

    Where the choice would sum up along another loop, or element by element, the tiles stay as they are.
    """
    kept = tuple(_schedule(member).tile_sizes for member in nest.members)
    for member, old, new in zip(nest.members, kept, chosen, strict=True):
        if any((old[loop] > 1) != (new[loop] > 1) for loop in member.view.reduction_loops):
            return kept
    return tuple(
        tuple(
            size if is_parallel else lanes
            for size, lanes, is_parallel in zip(new, old, member.view.parallel, strict=True)
        )
        for member, old, new in zip(nest.members, kept, chosen, strict=True)
    )
