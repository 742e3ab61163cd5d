"""For any order of allocations, frees and growth: nothing overlaps, and everything can be used again."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from zellige.runtime.allocator import ALIGNMENT_BYTES, Allocator, align_up

START = 1000
END = 8000


class AllocatorMachine(RuleBasedStateMachine):
    """A model of the range: which bytes are held by whom."""

    live = Bundle("live")

    def __init__(self) -> None:
        super().__init__()
        self.allocator = Allocator(START, END)
        self.sizes: dict[int, int] = {}

    @rule(target=live, size=st.integers(0, 3000))
    def allocate(self, size: int) -> int | None:
        address = self.allocator.allocate(size)
        if address is None:
            needed = max(align_up(size), ALIGNMENT_BYTES)
            assert all(hole < needed for hole in self.holes())
            return None
        assert address % ALIGNMENT_BYTES == 0
        assert address >= START
        assert address + size <= self.allocator.end
        for other, other_size in self.sizes.items():
            assert address + max(size, 1) <= other or other + max(other_size, 1) <= address
        self.sizes[address] = size
        return address

    @rule(address=consumes(live))
    def free(self, address: int | None) -> None:
        if address is not None:
            del self.sizes[address]
            self.allocator.free(address)

    @rule(size=st.integers(1, 3000))
    def grow_to_fit(self, size: int) -> None:
        address = self.allocator.allocate(size)
        if address is None:
            end = self.allocator.end_for(size)
            self.allocator.extend(end)
            address = self.allocator.allocate(size)
            assert address is not None
            assert address + align_up(size) == end
        self.allocator.free(address)

    def holes(self) -> list[int]:
        """Sizes of the gaps between live allocations."""
        edge, gaps = align_up(START), list[int]()
        for address, size in sorted(self.sizes.items()):
            gaps.append(address - edge)
            edge = address + max(align_up(size), ALIGNMENT_BYTES)
        return [*gaps, self.allocator.end - edge]

    @invariant()
    def counts_what_is_in_use(self) -> None:
        assert self.allocator.used_bytes == sum(max(align_up(s), ALIGNMENT_BYTES) for s in self.sizes.values())

    def teardown(self) -> None:
        for address in self.sizes:
            self.allocator.free(address)
        whole = self.allocator.end - self.allocator.start
        assert self.allocator.allocate(whole) == self.allocator.start


TestAllocator = AllocatorMachine.TestCase
TestAllocator.settings = settings(max_examples=60, stateful_step_count=40)
