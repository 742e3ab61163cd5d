"""Does each access of a kernel stay inside what it accesses?

Asked of the text that native code is made from, which came with a module: wasm checks each access of the portable body,
native code only the buffers, once. A kernel whose workgroups have been cut consists of few ops on static shapes; the
places of slices follow from workgroups and counters of loops, whose limits are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from xdsl.dialects import arith, func, linalg, memref, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, DenseArrayBase, IntegerAttr, IntegerType, NoneAttr, StridedLayoutAttr
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import BlockArgument, Operation, SSAValue

from zellige.analysis.strides import row_major
from zellige.analysis.structured import structured
from zellige.dialects.bufferization import MaterializeInDestinationOp, ToTensorOp
from zellige.dialects.flow import ExecutableOp
from zellige.dialects.hal import WorkgroupIdOp
from zellige.dialects.shaped_types import is_memref, is_tensor

Interval = tuple[int, int]
"""The least and the greatest value."""

_ELSEWHERE = (
    func.ReturnOp,
    GenericOp,
    linalg.ops.YieldOp,
    IndexOp,
    WorkgroupIdOp,
    tensor.EmptyOp,
    scf.ForOp,
    scf.IfOp,
    scf.YieldOp,
)
"""Ops that access nothing, or of which the verifier compares places and shapes."""

ADDRESSES = 1 << 32
"""No buffer has so many elements."""

_COMPUTING = ("arith", "math")
"""Dialects of ops that access nothing."""


def stray_access(executable: ExecutableOp) -> str | None:
    """An op that may access what is outside of its operands, None when there is none."""
    limits = _Limits(executable.workgroup_counts)
    for op in executable.kernel.walk():
        if not limits.is_inside(op):
            return f"'{op.name}' is not known to stay inside of its operands"
        limits.note(op)
    return None


class _Limits:
    """What is known of numbers in a kernel with so many workgroups."""

    def __init__(self, workgroups: Sequence[int]) -> None:
        self._workgroups = workgroups
        self._known: dict[SSAValue, Interval] = {}

    def is_inside(self, op: Operation) -> bool:
        """Whether an op, and the type of its result, stay inside of its operands."""
        match op:
            case func.FuncOp():
                return all(_is_plain(argument) for argument in op.args if is_memref(argument.type))
            case ToTensorOp():
                return _shape(op.memref) == _shape(op.tensor)
            case MaterializeInDestinationOp():
                return _shape(op.source) == _shape(op.dest)
            case tensor.CollapseShapeOp() | tensor.ExpandShapeOp():
                return prod(_shape(op.src)) == prod(_shape(op.result))
            case memref.ReinterpretCastOp():
                return _is_plain(op.source) and _is_part(op)
            case memref.SubviewOp():
                return self._is_slice(op) and _has_layout_of_slice(op)
            case tensor.ExtractSliceOp():
                return self._is_slice(op)
            case tensor.ExtractOp():
                return self._are_inside(op.indices, _shape(op.tensor))
            case memref.LoadOp() | memref.StoreOp():
                return self._are_inside(op.indices, _shape(op.memref))
            case _:
                return isinstance(op, _ELSEWHERE) or op.dialect_name() in _COMPUTING

    def _is_slice(self, op: tensor.ExtractSliceOp | memref.SubviewOp) -> bool:
        """Whether each dimension of a slice is part of a dimension of its source."""
        sizes, steps = _values(op.static_sizes), _values(op.static_strides)
        places = list(self._offsets(op))
        if (
            not len(sizes) == len(steps) == len(places) == len(_shape(op.source))
            or min((*sizes, *steps), default=1) < 1
        ):
            return False
        for place, size, step, extent in zip(places, sizes, steps, _shape(op.source), strict=True):
            if place is None or place[0] < 0 or place[1] + (size - 1) * step >= extent:
                return False
        return _without_ones(sizes) == _without_ones(_shape(op.result))

    def _offsets(self, op: tensor.ExtractSliceOp | memref.SubviewOp) -> Iterator[Interval | None]:
        dynamic = iter(op.offsets)
        for offset in _values(op.static_offsets):
            yield self._known.get(next(dynamic)) if offset == DYNAMIC_INDEX else (offset, offset)

    def _are_inside(self, indices: Sequence[SSAValue], shape: Sequence[int]) -> bool:
        intervals = [self._known.get(index) for index in indices]
        return len(intervals) == len(shape) and all(
            interval is not None and interval[0] >= 0 and interval[1] < size
            for interval, size in zip(intervals, shape, strict=True)
        )

    def note(self, op: Operation) -> None:
        """Remember the limits of the results of an op, or of the counter of a loop, where they are known.

        Only of operations that are right modulo 2^32, too, whatever happens on the way.
        """
        match op:
            case arith.ConstantOp(value=IntegerAttr() as number):
                found = number.value.data, number.value.data
            case WorkgroupIdOp(dimension=dimension):
                found = 0, self._workgroups[dimension.value.data] - 1
            case IndexOp() if isinstance(generic := op.parent_op(), GenericOp):
                extents = dict(enumerate(structured(generic).static_extents))
                found = 0, extents.get(op.dim.value.data, ADDRESSES) - 1
            case arith.IndexCastOp():
                found = self._known.get(op.input)
            case arith.AddiOp() | arith.SubiOp() | arith.MuliOp():
                found = _combined(op, self._known.get(op.lhs), self._known.get(op.rhs))
            case scf.ForOp():
                low, high, step = (self._known.get(bound) for bound in (op.lb, op.ub, op.step))
                if low and high and step and step[0] > 0:
                    self._known[op.body.block.args[0]] = low[0], high[1] - 1
                return
            case _:
                return
        if found is not None:
            self._known[op.results[0]] = found


def _combined(op: Operation, left: Interval | None, right: Interval | None) -> Interval | None:
    if left is None or right is None:
        return None
    match op:
        case arith.AddiOp():
            return left[0] + right[0], left[1] + right[1]
        case arith.SubiOp():
            return left[0] - right[1], left[1] - right[0]
        case _:
            products = [a * b for a in left for b in right]
            return min(products), max(products)


def _is_part(op: memref.ReinterpretCastOp) -> bool:
    """Whether a cast of a whole buffer gives part of it, in the layout of its type."""
    (offset,), sizes, strides = (_values(v) for v in (op.static_offsets, op.static_sizes, op.static_strides))
    if op.offsets or op.sizes or op.strides or min((offset, *sizes, *strides)) < 0 or 0 in sizes:
        return False
    last = offset + sum((size - 1) * stride for size, stride in zip(sizes, strides, strict=True))
    return last < prod(_shape(op.source)) and (_shape(op.result), *_layout(op.result)) == (sizes, offset, strides)


def _has_layout_of_slice(op: memref.SubviewOp) -> bool:
    start, source = _layout(op.source)
    offset, strides = _layout(op.result)
    sizes, steps, places = (_values(v) for v in (op.static_sizes, op.static_strides, op.static_offsets))
    moved = [stride * step for stride, step in zip(source, steps, strict=True)]
    expected = None
    if start is not None and DYNAMIC_INDEX not in places:
        expected = start + sum(place * stride for place, stride in zip(places, source, strict=True))
    kept = [stride for size, stride in zip(sizes, moved, strict=True) if size != 1]
    found = [stride for size, stride in zip(_shape(op.result), strides, strict=True) if size != 1]
    return kept == found and offset == expected


def _layout(value: SSAValue) -> tuple[int | None, tuple[int, ...]]:
    """Offset and strides of a buffer's type; an offset of None is not known before the kernel runs."""
    assert is_memref(value.type)
    match value.type.layout:
        case NoneAttr():
            strides = tuple(stride for stride in row_major(_shape(value)) if stride is not None)
            return (0, strides) if len(strides) == len(_shape(value)) else (-1, ())
        case StridedLayoutAttr() as layout if all(not isinstance(stride, NoneAttr) for stride in layout.strides):
            offset = None if isinstance(layout.offset, NoneAttr) else layout.offset.data
            return offset, tuple(stride.data for stride in layout.strides if not isinstance(stride, NoneAttr))
        case _:
            return -1, ()


def _is_plain(value: SSAValue) -> bool:
    """Whether a buffer is an argument of the kernel, of a static shape and without gaps."""
    is_argument = isinstance(value, BlockArgument) and isinstance(value.block.parent_op(), func.FuncOp)
    return is_argument and min(_shape(value), default=0) >= 0 and _layout(value) == (0, row_major(_shape(value)))


def _shape(value: SSAValue) -> tuple[int, ...]:
    """The shape of a tensor or buffer; -1 stands for a size that is not known."""
    value_type = value.type
    return value_type.get_shape() if is_tensor(value_type) or is_memref(value_type) else ()


def _values(numbers: DenseArrayBase[IntegerType]) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers.get_values())


def _without_ones(sizes: Sequence[int]) -> list[int]:
    return [size for size in sizes if size != 1]
