"""How often Python looks for objects that only refer to each other."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

_THRESHOLDS = (1_000_000, 50, 1000)
"""New objects before the youngest are looked at, and how often that happens before older ones are."""


@contextmanager
def few_collections() -> Generator[None]:
    """Let Python look for unreachable cycles less often, while modules are imported or IR is compiled.

    IR and classes of ops are cycles throughout, and nearly all of them is reachable: looking at it again and again
    would take a sixth of the time, and save a tenth of the memory.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
