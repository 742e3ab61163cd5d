"""Values of dynamic size that are needed at one time share no bytes, whatever the sizes are."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects import func
from xdsl.ir import SSAValue

from tests.dynamic_programs import Drawn, dynamic_programs
from zellige.analysis.liveness import tensor_values, timeline
from zellige.analysis.placements import placement_of
from zellige.analysis.size_expressions import SizeExpressions
from zellige.analysis.tensor_bytes import element_bytes
from zellige.analysis.views import viewed
from zellige.compiler.driver import lower
from zellige.compiler.options import CompileOptions
from zellige.dialects.hal import Region
from zellige.dialects.hal_sizes import ReserveOp
from zellige.dialects.shaped_types import tensor_type
from zellige.maths.sizes import Atom, Extent, Extreme, Quotient, Symbol

SIZES = st.fixed_dictionaries({letter: st.sampled_from([0, 1, 2, 17, 300]) for letter in "nmk"})


@dataclass(frozen=True)
class Stored:
    """Where a value stands in the slab, in bytes, and from when to when it is needed."""

    start: int
    end: int
    since: int
    until: int

    def clashes(self, other: Stored) -> bool:
        """Whether both are needed at one time; what ends where the other one begins is handed over."""
        at_one_time = self.since < other.until and other.since < self.until
        return at_one_time and self.start < other.end and other.start < self.end


def evaluated(size: Extent | None, given_: list[int]) -> int:
    """A size, when the sizes of the arguments are these."""
    assert size is not None
    if isinstance(size, int):
        return size
    return sum(number * prod(_atom(atom, given_) for atom in term) for term, number in size.ordered_terms)


def _atom(atom: Atom, given_: list[int]) -> int:
    match atom:
        case Symbol():
            assert isinstance(atom.key, int)
            return given_[atom.key]
        case Quotient():
            return evaluated(atom.dividend, given_) // evaluated(atom.divisor, given_)
        case Extreme():
            values = [evaluated(size, given_) for size in atom.sizes]
            return max(values) if atom.is_largest else min(values)


def in_slots(function: func.FuncOp, reserve: ReserveOp, given_: list[int]) -> list[Stored]:
    """All values in slots; each is inside of its slot, and aligned."""
    body, expressions = function.body.block, SizeExpressions(function)
    units = [evaluated(expressions.number(unit), given_) for unit in reserve.units]
    starts = [0]
    for unit, extent in zip(units, reserve.slot_extents, strict=True):
        starts.append(starts[-1] + unit * extent)
    times, names = timeline(body), dict[SSAValue, list[SSAValue]]()
    for value in tensor_values(body):
        names.setdefault(viewed(value), []).append(value)
    found: list[Stored] = []
    for value, views in names.items():
        place = placement_of(value)
        if place is None or place[0] is not Region.SLOT:
            continue
        _, slot, offset = place
        start = starts[slot] + offset * units[slot]
        sizes = [evaluated(size, given_) for size in expressions.shape(value)]
        end = start + prod(sizes) * element_bytes(tensor_type(value).element_type)
        assert start % 64 == 0
        assert end <= starts[slot + 1]
        found.append(Stored(start, end, times.definition(value), max(map(times.last_use, views))))
    return found


@settings(max_examples=20)
@given(dynamic_programs(8, 16), st.lists(SIZES, min_size=3, max_size=3))
def test_what_is_needed_at_one_time_is_apart(drawn: Drawn, envs: list[dict[str, int]]) -> None:
    module = lower(drawn.text, CompileOptions(), last="memory")
    (function,) = [op for op in module.ops if isinstance(op, func.FuncOp)]
    reserve = next((op for op in function.body.block.ops if isinstance(op, ReserveOp)), None)
    if reserve is None:
        return
    for env in envs:
        sizes = [dim.value(env) for shape in drawn.arguments for dim in shape if dim.is_open]
        stored = in_slots(function, reserve, [*[0] * len(drawn.arguments), *sizes])
        for index, one in enumerate(stored):
            assert not any(one.clashes(other) for other in stored[:index])
