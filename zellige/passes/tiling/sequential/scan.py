"""Loops of `linalg_ext.scan`: what has been combined so far is carried along the row.

Rows that stand side by side are scanned together, as one vector, where the body can work on vectors.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from zellige.analysis.dimensions import sizes_of
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_ext import ScanOp
from zellige.passes.tiling.sequential.loops import Loops, Values
from zellige.passes.tiling.sequential.rows import Rows, vector_width


def emit_scan(
    loops: Loops, executable: ExecutableOp, op: ScanOp, operands: Sequence[SSAValue], results: Sequence[SSAValue]
) -> None:
    """Loops over buffers for the operands and results of `op`."""
    rows = Rows.along(loops, op.dimension.value.data, sizes_of(op.inputs[0]))
    buffers = [rows.buffer(loops, buffer) for buffer in (*operands, *results)]
    count = len(op.inputs)
    inputs, inits, outputs = buffers[:count], buffers[count : len(operands)], buffers[len(operands) :]

    def place(inside: Loops, step: Index) -> Index:
        return inside.subtract(inside.subtract(rows.length, 1), step) if op.is_reverse else step

    def row(inside: Loops, outer: Index, column: Index, width: int) -> None:
        def read(body: Loops, sources: Sequence[SSAValue], step: Index) -> list[SSAValue]:
            return [body.load(source, [outer, place(body, step), column], width) for source in sources]

        def write(body: Loops, values: Values, step: Index) -> None:
            for value, target in zip(values, outputs, strict=True):
                body.store(value, target, [outer, place(body, step), column])

        def next_step(body: Loops, step: SSAValue, carried: Values) -> Values:
            combined = body.apply(op.body, [*carried, *read(body, inputs, step)])
            write(body, combined if op.is_inclusive else carried, step)
            return combined

        def from_first(body: Loops) -> None:
            start = read(body, inputs, 0)
            write(body, start, 0)
            body.loop(1, rows.length, next_step, start)

        if inits:
            start = [inside.load(init, [outer, 0, column], width) for init in inits]
            inside.loop(0, rows.length, next_step, start)
        else:
            inside.if_any(rows.length, from_first)

    width = vector_width(op.body, buffers) if rows.inner != 1 else 1
    rows.emit(loops, executable, width, row)
