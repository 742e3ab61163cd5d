"""Sets of integers as sorted disjoint segments: times at which values live, bytes that are touched."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator


class Segments:
    """A set of integers that grows by segments; both ends of a segment are included."""

    def __init__(self, segments: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in segments:
            self.add(start, end)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._starts, self._ends, strict=True)

    def __len__(self) -> int:
        return len(self._starts)

    def is_same_as(self, other: Segments) -> bool:
        return list(self) == list(other)

    @property
    def hull(self) -> tuple[int, int]:
        """First and last integer of a set that is not empty."""
        return self._starts[0], self._ends[-1]

    def add(self, start: int, end: int) -> None:
        """Unite with `start … end`; segments that touch become one."""
        low = bisect_left(self._ends, start - 1)
        high = bisect_right(self._starts, end + 1)
        if low < high:
            start = min(start, self._starts[low])
            end = max(end, self._ends[high - 1])
        self._starts[low:high] = [start]
        self._ends[low:high] = [end]

    def common(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of `start … end` that are in the set."""
        for i in range(bisect_left(self._ends, start), bisect_right(self._starts, end)):
            yield max(start, self._starts[i]), min(end, self._ends[i])

    def meets(self, start: int, end: int) -> bool:
        """Whether the set has a part of `start … end`."""
        return next(self.common(start, end), None) is not None

    def copy(self) -> Segments:
        twin = Segments()
        twin._starts, twin._ends = list(self._starts), list(self._ends)
        return twin
