"""Loops of `linalg_ext.topk`: each element of the row is inserted into the list of the first ones, if it gets in.

The last of the list is compared first, so that most elements of a long row cost one comparison.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith
from xdsl.ir import SSAValue

from zellige.analysis.dimensions import size_of, sizes_of
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_ext import TopkOp
from zellige.dialects.shaped_types import memref_type
from zellige.passes.tiling.sequential.loops import Loops, Values
from zellige.passes.tiling.sequential.rows import Rows


def emit_topk(
    loops: Loops, executable: ExecutableOp, op: TopkOp, operands: Sequence[SSAValue], results: Sequence[SSAValue]
) -> None:
    """Loops over buffers for the operands and results of `op`."""
    dimension = op.dimension.value.data
    rows = Rows.along(loops, dimension, sizes_of(op.inputs[0]))
    kept = size_of(op.outputs[0], dimension)
    assert isinstance(kept, int), "how many are kept is a size that its op does not say"
    buffers = [rows.buffer(loops, buffer) for buffer in operands]
    inputs, inits = buffers[: len(op.inputs)], buffers[len(op.inputs) :]
    lists = [rows.buffer(loops, buffer) for buffer in results]

    def row(inside: Loops, outer: Index, column: Index, _: int) -> None:
        finder = _Row(op, outer, column, inputs, lists)
        filled = 0 if not inits else kept
        if inits:
            finder.copy(inside, kept, inits)
        inside.loop(0, kept - filled, finder.append)

        def offer(body: Loops, place: SSAValue, _: Values) -> Values:
            element = finder.element(body, place)

            def replace_last(side: Loops) -> Values:
                finder.insert(side, element, side.index(kept - 1))
                return ()

            last = body.load(lists[0], [outer, kept - 1, column])
            body.branch(body.apply(op.body, [element[0], last])[0], replace_last)
            return ()

        inside.loop(kept - filled, rows.length, offer)

    rows.emit(loops, executable, 1, row)


class _Row:
    """One row and the list of its first elements."""

    def __init__(
        self, op: TopkOp, outer: Index, column: Index, inputs: Sequence[SSAValue], lists: Sequence[SSAValue]
    ) -> None:
        self.op = op
        self.outer, self.column = outer, column
        self.inputs, self.lists = inputs, lists

    def element(self, loops: Loops, place: SSAValue) -> Values:
        """A value and its number."""
        value, *number = [loops.load(buffer, [self.outer, place, self.column]) for buffer in self.inputs]
        if number:
            return [value, *number]
        kind = memref_type(self.lists[1]).element_type
        return [value, loops.builder.insert(arith.IndexCastOp(place, kind)).result]

    def copy(self, loops: Loops, kept: int, inits: Sequence[SSAValue]) -> None:
        """Start from the lists that are given."""

        def one(body: Loops, place: SSAValue, _: Values) -> Values:
            at = [self.outer, place, self.column]
            for source, target in zip(inits, self.lists, strict=True):
                body.store(body.load(source, at), target, at)
            return ()

        loops.loop(0, kept, one)

    def append(self, loops: Loops, place: SSAValue, _: Values) -> Values:
        """Insert the element at `place` into a list that has so many elements."""
        self.insert(loops, self.element(loops, place), place)
        return ()

    def insert(self, loops: Loops, element: Values, place: SSAValue) -> None:
        """Put an element into the list up to `place`, whose own element goes."""

        def is_behind(test: Loops, carried: Values) -> tuple[SSAValue, Values]:
            here = carried[0]

            def compare(side: Loops) -> Values:
                at = [self.outer, side.subtract(here, 1), self.column]
                neighbour = [side.load(kept, at) for kept in self.lists]
                return [side.apply(self.op.body, [element[0], neighbour[0]])[0], *neighbour]

            def stop(side: Loops) -> Values:
                no = side.builder.insert(arith.ConstantOp.from_int_and_width(0, 1)).result
                return [no, *(side.zero(memref_type(kept).element_type) for kept in self.lists)]

            goes_on, *neighbour = test.branch(test.is_less(0, here), compare, stop)
            return goes_on, [here, *neighbour]

        def shift(body: Loops, carried: Values) -> Values:
            here, *neighbour = carried
            self._write(body, neighbour, here)
            return [body.index(body.subtract(here, 1))]

        end = loops.repeat_while([place], is_behind, shift)
        self._write(loops, element, end[0])

    def _write(self, loops: Loops, element: Values, place: SSAValue) -> None:
        for value, kept in zip(element, self.lists, strict=True):
            loops.store(value, kept, [self.outer, place, self.column])
