"""Two loaded forms of one program: a kernel of both runs on the same inputs, and the memories are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from zellige.artifact import STATE_SLOT_BYTES
from zellige.element_types import NUMPY_DTYPES
from zellige.maths.rounding_bounds import Difference, difference, difference_bound
from zellige.native.generated_inputs import Array, Case, Effort, InputGenerator, Layout, Places, Workgroup
from zellige.runtime.buffer import DeviceBuffer
from zellige.runtime.entry_point import EntryPoint
from zellige.runtime.memory import PAGE_BYTES
from zellige.runtime.program import Program
from zellige.support.errors import RuntimeTrap


@dataclass
class Comparison:
    """What was seen of one kernel: workgroups that ran, those that trapped in both programs, differences by element
    type, and the first thing that no rounding explains.
    """

    inputs: int = 0
    traps: int = 0
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
    pair = KernelPair(portable, other, name)
    seen = Comparison()
    for case in pair.inputs(seed).cases(effort):
        pair.compare(case, seen)
        if seen.fault is not None:
            break
    return seen


class KernelPair:
    """A kernel of two programs, each with an arena at the same address of its own device memory."""

    def __init__(self, portable: Program, other: Program, name: str) -> None:
        self.info = portable.entry_points[name].info
        self.layout = Layout.of(self.info.bindings)
        self._left, self._right = (_Side(program, name, self.layout) for program in (portable, other))
        end = max(self._left.memory.size_bytes, self._right.memory.size_bytes)
        self._left.memory.ensure_size(end)
        self._right.memory.ensure_size(end)
        address = self._left.arena.address
        assert address == self._right.arena.address, "the same allocations in two devices give the same places"
        info = portable.info
        constants = [memory.min_pages * PAGE_BYTES for memory in info.memories if memory.name == "constant"]
        constant_end = constants[0] if constants else end
        self.places = Places(address, end, info.constant_base, info.constant_bytes, constant_end)

    def inputs(self, seed: int) -> InputGenerator:
        """What the kernel is compared on."""
        return InputGenerator(self.info, self.layout, self.places, seed)

    def compare(self, case: Case, seen: Comparison) -> None:
        """Run a case in both programs."""
        traps, other_traps = self._left.run(case), self._right.run(case)
        seen.inputs += len(case.workgroups)
        for group, expected, got in zip(case.workgroups, traps, other_traps, strict=True):
            if got != expected:
                words = f"{got or 'no trap'} instead of {expected or 'no trap'}"
                seen.fault = f"{case.what}, workgroup {group}: {words}"
                return
        seen.traps += sum(trap != "" for trap in traps)
        if not np.array_equal(self._left.content, self._right.content):
            self._note_differences(case, seen)

    def _note_differences(self, case: Case, seen: Comparison) -> None:
        """Measure what differs in results of floats; what else differs is a fault."""
        left, right = self._left.content, self._right.content
        differs = left != right
        for binding, slot in zip(self.info.bindings, case.slots, strict=True):
            start = slot - self.places.arena
            region = slice(start, start + binding.size_bytes)
            if not (binding.kind == "device" and binding.is_written and 0 <= start <= region.stop <= len(differs)):
                continue
            dtype = NUMPY_DTYPES[binding.dtype]
            if dtype.kind != "f" or not differs[region].any():
                continue
            found = difference(left[region].copy().view(dtype), right[region].copy().view(dtype))
            seen.differences[binding.dtype] = seen.differences.get(binding.dtype, Difference()) | found
            differs[region] = False
        if differs.any():
            place = self._place_text(int(np.argmax(differs)), case)
            seen.fault = f"{case.what}: {np.count_nonzero(differs)} bytes differ, the first one is {place}"

    def _place_text(self, place: int, case: Case) -> str:
        address = self.places.arena + place
        for index, (binding, slot) in enumerate(zip(self.info.bindings, case.slots, strict=True)):
            if binding.kind == "device" and slot <= address < slot + binding.size_bytes:
                return f"byte {address - slot} of binding {index}"
        return "outside of all bindings"


class _Side:
    """One of the programs, with an arena in its device memory."""

    def __init__(self, program: Program, name: str, layout: Layout) -> None:
        self.memory = program.device.memory
        self.entry: EntryPoint = program.entry_points[name]
        self.arena: DeviceBuffer = program.device.empty(layout.size_bytes, np.uint8)
        self.content: Array = self.arena.numpy()

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
