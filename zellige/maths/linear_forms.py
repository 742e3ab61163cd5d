"""Linear forms of loop counters: where an access of a structured op stands, and how far a tile of it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LinearForm:
    """The sum of `coefficients[i] * loop i` and a constant."""

    coefficients: tuple[int, ...]
    constant: int = 0

    @property
    def loops(self) -> tuple[int, ...]:
        """Loops that the form depends on, in order."""
        return tuple(i for i, c in enumerate(self.coefficients) if c)

    @property
    def single_loop(self) -> int | None:
        """The loop that the form is equal to, if it is exactly one loop counter."""
        loops = self.loops
        if len(loops) == 1 and self.coefficients[loops[0]] == 1 and self.constant == 0:
            return loops[0]
        return None

    def value(self, counters: Sequence[int]) -> int:
        return self.constant + sum(c * n for c, n in zip(self.coefficients, counters, strict=True))

    def span(self, sizes: Sequence[int]) -> int:
        """Elements from the lowest to the highest value when loop i takes `sizes[i]` consecutive values."""
        return 1 + sum(abs(c) * (n - 1) for c, n in zip(self.coefficients, sizes, strict=True) if c)
