"""Where the tensors of a program function stand: values that share bytes, and the place of each.

Values are joined into *units*, sets of values that have the same bytes at different times (or are views of each
other). Some have to be joined: views, tied results, what a loop carries. Copies and results in place are joined where
the lifetimes of the two units do not meet. A unit is an argument, a constant, a global, a result of the function, or a
part of the slab or of a slot: those whose sizes are multiples of one product of dynamic sizes share a slot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith, func, scf
from xdsl.ir import Block, Operation, SSAValue

from zellige.analysis.donations import donations
from zellige.analysis.liveness import Timeline, tensor_values, timeline
from zellige.analysis.size_expressions import SizeExpressions
from zellige.analysis.tensor_bytes import ALIGNMENT_BYTES
from zellige.analysis.value_bytes import Units, units_of
from zellige.analysis.views import ViewOp
from zellige.dialects import flow
from zellige.dialects.copies import COPY
from zellige.dialects.hal import ConstantAttr, Region
from zellige.dialects.ml_program import GlobalLoadOp, GlobalStoreOp
from zellige.dialects.shaped_types import is_tensor
from zellige.maths.segments import Segments
from zellige.maths.sizes import Extent
from zellige.maths.slab_packing import Lifetime, Packing, pack

Place = tuple[Region, int, int]
"""Region, index and offset in bytes; in a slot, in units of the slot."""


@dataclass(frozen=True)
class StoragePlan:
    """The place of each tensor of a function, and the copies whose source and result have the same one."""

    places: Mapping[SSAValue, Place]
    needless_copies: tuple[flow.DispatchOp, ...]
    slab_bytes: int
    slab_lower_bound_bytes: int
    slots: tuple[Units, ...]


def plan_storage(
    function: func.FuncOp,
    in_place: Mapping[str, tuple[int, ...]],
    constant_offset: Callable[[ConstantAttr], int],
    global_offsets: Mapping[str, int],
) -> StoragePlan:
    """Plan a function that `insert-copies` has prepared.

    `in_place` are the arguments of each executable that its result may overwrite; `constant_offset` is where a constant
    stands in the constant memory, `global_offsets` where each global stands among the globals.
    """
    body = function.body.block
    units = _Units(timeline(body), tensor_values(body), SizeExpressions(function))
    _fix_places(units, function, constant_offset)
    _fix_globals(units, body, global_offsets)
    for one, other in _same_places(body):
        units.join(one, other)
    dispatches = [op for op in body.walk() if isinstance(op, flow.DispatchOp)]
    for dispatch in dispatches:
        units.hand_overs[units.times.start[dispatch]] = (dispatch, in_place[dispatch.executable.string_value()])
    copies = sorted((op for op in dispatches if COPY in op.attributes), key=_depth, reverse=True)
    needless = tuple(copy for copy in copies if units.join_if_free(copy.outputs[0], copy.arguments[0]))
    for dispatch in dispatches:
        for index in in_place[dispatch.executable.string_value()]:
            if units.join_if_free(dispatch.outputs[0], dispatch.arguments[index]):
                break
    return _with_offsets(units, needless)


def _depth(op: Operation) -> int:
    depth = 0
    while (parent := op.parent_op()) is not None:
        op = parent
        depth += 1
    return depth


@dataclass
class _Unit:
    """Values with the same bytes. `place` is known from the start for all but the parts of the slab."""

    size: Units
    live: Segments
    place: Place | None = None
    is_writable: bool = True


@dataclass
class _Units:
    """The units of a function: a union-find structure over its tensors.

    `hand_overs` are the dispatches by their times, with the arguments whose bytes result 0 may take.
    """

    times: Timeline
    values: list[SSAValue]
    expressions: SizeExpressions
    hand_overs: dict[int, tuple[flow.DispatchOp, tuple[int, ...]]] = field(
        default_factory=dict[int, tuple[flow.DispatchOp, tuple[int, ...]]]
    )
    parent: dict[SSAValue, SSAValue] = field(init=False)
    unit: dict[SSAValue, _Unit] = field(init=False)

    def __post_init__(self) -> None:
        self.parent = {value: value for value in self.values}
        self.unit = {}
        for value in self.values:
            live = Segments([(self.times.definition(value), self.times.last_use(value))])
            self.unit[value] = _Unit(units_of(value, self.expressions), live)

    def root(self, value: SSAValue) -> SSAValue:
        while self.parent[value] is not value:
            self.parent[value] = self.parent[self.parent[value]]
            value = self.parent[value]
        return value

    def of(self, value: SSAValue) -> _Unit:
        return self.unit[self.root(value)]

    def join(self, one: SSAValue, other: SSAValue) -> None:
        """Let two values have the same bytes, whatever their lifetimes."""
        keep, lose = self.root(one), self.root(other)
        if keep is lose:
            return
        if len(self.unit[keep].live) < len(self.unit[lose].live):
            keep, lose = lose, keep
        kept, lost = self.unit[keep], self.unit.pop(lose)
        assert kept.size == lost.size or not all(isinstance(size, int) for size in (kept.size[1], lost.size[1]))
        assert kept.place is None or lost.place is None
        for start, end in lost.live:
            kept.live.add(start, end)
        kept.place = kept.place or lost.place
        kept.is_writable = kept.is_writable and lost.is_writable
        self.parent[lose] = keep

    def join_if_free(self, one: SSAValue, other: SSAValue) -> bool:
        """Let two values have the same bytes, if their units do not live together but for hand-overs."""
        first, second = self.of(one), self.of(other)
        if first is second:
            return True
        if not first.is_writable or not second.is_writable or first.size != second.size:
            return False
        if first.place is not None and second.place is not None:
            return False
        few, many = sorted((first, second), key=lambda unit: len(unit.live))
        for start, end in few.live:
            for low, high in many.live.common(start, end):
                if low != high or not self._hands_over(low, first, second):
                    return False
        self.join(one, other)
        return True

    def _hands_over(self, time: int, first: _Unit, second: _Unit) -> bool:
        """Whether at this time one unit ends, the other one begins, and a dispatch may do this in place."""
        if time not in self.hand_overs:
            return False
        dispatch, in_place = self.hand_overs[time]
        read = [i for i, value in enumerate(dispatch.arguments) if self._is_in(value, first, second)]
        written = [value for value in dispatch.outputs if self._is_in(value, first, second)]
        if len(read) != 1 or read[0] not in in_place or written != [dispatch.outputs[0]]:
            return False
        source, target = self.of(dispatch.arguments[read[0]]), self.of(written[0])
        return (
            source is not target
            and not source.live.meets(time + 1, time + 1)
            and not target.live.meets(time - 1, time - 1)
        )

    def _is_in(self, value: SSAValue, first: _Unit, second: _Unit) -> bool:
        if value not in self.parent:
            return False
        unit = self.of(value)
        return unit is first or unit is second


def _fix_places(units: _Units, function: func.FuncOp, constant_offset: Callable[[ConstantAttr], int]) -> None:
    body = function.body.block
    donated = donations(function)
    for argument in body.args:
        if argument in units.parent and argument.index not in donated:
            unit = units.of(argument)
            unit.place, unit.is_writable = (Region.ARGUMENT, argument.index, 0), False
    for op in body.walk():
        if isinstance(op, arith.ConstantOp) and isinstance(op.value, ConstantAttr):
            unit = units.of(op.result)
            unit.place, unit.is_writable = (Region.CONSTANT, 0, constant_offset(op.value)), False
    terminator = body.last_op
    assert isinstance(terminator, func.ReturnOp)
    for index, value in enumerate(terminator.arguments):
        if value in units.parent:
            units.of(value).place = (Region.RESULT, index, 0)
    for argument, result in donated.items():
        value = terminator.arguments[result]
        if value in units.parent:
            units.join(body.args[argument], value)
        else:
            units.of(body.args[argument]).place = (Region.RESULT, result, 0)


def _fix_globals(units: _Units, body: Block, offsets: Mapping[str, int]) -> None:
    """What is loaded from a global and what is stored to it have its bytes, at different times."""
    first: dict[str, SSAValue] = {}
    for op in [op for op in body.ops if isinstance(op, GlobalLoadOp | GlobalStoreOp)]:
        name = op.symbol.root_reference.data
        value = op.result if isinstance(op, GlobalLoadOp) else op.value
        if name in first:
            units.join(first[name], value)
        else:
            first[name] = value
            units.of(value).place = (Region.GLOBAL, 0, offsets[name])


def _same_places(body: Block) -> Iterator[tuple[SSAValue, SSAValue]]:
    """Pairs of values that have to have the same bytes."""
    for op in body.walk():
        match op:
            case flow.DispatchOp():
                for result, operand in zip(op.outputs, op.tied_operands, strict=True):
                    if operand >= 0:
                        yield result, op.arguments[operand]
            case scf.ForOp():
                yield from _tensors(op.res, op.iter_args)
                yield from _tensors(op.res, op.body.block.args[1:])
                yield from _tensors(op.res, _handed_over(op.body.block))
            case scf.WhileOp():
                before, after = op.before_region.block, op.after_region.block
                yield from _tensors(before.args, op.arguments)
                yield from _tensors(before.args, _handed_over(after))
                yield from _tensors(op.res, after.args)
                yield from _tensors(op.res, _handed_over(before)[1:])
            case scf.IfOp():
                for region in op.regions:
                    if region.blocks and op.results:
                        yield from _tensors(op.results, _handed_over(region.block))
            case _ if isinstance(op, ViewOp):
                yield op.result, op.src
            case _:
                pass


def _handed_over(block: Block) -> tuple[SSAValue, ...]:
    terminator = block.last_op
    assert terminator is not None
    return tuple(terminator.operands)


def _tensors(
    ones: tuple[SSAValue, ...] | list[SSAValue], others: tuple[SSAValue, ...] | list[SSAValue]
) -> Iterator[tuple[SSAValue, SSAValue]]:
    return ((a, b) for a, b in zip(ones, others, strict=True) if is_tensor(a.type))


def _with_offsets(units: _Units, needless: tuple[flow.DispatchOp, ...]) -> StoragePlan:
    transient: dict[Extent, list[_Unit]] = {1: []}
    for unit in units.unit.values():
        if unit.place is None:
            transient.setdefault(unit.size[1], []).append(unit)
    slab = _pack(transient.pop(1), Region.SLAB, 0, ALIGNMENT_BYTES)
    slots: list[Units] = []
    for number, (size, members) in enumerate(transient.items()):
        slots.append((_pack(members, Region.SLOT, number, 1).slab_bytes, size))
    places: dict[SSAValue, Place] = {}
    for value in units.values:
        place = units.of(value).place
        assert place is not None
        places[value] = place
    return StoragePlan(places, needless, slab.slab_bytes, slab.lower_bound_bytes, tuple(slots))


def _pack(members: Sequence[_Unit], region: Region, index: int, alignment: int) -> Packing:
    """Give each of these its place in a region of their own."""
    packing = pack([Lifetime(unit.size[0], *unit.live.hull) for unit in members], alignment)
    for unit, offset in zip(members, packing.offsets, strict=True):
        unit.place = (region, index, offset)
    return packing
