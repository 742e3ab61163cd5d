"""Rows of buffers, shared out to workgroups.

The rows of a tensor along a dimension are those of a buffer of three dimensions: what stands before it, the dimension
itself, and what stands behind it. Neighbours along the last one are *columns*; several of them can be one vector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import AffineMapAttr, DenseArrayBase, IndexType, IntegerType, i64
from xdsl.ir import BlockArgument, Region, SSAValue
from xdsl.ir.affine import AffineConstantExpr, AffineExpr, AffineMap

from zellige.analysis.dimensions import assumed_size, sizes_of
from zellige.analysis.schedules import element_bits
from zellige.analysis.target import TargetDescription
from zellige.dialects import index_arithmetic
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
    """All rows of `length` along a dimension of tensors; the sizes before it and behind it."""

    before: tuple[Index, ...]
    length: Index
    behind: tuple[Index, ...]
    outer: Index
    inner: Index

    @staticmethod
    def along(loops: Loops, dimension: int, sizes: Sequence[Index]) -> Rows:
        return Rows.of(loops, sizes[:dimension], sizes[dimension], sizes[dimension + 1 :])

    @staticmethod
    def of(loops: Loops, before: Sequence[Index], length: Index, behind: Sequence[Index]) -> Rows:
        outer, inner = reduce(loops.multiply, before, 1), reduce(loops.multiply, behind, 1)
        return Rows(tuple(before), length, tuple(behind), outer, inner)

    def buffer(self, loops: Loops, buffer: SSAValue) -> SSAValue:
        """A whole buffer by rows; its length may be another one, 1 where it has no such dimension."""
        sizes = sizes_of(buffer)
        length = sizes[len(self.before)] if len(sizes) > len(self.before) + len(self.behind) else 1
        return reshaped_buffer(loops.builder, buffer, [self.outer, length, self.inner]).result

    def emit(self, loops: Loops, executable: ExecutableOp, width: int, emit_row: EmitRow) -> None:
        """Loops over the rows of a workgroup, `width` columns at a time; counts the workgroups."""
        length, inner = assumed_size(self.length), prod(map(assumed_size, self.behind))
        outer = prod(map(assumed_size, self.before))
        block_columns = _block_columns(width, length, inner)
        block_rows = max(1, min(outer, WORKGROUP_ELEMENTS // max(1, length * block_columns)))
        counts = _counts(self.before, block_rows), _counts(self.behind, block_columns)
        _count_workgroups(executable, counts)
        first_row = _start(loops, 0, counts[0], block_rows)
        first_column = _start(loops, 1, counts[1], block_columns)
        last_row = _stop(loops, counts[0], first_row, block_rows, self.outer)
        last_column = _stop(loops, counts[1], first_column, block_columns, self.inner)
        whole = index_arithmetic.rounded_down(loops.builder, self.inner, width)

        def columns(body: Loops, outer: SSAValue, low: Index, high: Index, step: int) -> None:
            def one(inside: Loops, column: SSAValue, _: Values) -> Values:
                emit_row(inside, outer, column, step)
                return ()

            body.loop(low, high, one, step=step)

        def row(body: Loops, outer: SSAValue, _: Values) -> Values:
            if self.inner == 1:
                emit_row(body, outer, 0, 1)
                return ()
            if whole != 0:
                columns(body, outer, first_column, body.minimum(last_column, whole), width)
            if not isinstance(self.inner, int) or not isinstance(whole, int):
                columns(body, outer, body.maximum(first_column, whole), last_column, 1)
            elif whole < self.inner:  # what fills no vector belongs to the last workgroup
                columns(body, outer, body.maximum(first_column, whole), last_column, self.inner - whole)
            return ()

        loops.loop(first_row, last_row, row)


def _block_columns(width: int, length: int, inner: int) -> int:
    """Columns of one workgroup: whole vectors, and all of them when they are few."""
    if length * inner <= WORKGROUP_ELEMENTS:
        return max(1, inner)
    wanted = max(1, WORKGROUP_ELEMENTS // max(1, length * width)) * width
    return min(inner, wanted)


def _counts(sizes: Sequence[Index], block: int) -> AffineExpr | None:
    """How many blocks the product of sizes has, of the kernel's arguments; None where it has no such expression."""
    known = prod(size for size in sizes if isinstance(size, int))
    dynamic = [size for size in sizes if not isinstance(size, int)]
    if not dynamic:
        return AffineExpr.constant(-(-known // block))
    (size, *others) = dynamic
    if others or not isinstance(size, BlockArgument):
        return None
    return (AffineExpr.symbol(size.index) * known).ceil_div(block)


def _count_workgroups(executable: ExecutableOp, counts: Sequence[AffineExpr | None]) -> None:
    """One workgroup along each dimension whose blocks are not counted."""
    results = [AffineExpr.constant(1) if count is None else count for count in counts]
    numbers = [count.value for count in results if isinstance(count, AffineConstantExpr)]
    if len(numbers) == len(results):
        executable.properties["workgroups"] = DenseArrayBase.from_list(i64, [*numbers, 1])
    else:
        arguments = len(executable.kernel.args)
        executable.properties["grid"] = AffineMapAttr(AffineMap(0, arguments, (*results, AffineExpr.constant(1))))


def _start(loops: Loops, dimension: int, count: AffineExpr | None, block: int) -> Index:
    """Where a workgroup begins along a dimension."""
    if count is None or count == AffineExpr.constant(1):
        return 0
    return loops.scale(loops.builder.insert(WorkgroupIdOp(dimension)).coordinate, block)


def _stop(loops: Loops, count: AffineExpr | None, start: Index, block: int, size: Index) -> Index:
    """Where it ends."""
    return size if count is None else loops.minimum(loops.add(start, block), size)


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
