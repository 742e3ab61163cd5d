"""Two loaded forms of one program: a kernel of both runs on the same inputs, and the memories are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from zellige.artifact import STATE_SLOT_BYTES, EntryPointInfo, ProgramInfo
from zellige.maths.rounding_bounds import Difference, difference, difference_bound
from zellige.native.generated_inputs import Array, Case, Effort, InputGenerator, Layout, Places, Workgroup
from zellige.runtime.buffer import DeviceBuffer
from zellige.runtime.dtypes import NUMPY_DTYPES
from zellige.runtime.entry_point import EntryPoint
from zellige.runtime.memory import PAGE_BYTES
from zellige.runtime.program import Program
from zellige.support.errors import RuntimeTrap


@dataclass
class Comparison:
    """What was seen of one kernel: workgroups that ran, differences by element type, and the first thing that no
    rounding explains.
    """

    inputs: int = 0
    differences: dict[str, Difference] = field(default_factory=dict[str, Difference])
    fault: str | None = None

    @property
    def bit_equal(self) -> bool:
        return self.fault is None and all(seen.bit_equal for seen in self.differences.values())

    @property
    def error(self) -> float:
        """The largest relative error."""
        return max((seen.error for seen in self.differences.values()), default=0.0)

    def objection(self, steps: Callable[[], int]) -> str | None:
        """Why the two forms are not equivalent, or None. `steps` are the roundings on the way to a result."""
        if self.bit_equal or self.fault is not None:
            return self.fault
        for dtype, seen in self.differences.items():
            bound = difference_bound(steps(), NUMPY_DTYPES[dtype])
            if seen.error > bound:
                return f"results differ by {seen.error:.2g} of their scale, rounding explains {bound:.2g}"
        return None


def compare_kernels(portable: Program, other: Program, name: str, effort: Effort, seed: int) -> Comparison:
    """Run the kernel `name` of both programs, which have devices of their own that nothing else uses."""
    info = portable.entry_points[name].info
    layout = Layout.of(info.bindings)
    sides = [_Side(program, name, layout) for program in (portable, other)]
    end = max(side.memory_bytes for side in sides)
    for side in sides:
        side.program.device.memory.ensure_size(end)
    assert sides[0].arena.address == sides[1].arena.address, "the same allocations in two devices give the same places"
    places = _places(portable.info, sides[0])
    seen = Comparison()
    for case in InputGenerator(info, layout, places, seed).cases(effort):
        _compare_case(case, info, places, sides, seen)
        if seen.fault is not None:
            break
    return seen


class _Side:
    """One of the programs, with an arena in its device memory."""

    def __init__(self, program: Program, name: str, layout: Layout) -> None:
        self.program = program
        self.entry: EntryPoint = program.entry_points[name]
        self.arena: DeviceBuffer = program.device.empty(layout.size_bytes, np.uint8)
        self.content: Array = self.arena.numpy()

    @property
    def memory_bytes(self) -> int:
        return self.program.device.memory.size_bytes

    def run(self, case: Case) -> list[str]:
        """Fill the arena and run the workgroups: for each the code of its trap, or nothing."""
        np.copyto(self.content, case.content)
        state = b"".join(slot.to_bytes(STATE_SLOT_BYTES, "little") for slot in case.slots)
        self.content[: len(state)] = np.frombuffer(state, np.uint8)
        return [self._call(workgroup) for workgroup in case.workgroups]

    def _call(self, workgroup: Workgroup) -> str:
        try:
            self.entry.call_unchecked(self.arena.address, *workgroup)
        except RuntimeTrap as trap:
            return trap.code
        return ""


def _places(info: ProgramInfo, side: _Side) -> Places:
    end = side.memory_bytes
    constants = [memory.min_pages * PAGE_BYTES for memory in info.memories if memory.name == "constant"]
    return Places(side.arena.address, end, info.constant_base, info.constant_bytes, constants[0] if constants else end)


def _compare_case(case: Case, info: EntryPointInfo, places: Places, sides: list[_Side], seen: Comparison) -> None:
    left, right = sides
    traps, other_traps = left.run(case), right.run(case)
    seen.inputs += len(case.workgroups)
    if traps != other_traps:
        (group, expected, got), *_ = (
            entry for entry in zip(case.workgroups, traps, other_traps, strict=True) if entry[1] != entry[2]
        )
        seen.fault = f"{case.what}, workgroup {group}: {got or 'no trap'} instead of {expected or 'no trap'}"
        return
    if np.array_equal(left.content, right.content):
        return
    differs = left.content != right.content
    for binding, slot in zip(info.bindings, case.slots, strict=True):
        start = slot - places.arena
        region = slice(start, start + binding.size_bytes)
        dtype = NUMPY_DTYPES.get(binding.dtype)
        is_float = binding.kind == "device" and binding.is_written and dtype is not None and dtype.kind == "f"
        if not is_float or not 0 <= start <= region.stop <= len(differs) or not differs[region].any():
            continue
        assert dtype is not None
        found = difference(left.content[region].copy().view(dtype), right.content[region].copy().view(dtype))
        seen.differences[binding.dtype] = seen.differences.get(binding.dtype, Difference()) | found
        differs[region] = False
    if differs.any():
        place = int(np.argmax(differs))
        seen.fault = f"{case.what}: {np.count_nonzero(differs)} bytes differ, {_place_text(place, info, case, places)}"


def _place_text(place: int, info: EntryPointInfo, case: Case, places: Places) -> str:
    address = places.arena + place
    for index, (binding, slot) in enumerate(zip(info.bindings, case.slots, strict=True)):
        if binding.kind == "device" and slot <= address < slot + binding.size_bytes:
            return f"the first one is byte {address - slot} of binding {index}"
    return "the first one is outside of all bindings"
