"""Timing runs in turn, so that whatever else the machine does slows all of them alike.

Seconds are those of the calling thread on its core: while another process has the core, the clock stands.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

Run = Callable[[], object]

LEAST_ROUNDS = 5
CLOCK_STEP_S = 1e-7
LEAST_SAMPLE_S = 1e-3
"""Shorter runs are repeated within a sample, so that the clock and a stray interrupt weigh little."""


def pin_to_one_core() -> None:
    """Keep this process on the last core it may use, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def interleave(runs: Sequence[Run], seconds: float) -> list[tuple[float, ...]]:
    """Seconds that one call of each run took, in rounds A B …, A B …, for `seconds` and at least `LEAST_ROUNDS`.

    Within a round all samples last about as long, by repeating the shorter runs: what disturbs the machine disturbs
    each of them as often. Each run is called twice before the first round.
    """
    for run in runs:
        run()
    once = [max(CLOCK_STEP_S, _seconds(run, 1)) for run in runs]
    sample_s = max(LEAST_SAMPLE_S, *once)
    repeats = [max(1, round(sample_s / s)) for s in once]
    rounds: list[tuple[float, ...]] = []
    end = time.perf_counter() + seconds
    while len(rounds) < LEAST_ROUNDS or time.perf_counter() < end:
        rounds.append(tuple(_seconds(run, times) for run, times in zip(runs, repeats, strict=True)))
    return rounds


def _seconds(run: Run, times: int) -> float:
    start = time.thread_time()
    for _ in range(times):
        run()
    return (time.thread_time() - start) / times
