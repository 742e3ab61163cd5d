"""convert-linalg-ext-to-loops: kernels that work through rows in order become loops over their buffers.

Before:  func.func @k(%x: memref<4x8xf32, …>, %out: memref<4x8xf32, …>) {
           %0 = bufferization.to_tensor %x restrict : …
           %1 = linalg_ext.scan dimension(1) … ins(%0 : tensor<4x8xf32>) { … addf … }
           bufferization.materialize_in_destination %1 in restrict writable %out : …
After:     %2 = memref.reinterpret_cast %x to offset: [0], sizes: [4, 8, 1], …
           scf.for %row = 0 to 4 {
             %first = memref.load %2[%row, 0, 0]
             memref.store %first, %3[%row, 0, 0]
             scf.for %i = 1 to 8 iter_args(%sum = %first) { … } }

The buffers of results that are updates hold the operands already.

Requires: kernels with memrefs at their border; the operands of an op of `linalg_ext` are arguments of its kernel.
Ensures:  no op of `linalg_ext` is left; executables that had one know their workgroup counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.bufferization import MaterializeInDestinationOp, ToTensorOp
from zellige.dialects.flow import ExecutableOp, executables
from zellige.dialects.linalg_ext import ScanOp, ScatterOp, SequentialOp, SortOp, TopkOp
from zellige.passes.tiling.sequential.loops import Loops
from zellige.passes.tiling.sequential.scan import emit_scan
from zellige.passes.tiling.sequential.scatter import emit_scatter
from zellige.passes.tiling.sequential.sort import emit_sort
from zellige.passes.tiling.sequential.topk import emit_topk


@dataclass(frozen=True)
class ConvertLinalgExtToLoopsPass(ModulePass):
    """Turn sequential ops into `scf` loops with loads and stores."""

    name = "convert-linalg-ext-to-loops"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            for found in [o for o in executable.kernel.body.block.ops if isinstance(o, SequentialOp)]:
                _convert(executable, found)


def _convert(executable: ExecutableOp, op: SequentialOp) -> None:
    stores = [use.operation for result in op.results for use in result.uses]
    targets: dict[SSAValue, SSAValue] = {}
    for store in stores:
        assert isinstance(store, MaterializeInDestinationOp)
        targets[store.source] = store.dest
    results = [targets[result] for result in op.results]
    contents = [value.owner for value in op.operands[op.updated :]]
    operands: list[SSAValue] = []
    for owner in contents:
        assert isinstance(owner, ToTensorOp)
        operands.append(owner.memref)
    known = set(executable.kernel.walk())
    loops = Loops(Builder(InsertPoint.before(op)))
    match op:
        case SortOp():
            emit_sort(loops, executable, op, operands, results)
        case ScanOp():
            emit_scan(loops, executable, op, operands, results)
        case TopkOp():
            emit_topk(loops, executable, op, operands, results)
        case ScatterOp():
            emit_scatter(loops, executable, op, operands, results)
        case _:
            raise AssertionError(f"'{op.name}' has no loops")
    for new in [inner for inner in executable.kernel.walk() if inner not in known]:
        new.location = op.location
    for store in stores:
        Rewriter.erase_op(store)
    reads = [value.owner for value in op.operands]
    Rewriter.erase_op(op)
    for read in dict.fromkeys(reads):
        if isinstance(read, ToTensorOp) and read.tensor.first_use is None:
            Rewriter.erase_op(read)
