"""Packing values with lifetimes into one slab (dynamic storage allocation on an interval graph).

Two values that live at the same time get disjoint bytes. Finding the smallest slab is NP-hard; a few greedy orders
come close, and the *lower bound* (the largest sum of bytes that live at one time) says how close.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_OVERLAPS = 1 << 21
"""Pairs of values that live together up to which they are listed; above, only the orders by time are tried."""


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
    pressure = [size + sum(sizes[j] for j in others) for size, others in zip(sizes, neighbours, strict=True)]
    areas = [size * time for size, time in zip(sizes, length, strict=True)]
    for first, second in ((sizes, length), (areas, sizes), (pressure, sizes), (length, sizes)):
        keys = [(-large, -also, i) for i, (large, also) in enumerate(zip(first, second, strict=True))]
        yield _in_order([i for _, _, i in sorted(keys)], neighbours, sizes)


def _in_time_order(lifetimes: Sequence[Lifetime], sizes: Sequence[int]) -> list[int]:
    """Place values as they come to life, each in the tightest gap between those that live."""
    offsets = [0] * len(lifetimes)
    live: list[tuple[int, int]] = []
    ending: list[tuple[int, int, int]] = []
    for i in sorted(range(len(lifetimes)), key=lambda i: (lifetimes[i].start, -sizes[i], i)):
        if sizes[i] == 0:
            continue
        while ending and -ending[-1][0] < lifetimes[i].start:
            _, offset, end = ending.pop()
            live.remove((offset, end))
        offsets[i] = _best_gap(live, sizes[i])
        insort(live, (offsets[i], offsets[i] + sizes[i]))
        insort(ending, (-lifetimes[i].end, offsets[i], offsets[i] + sizes[i]))
    return offsets


def _in_order(order: Sequence[int], neighbours: Sequence[Sequence[int]], sizes: Sequence[int]) -> list[int]:
    """Place values in this order, each in the tightest gap between the placed ones that live with it."""
    offsets = [-1] * len(order)
    for i in order:
        placed = sorted((offsets[j], offsets[j] + sizes[j]) for j in neighbours[i] if offsets[j] >= 0 and sizes[j])
        offsets[i] = _best_gap(placed, sizes[i]) if sizes[i] else 0
    return offsets


def _best_gap(taken: Sequence[tuple[int, int]], size: int) -> int:
    """Start of the smallest gap of at least `size` between ranges that are sorted by start; else the end."""
    best: tuple[int, int] | None = None
    free_from = 0
    for start, end in taken:
        if start - free_from >= size and (best is None or start - free_from < best[0]):
            best = start - free_from, free_from
        free_from = max(free_from, end)
    return free_from if best is None else best[1]


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
