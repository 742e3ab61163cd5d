"""Packing values with lifetimes into one slab (dynamic storage allocation on an interval graph).

Two values that live at the same time get disjoint bytes. Finding the smallest slab is NP-hard. Placing the values one
after the other, each as low as it can be, comes close for a few orders; moving the values that stand at the top to the
front of their neighbours, and placing all again, mostly reaches the *lower bound* (the largest sum of bytes that live
at one time).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_OVERLAPS = 1 << 21
"""Pairs of values that live together up to which they are listed; above, only the orders by time are tried."""

SEARCH_STEPS = 1 << 21
"""Steps, in pairs of values that live together, that the search for a better order may take."""

MAX_ROUNDS = 100
"""Placements of all values that the search tries from one order."""


@dataclass(frozen=True)
class Lifetime:
    """A value of `size_bytes` that lives from `start` to `end`, both included."""

    size_bytes: int
    start: int
    end: int


@dataclass(frozen=True)
class Packing:
    """Offset of each value, the size of the slab, and the lower bound of any slab for these values."""

    offsets: tuple[int, ...]
    slab_bytes: int
    lower_bound_bytes: int


def pack(lifetimes: Sequence[Lifetime], alignment_bytes: int = 1) -> Packing:
    """Offsets, multiples of the alignment, such that values that live together do not overlap.

    The best of several greedy orders; the first one that meets the lower bound ends the search.
    """
    sizes = [-(-lifetime.size_bytes // alignment_bytes) * alignment_bytes for lifetime in lifetimes]
    bound = lower_bound(lifetimes, sizes)
    best: tuple[int, list[int]] | None = None
    for offsets in _candidates(lifetimes, sizes):
        total = max((offset + size for offset, size in zip(offsets, sizes, strict=True)), default=0)
        if best is None or total < best[0]:
            best = total, offsets
        if total == bound:
            break
    assert best is not None
    return Packing(tuple(best[1]), best[0], bound)


def lower_bound(lifetimes: Sequence[Lifetime], sizes: Sequence[int]) -> int:
    """The largest sum of sizes that live at one time."""
    changes: dict[int, int] = {}
    for lifetime, size in zip(lifetimes, sizes, strict=True):
        changes[lifetime.start] = changes.get(lifetime.start, 0) + size
        changes[lifetime.end + 1] = changes.get(lifetime.end + 1, 0) - size
    live = largest = 0
    for time in sorted(changes):
        live += changes[time]
        largest = max(largest, live)
    return largest


def _candidates(lifetimes: Sequence[Lifetime], sizes: Sequence[int]) -> Iterator[list[int]]:
    yield _in_time_order(lifetimes, sizes)
    mirrored = [Lifetime(lifetime.size_bytes, -lifetime.end, -lifetime.start) for lifetime in lifetimes]
    yield _in_time_order(mirrored, sizes)
    neighbours = _overlaps(lifetimes)
    if neighbours is None:
        return
    length = [lifetime.end - lifetime.start + 1 for lifetime in lifetimes]
    areas = [size * time for size, time in zip(sizes, length, strict=True)]
    steps = len(lifetimes) + sum(map(len, neighbours))
    rounds = max(1, min(MAX_ROUNDS, SEARCH_STEPS // max(1, steps)))
    for first, second in ((sizes, length), (areas, sizes), (length, sizes)):
        keys = [(-large, -also, i) for i, (large, also) in enumerate(zip(first, second, strict=True))]
        order = [i for _, _, i in sorted(keys)]
        for _ in range(rounds):
            offsets = _in_order(order, neighbours, sizes)
            yield offsets
            order = _top_first(order, offsets, neighbours, sizes)


def _top_first(
    order: Sequence[int], offsets: Sequence[int], neighbours: Sequence[Sequence[int]], sizes: Sequence[int]
) -> list[int]:
    """The order with the values at the top of the slab moved before all values that they live with."""
    position = [0] * len(order)
    for place, i in enumerate(order):
        position[i] = place
    total = max((offset + size for offset, size in zip(offsets, sizes, strict=True)), default=0)
    keys = [(place, 1) for place in position]
    for i, (offset, size) in enumerate(zip(offsets, sizes, strict=True)):
        if offset + size == total:
            keys[i] = (min([position[i], *(position[j] for j in neighbours[i])]), 0)
    return sorted(order, key=lambda i: (*keys[i], position[i]))


def _in_time_order(lifetimes: Sequence[Lifetime], sizes: Sequence[int]) -> list[int]:
    """Place values as they come to life, each as low as those that live let it."""
    offsets = [0] * len(lifetimes)
    live: list[tuple[int, int]] = []
    ending: list[tuple[int, int, int]] = []
    for i in sorted(range(len(lifetimes)), key=lambda i: (lifetimes[i].start, -sizes[i], i)):
        if sizes[i] == 0:
            continue
        while ending and -ending[-1][0] < lifetimes[i].start:
            _, offset, end = ending.pop()
            live.remove((offset, end))
        offsets[i] = _lowest_gap(live, sizes[i])
        insort(live, (offsets[i], offsets[i] + sizes[i]))
        insort(ending, (-lifetimes[i].end, offsets[i], offsets[i] + sizes[i]))
    return offsets


def _in_order(order: Sequence[int], neighbours: Sequence[Sequence[int]], sizes: Sequence[int]) -> list[int]:
    """Place values in this order, each as low as the placed ones that live with it let it."""
    offsets = [-1] * len(order)
    for i in order:
        placed = sorted((offsets[j], offsets[j] + sizes[j]) for j in neighbours[i] if offsets[j] >= 0 and sizes[j])
        offsets[i] = _lowest_gap(placed, sizes[i]) if sizes[i] else 0
    return offsets


def _lowest_gap(taken: Sequence[tuple[int, int]], size: int) -> int:
    """Start of the first gap of at least `size` between ranges that are sorted by start; else the end."""
    free_from = 0
    for start, end in taken:
        if start - free_from >= size:
            break
        free_from = max(free_from, end)
    return free_from


def _overlaps(lifetimes: Sequence[Lifetime]) -> list[list[int]] | None:
    """For each value the others that live with it at some time; None when these are too many."""
    neighbours: list[list[int]] = [[] for _ in lifetimes]
    live: list[int] = []
    pairs = 0
    for i in sorted(range(len(lifetimes)), key=lambda i: lifetimes[i].start):
        live = [j for j in live if lifetimes[j].end >= lifetimes[i].start]
        pairs += len(live)
        if pairs > MAX_OVERLAPS:
            return None
        for j in live:
            neighbours[i].append(j)
            neighbours[j].append(i)
        live.append(i)
    return neighbours
