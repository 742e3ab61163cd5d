"""Loops of `linalg_ext.sort`: runs are sorted by insertion, and merged from one buffer to the other and back.

A merge sort is stable and needs n log n comparisons whatever the body says. The runs have a length for which the
number of merges is even, so that the last one writes the result. Rows of dynamic length are merged there and back until
all of them is one run.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith
from xdsl.ir import SSAValue

from zellige.analysis.comparators import is_strict
from zellige.analysis.dimensions import sizes_of
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_ext import RUN, SortOp
from zellige.dialects.shaped_types import memref_type
from zellige.passes.tiling.sequential.loops import Loops, Values
from zellige.passes.tiling.sequential.rows import Rows


def emit_sort(
    loops: Loops, executable: ExecutableOp, op: SortOp, operands: Sequence[SSAValue], results: Sequence[SSAValue]
) -> None:
    """Loops over buffers for the operands and results of `op`."""
    rows = Rows.along(loops, op.dimension.value.data, sizes_of(op.inputs[0]))
    count = len(op.inputs)
    sources = [rows.buffer(loops, buffer) for buffer in operands]
    targets = [rows.buffer(loops, buffer) for buffer in results]

    def row(inside: Loops, outer: Index, column: Index, _: int) -> None:
        sorter = _Row(op, outer, column)

        def there_and_back(body: Loops, carried: Values) -> Values:
            width = carried[0]
            sorter.merge_runs(body, rows.length, width, targets[:count], targets[count:])
            doubled = body.index(body.scale(width, 2))
            sorter.merge_runs(body, rows.length, doubled, targets[count:], targets[:count])
            return [body.index(body.scale(width, 4))]

        def is_shorter(test: Loops, carried: Values) -> tuple[SSAValue, Values]:
            return test.is_less(carried[0], rows.length), carried

        if isinstance(rows.length, int):
            run, merges = plan_merges(rows.length)
            sorter.sort_runs(inside, rows.length, run, sources, targets[:count])
            if merges:
                inside.loop(0, merges // 2, lambda body, _, carried: there_and_back(body, carried), [inside.index(run)])
        else:
            sorter.sort_runs(inside, rows.length, RUN, sources, targets[:count])
            inside.repeat_while([inside.index(RUN)], is_shorter, there_and_back)

    rows.emit(loops, executable, 1, row)


def plan_merges(length: int) -> tuple[int, int]:
    """The length of runs that are sorted by insertion, and how often all runs are merged pairwise: an even number."""
    if length <= RUN:
        return max(1, length), 0
    for run in (RUN // 2, RUN):
        merges = (-(-length // run) - 1).bit_length()
        if merges % 2 == 0:
            return run, merges
    raise AssertionError("runs twice as long need one merge less")


class _Row:
    """One row. Its elements are the tuples of those of all buffers at one place."""

    def __init__(self, op: SortOp, outer: Index, column: Index) -> None:
        self.op = op
        self.outer, self.column = outer, column
        self.is_strict = is_strict(op.body)

    def read(self, loops: Loops, buffers: Sequence[SSAValue], place: Index) -> list[SSAValue]:
        return [loops.load(buffer, [self.outer, place, self.column]) for buffer in buffers]

    def write(self, loops: Loops, values: Values, buffers: Sequence[SSAValue], place: Index) -> None:
        for value, buffer in zip(values, buffers, strict=True):
            loops.store(value, buffer, [self.outer, place, self.column])

    def overtakes(self, loops: Loops, later: Values, earlier: Values) -> SSAValue:
        """Whether an element comes before another one that stands before it now.

        A body that says so of equal elements too (less or equal) must not move them.
        """
        before = self._body(loops, later, earlier)
        if self.is_strict:
            return before
        no = loops.builder.insert(arith.ConstantOp.from_int_and_width(0, 1)).result
        yes = loops.builder.insert(arith.ConstantOp.from_int_and_width(1, 1)).result
        return loops.both(before, loops.select(self._body(loops, earlier, later), no, yes))

    def _body(self, loops: Loops, first: Values, second: Values) -> SSAValue:
        return loops.apply(self.op.body, [value for pair in zip(first, second, strict=True) for value in pair])[0]

    def sort_runs(
        self, loops: Loops, length: Index, run: int, sources: Sequence[SSAValue], targets: Sequence[SSAValue]
    ) -> None:
        """Copy the row, each run of it sorted."""

        def one_run(body: Loops, start: SSAValue, _: Values) -> Values:
            def one_element(inside: Loops, place: SSAValue, _: Values) -> Values:
                element = self.read(inside, sources, place)
                self.insert(inside, element, start, place, targets)
                return ()

            body.loop(start, body.minimum(body.add(start, run), length), one_element)
            return ()

        loops.loop(0, length, one_run, step=run)

    def insert(self, loops: Loops, element: Values, start: Index, place: SSAValue, targets: Sequence[SSAValue]) -> None:
        """Put an element among those from `start` to before `place`."""

        def is_behind(test: Loops, carried: Values) -> tuple[SSAValue, Values]:
            here = carried[0]

            def compare(side: Loops) -> Values:
                neighbour = self.read(side, targets, side.subtract(here, 1))
                return [self.overtakes(side, element, neighbour), *neighbour]

            def stop(side: Loops) -> Values:
                no = side.builder.insert(arith.ConstantOp.from_int_and_width(0, 1)).result
                return [no, *(side.zero(memref_type(target).element_type) for target in targets)]

            goes_on, *neighbour = test.branch(test.is_less(start, here), compare, stop)
            return goes_on, [here, *neighbour]

        def shift(body: Loops, carried: Values) -> Values:
            here, *neighbour = carried
            self.write(body, neighbour, targets, here)
            return [body.index(body.subtract(here, 1))]

        end = loops.repeat_while([place], is_behind, shift)
        self.write(loops, element, targets, end[0])

    def merge_runs(
        self, loops: Loops, length: Index, width: SSAValue, sources: Sequence[SSAValue], targets: Sequence[SSAValue]
    ) -> None:
        """Copy the row, each two neighbouring runs of `width` elements as one."""

        def one_pair(body: Loops, start: SSAValue, _: Values) -> Values:
            middle = body.index(body.minimum(body.add(start, width), length))
            end = body.minimum(body.add(start, body.scale(width, 2)), length)

            def one_element(inside: Loops, place: SSAValue, carried: Values) -> Values:
                left, right = carried
                has_left, has_right = inside.is_less(left, middle), inside.is_less(right, end)

                def compare(side: Loops) -> Values:
                    later, earlier = self.read(side, sources, right), self.read(side, sources, left)
                    return [self.overtakes(side, later, earlier)]

                takes_right = inside.branch(inside.both(has_left, has_right), compare, lambda _: [has_right])[0]
                chosen = inside.select(takes_right, right, left)
                self.write(inside, self.read(inside, sources, chosen), targets, place)
                next_left, next_right = inside.index(inside.add(left, 1)), inside.index(inside.add(right, 1))
                return [
                    inside.select(takes_right, left, next_left),
                    inside.select(takes_right, next_right, right),
                ]

            body.loop(start, end, one_element, [start, middle])
            return ()

        loops.loop(0, length, one_pair, step=loops.scale(width, 2))
