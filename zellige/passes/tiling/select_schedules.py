"""select-schedules: say of each structured op how it is to be cut.

Before:  %0 = linalg.generic {…matmul…} ins(%a, %b : tensor<512x512xf32>, tensor<512x512xf32>) outs(%init …)
After:   %0 = linalg.generic {…matmul…} ins(%a, %b : …) outs(%init …)
              attrs = {hal.schedule = #hal.schedule<workgroup [64, 64, 0] tile [4, 8, 1]>}

A schedule that is there already is kept, so a schedule can be written by hand or by a tuner.

Requires: kernels with memrefs at their border (the `memory` phase).
Ensures:  every `linalg.generic` of a kernel carries `hal.schedule`.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.passes import ModulePass

from zellige.analysis.nests import form_nests
from zellige.analysis.schedules import choose_packing, choose_tiles
from zellige.analysis.target import TargetDescription
from zellige.analysis.workgroups import choose_workgroups
from zellige.dialects.flow import executables
from zellige.dialects.hal import ScheduleAttr


@dataclass(frozen=True)
class SelectSchedulesPass(ModulePass):
    """Attach `hal.schedule` to the structured ops of each kernel."""

    name = "select-schedules"
    vector_bits: int = 128

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        target = TargetDescription(vector_bits=self.vector_bits)
        for executable in executables(op):
            generics = [o for o in executable.kernel.body.block.ops if isinstance(o, GenericOp)]
            nests = form_nests(generics)
            for nest in nests:
                tiles = choose_tiles(nest, target)
                dominant_tile = tiles[nest.members.index(nest.dominant)]
                packed = choose_packing(nest, dominant_tile, target)
                for member, tile in zip(nest.members, tiles, strict=True):
                    is_last = nest is nests[-1] and member is nest.root
                    workgroup = choose_workgroups(nests, target, tile) if is_last else (0,) * len(tile)
                    schedule = ScheduleAttr(workgroup, tile, packed if member is nest.dominant else ())
                    member.op.attributes.setdefault("hal.schedule", schedule)
