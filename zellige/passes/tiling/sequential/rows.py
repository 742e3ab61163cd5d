"""Rows of buffers, shared out to workgroups.

The rows of a tensor along a dimension are those of a buffer of three dimensions: what stands before it, the dimension
itself, and what stands behind it. Neighbours along the last one are *columns*; several of them can be one vector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import DenseArrayBase, IndexType, IntegerType, i64
from xdsl.ir import Region, SSAValue

from zellige.analysis.schedules import element_bits
from zellige.analysis.target import TargetDescription
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.hal import WorkgroupIdOp
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_ext import YieldOp
from zellige.dialects.shaped_types import element_type, memref_type
from zellige.passes.buffer_reshapes import reshaped_buffer
from zellige.passes.tiling.sequential.loops import Loops, Values

WORKGROUP_ELEMENTS = 1 << 12
"""Elements that are worth a workgroup of their own."""

EmitRow = Callable[[Loops, Index, Index, int], None]
"""Works through one row, or `width` neighbouring ones: gets what stands before the row, its column, and the width."""


@dataclass(frozen=True)
class Rows:
    """All rows along `dimension` of tensors of a shape."""

    outer: int
    length: int
    inner: int

    @staticmethod
    def along(dimension: int, shape: Sequence[int]) -> Rows:
        return Rows(prod(shape[:dimension]), shape[dimension], prod(shape[dimension + 1 :]))

    def buffer(self, loops: Loops, buffer: SSAValue) -> SSAValue:
        """A whole buffer by rows; its length may be another one."""
        length = prod(memref_type(buffer).get_shape()) // max(1, self.outer * self.inner)
        return reshaped_buffer(loops.builder, buffer, [self.outer, length, self.inner]).result

    def emit(self, loops: Loops, executable: ExecutableOp, width: int, emit_row: EmitRow) -> None:
        """Loops over the rows of a workgroup, `width` columns at a time; counts the workgroups."""
        block_columns = self._block_columns(width)
        block_rows = max(1, min(self.outer, WORKGROUP_ELEMENTS // max(1, self.length * block_columns)))
        counts = [-(-self.outer // block_rows), -(-self.inner // block_columns), 1]
        executable.properties["workgroups"] = DenseArrayBase.from_list(i64, counts)
        first_row = _start(loops, 0, counts[0], block_rows)
        first_column = _start(loops, 1, counts[1], block_columns)
        last_row = loops.minimum(loops.add(first_row, block_rows), self.outer)
        last_column = loops.minimum(loops.add(first_column, block_columns), self.inner)
        whole = self.inner - self.inner % width

        def columns(body: Loops, outer: SSAValue, low: Index, high: Index, step: int) -> None:
            def one(inside: Loops, column: SSAValue, _: Values) -> Values:
                emit_row(inside, outer, column, step)
                return ()

            body.loop(low, high, one, step=step)

        def row(body: Loops, outer: SSAValue, _: Values) -> Values:
            if self.inner == 1:
                emit_row(body, outer, 0, 1)
                return ()
            if whole:
                columns(body, outer, first_column, body.minimum(last_column, whole), width)
            if whole < self.inner:  # what fills no vector belongs to the last workgroup
                columns(body, outer, body.maximum(first_column, whole), last_column, self.inner - whole)
            return ()

        loops.loop(first_row, last_row, row)

    def _block_columns(self, width: int) -> int:
        """Columns of one workgroup: whole vectors, and all of them when they are few."""
        if self.length * self.inner <= WORKGROUP_ELEMENTS:
            return max(1, self.inner)
        wanted = max(1, WORKGROUP_ELEMENTS // max(1, self.length * width)) * width
        return min(self.inner, wanted)


def _start(loops: Loops, dimension: int, count: int, size: int) -> Index:
    if count == 1:
        return 0
    return loops.scale(loops.builder.insert(WorkgroupIdOp(dimension)).coordinate, size)


def vector_width(body: Region, buffers: Sequence[SSAValue]) -> int:
    """Elements of one vector when the body can work on vectors, else 1."""
    elements = [memref_type(buffer).element_type for buffer in buffers]
    if any(isinstance(element, IndexType) or element == IntegerType(1) for element in elements):
        return 1
    for op in body.block.ops:
        if not isinstance(op, YieldOp) and (op.regions or op.dialect_name() not in (arith.Arith.name, math.Math.name)):
            return 1
        if any(isinstance(element_type(value.type), IndexType) for value in (*op.operands, *op.results)):
            return 1
    return TargetDescription().vector_bits // max(map(element_bits, elements))
