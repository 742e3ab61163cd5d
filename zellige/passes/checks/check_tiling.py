"""check-tiling: the contract of the tiling phase.

Ensures: the workgroups of each executable are counted; kernels are loops over `linalg.generic`s whose parallel loops
         are no larger than their tiles; results are written into buffers where they are computed.
Fails:   at the first op that is not so.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass

from zellige.analysis.contracts import SCALAR, Contract
from zellige.analysis.structured import structured
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.hal import ScheduleAttr
from zellige.support.errors import CompileError, Note

_CONTRACT = Contract(
    phase="tiling",
    module="flow.executable func.func ml_program.global intrinsic.group intrinsic.template",
    kernel=(
        f"{SCALAR} func.func func.return hal.workgroup_id linalg.generic linalg.index linalg.yield memref.alloc "
        "memref.subview memref.reinterpret_cast tensor.empty tensor.extract tensor.extract_slice tensor.expand_shape "
        "tensor.collapse_shape packed.dot packed.words "
        "memref.load memref.store vector.transfer_read vector.transfer_write vector.broadcast "
        "bufferization.to_tensor bufferization.materialize_in_destination"
    ),
    host=(
        f"{SCALAR} func.return flow.dispatch hal.barrier hal.reserve tensor.empty tensor.extract "
        "tensor.expand_shape tensor.collapse_shape flow.reshape ml_program.global_load ml_program.global_store"
    ),
)


@dataclass(frozen=True)
class CheckTilingPass(ModulePass):
    """Read the module and raise an error where it is not what the vector phase expects."""

    name = "check-tiling"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in _CONTRACT.legal_ops(op, self.name):
            match inner:
                case ExecutableOp(is_counted=False):
                    raise _error("the workgroups of the kernel are not counted", inner, "tile-to-workgroups")
                case GenericOp():
                    _check_tile(inner)
                case _:
                    pass


def _error(message: str, op: Operation, remover: str) -> CompileError:
    return CompileError(message, op=op, notes=(Note(f"run '{remover}' before"),), pass_name=CheckTilingPass.name)


def _check_tile(op: GenericOp) -> None:
    schedule = op.attributes.get("hal.schedule")
    if not isinstance(schedule, ScheduleAttr):
        raise _error("expected the attribute 'hal.schedule'", op, "select-schedules")
    view = structured(op)
    for loop in view.parallel_loops:
        extent, tile = view.extents[loop], schedule.tile_sizes[loop]
        if not isinstance(extent, int) or extent > tile:
            iterations = extent if isinstance(extent, int) else "a dynamic number of"
            raise _error(f"parallel loop {loop} has {iterations} iterations, its tile {tile}", op, "tile-to-registers")
