"""Loops of `linalg_ext.scatter`: the windows one after the other, each as far as it lies inside.

Where a window starts is brought into a range first in which everything fits into an address: a window that is outside
altogether has no elements left. The last dimension of windows, when it is whole, is cut into vectors and workgroups;
each workgroup goes through all windows.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import SSAValue

from zellige.analysis.dimensions import size_of, sizes_of
from zellige.analysis.schedules import element_bits
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.linalg_ext import ScatterOp
from zellige.passes.tiling.sequential.loops import Loops, Values
from zellige.passes.tiling.sequential.rows import Rows, vector_width

ADDRESS_BITS = 32
"""Bits of an index: a number of fewer bits is no place that an address cannot reach."""


def emit_scatter(
    loops: Loops, executable: ExecutableOp, op: ScatterOp, operands: Sequence[SSAValue], results: Sequence[SSAValue]
) -> None:
    """Loops over buffers for the sources of `op`; the results are updated in place."""
    indices, windows = operands[0], operands[1:]
    shape = sizes_of(op.inputs[0])
    window = sizes_of(op.windows[0])[1:]
    count = size_of(op.indices, 0)
    dims = op.dims.get_values()
    is_whole = bool(shape) and len(shape) - 1 not in dims
    rows = Rows.of(loops, [], count, window[-1:] if is_whole else [])
    _Scatter(op, indices, windows, results, shape, window, is_whole).emit(loops, executable, rows)


class _Scatter:
    def __init__(
        self,
        op: ScatterOp,
        indices: SSAValue,
        windows: Sequence[SSAValue],
        targets: Sequence[SSAValue],
        shape: Sequence[Index],
        window: Sequence[Index],
        is_whole: bool,
    ) -> None:
        self.op = op
        self.indices, self.windows, self.targets = indices, windows, targets
        self.shape, self.window = shape, window
        self.is_whole = is_whole
        self.dims = op.dims.get_values()

    def emit(self, loops: Loops, executable: ExecutableOp, rows: Rows) -> None:
        width = vector_width(self.op.body, [*self.windows, *self.targets]) if self.is_whole else 1

        def all_windows(inside: Loops, _: Index, column: Index, lanes: int) -> None:
            def one_window(body: Loops, number: SSAValue, _: Values) -> Values:
                starts = [self._start(body, number, d) for d in range(len(self.shape))]
                self._dimension(body, number, starts, [], column, lanes)
                return ()

            inside.loop(0, rows.length, one_window)

        rows.emit(loops, executable, width, all_windows)

    def _start(self, loops: Loops, number: SSAValue, dimension: int) -> Index:
        """Where window `number` starts: at least so far before the tensor that nothing of it is inside."""
        if dimension not in self.dims:
            return 0
        value = loops.load(self.indices, [number, self.dims.index(dimension)])
        low, high = loops.subtract(0, self.window[dimension]), self.shape[dimension]
        for bound, clamp in ((low, arith.MaxSIOp), (high, arith.MinSIOp)):
            limit = self._as_number(loops, bound, element_bits(value.type))
            if limit is not None:
                value = loops.builder.insert(clamp(value, limit)).result
        return loops.builder.insert(arith.IndexCastOp(value, type_index)).result

    def _as_number(self, loops: Loops, bound: Index, bits: int) -> SSAValue | None:
        """A bound as an integer; None where integers of so few bits need none."""
        if isinstance(bound, int):
            limit = 1 << (bits - 1)
            is_needed = -limit <= bound < limit
            return loops.builder.insert(arith.ConstantOp.from_int_and_width(bound, bits)).result if is_needed else None
        if bits < ADDRESS_BITS:
            return None
        return loops.builder.insert(arith.IndexCastOp(bound, IntegerType(bits))).result

    def _dimension(
        self,
        loops: Loops,
        number: SSAValue,
        starts: Sequence[Index],
        places: Sequence[Index],
        column: Index,
        lanes: int,
    ) -> None:
        """Loops over the dimensions of a window from number `len(places)` on."""
        dimension = len(places)
        if dimension == len(self.shape):
            self._update(loops, number, starts, places, lanes)
            return
        if self.is_whole and dimension == len(self.shape) - 1:
            self._dimension(loops, number, starts, [*places, column], column, lanes)
            return
        low = loops.maximum(loops.subtract(0, starts[dimension]), 0)
        high = loops.minimum(loops.subtract(self.shape[dimension], starts[dimension]), self.window[dimension])

        def one(body: Loops, place: SSAValue, _: Values) -> Values:
            self._dimension(body, number, starts, [*places, place], column, lanes)
            return ()

        loops.loop(low, high, one)

    def _update(
        self, loops: Loops, number: SSAValue, starts: Sequence[Index], places: Sequence[Index], lanes: int
    ) -> None:
        there = [loops.add(start, place) for start, place in zip(starts, places, strict=True)]
        old = [loops.load(target, there, lanes) for target in self.targets]
        new = [loops.load(window, [number, *places], lanes) for window in self.windows]
        for value, target in zip(loops.apply(self.op.body, [*old, *new]), self.targets, strict=True):
            loops.store(value, target, there)
