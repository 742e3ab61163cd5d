"""What the commands of this folder share: numbered inputs that follow from a seed, counted outcomes, failures."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

MAX_SECONDS = 60.0
"""More than this for one input of a few kilobytes is a hang."""


@dataclass(frozen=True)
class Failure:
    """An input with which something else happened than may happen."""

    index: int
    reason: str


@dataclass
class Seen:
    """How many inputs ended how, and what must not happen."""

    outcomes: Counter[str] = field(default_factory=Counter[str])
    failures: list[Failure] = field(default_factory=list[Failure])

    def fail(self, index: int, reason: str) -> None:
        self.failures.append(Failure(index, reason))

    def check_time(self, index: int, started: float) -> None:
        """`started` in seconds of `time.monotonic`."""
        if time.monotonic() - started > MAX_SECONDS:
            self.fail(index, "took too long")


@dataclass(frozen=True)
class Inputs:
    """The inputs to try: a seed, and numbers."""

    count: int
    seed: int
    first: int = 0
    progress: bool = False

    def __iter__(self) -> Iterator[tuple[int, random.Random]]:
        """Numbers, and the source of what is chosen for each."""
        end = self.first + self.count
        for index in range(self.first, end):
            if self.progress and index % 50 == 0:
                print(f"\r{index} of {end}", end="", file=sys.stderr, flush=True)
            yield index, random.Random(f"{self.seed}:{index}")
        if self.progress:
            print("\r", end="", file=sys.stderr)


def run(fuzz: Callable[[Inputs], Seen], description: str | None, *, count: int) -> int:
    """The command: arguments, progress on a terminal, a line for each outcome and failure. Returns the exit code."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=count, help="how many inputs to try (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    options = parser.parse_args()
    seen = fuzz(Inputs(options.count, options.seed, options.first, progress=sys.stderr.isatty()))
    for outcome, number in sorted(seen.outcomes.items()):
        print(f"{outcome}: {number}")
    for failure in seen.failures:
        print(f"FAILED {failure.index} (seed {options.seed}): {failure.reason}")
    return 1 if seen.failures else 0
