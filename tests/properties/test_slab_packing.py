"""Slabs: values that live together never overlap, and the slab is close to the lower bound."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from zellige.maths.segments import Segments
from zellige.maths.slab_packing import Lifetime, pack


def lifetime(numbers: tuple[int, int, int]) -> Lifetime:
    size, start, more = numbers
    return Lifetime(size, start, start + more)


SMALL = st.integers(0, 40)
LIFETIMES = st.lists(st.tuples(SMALL, SMALL, SMALL).map(lifetime))


@given(LIFETIMES, st.sampled_from([1, 8, 64]))
def test_values_that_live_together_do_not_overlap(lifetimes: list[Lifetime], alignment: int) -> None:
    packing = pack(lifetimes, alignment)
    for i, (one, offset) in enumerate(zip(lifetimes, packing.offsets, strict=True)):
        assert offset % alignment == 0
        assert offset + one.size_bytes <= packing.slab_bytes
        for other, there in zip(lifetimes[:i], packing.offsets[:i], strict=True):
            together = one.start <= other.end and other.start <= one.end
            apart = offset + one.size_bytes <= there or there + other.size_bytes <= offset
            assert apart or not together or not one.size_bytes or not other.size_bytes
    peaks = [
        sum(-(-value.size_bytes // alignment) * alignment for value in lifetimes if value.start <= now <= value.end)
        for now in range(81)
    ]
    assert packing.lower_bound_bytes == max(peaks)
    assert packing.slab_bytes >= packing.lower_bound_bytes


@given(LIFETIMES)
def test_packing_is_within_a_quarter_of_the_lower_bound(lifetimes: list[Lifetime]) -> None:
    packing = pack(lifetimes)
    assert packing.slab_bytes <= 1.25 * packing.lower_bound_bytes


def network(layers: int, seed: int) -> list[Lifetime]:
    """Lifetimes as networks have them: short ones in a chain, some that skip layers."""
    generator = random.Random(seed)
    sizes = [64, 128, 256, 512, 1024]
    return [
        Lifetime(
            generator.choice(sizes) * 64,
            2 * layer,
            2 * (layer + (1 if generator.random() < 0.8 else generator.randint(2, 12))),
        )
        for layer in range(layers)
    ]


def test_networks_are_packed_within_5_percent() -> None:
    for seed in range(20):
        packing = pack(network(200, seed), 64)
        assert packing.slab_bytes <= 1.05 * packing.lower_bound_bytes


def test_ten_thousand_values_take_seconds() -> None:
    start = time.perf_counter()
    packing = pack(network(10_000, 1), 64)
    assert time.perf_counter() - start < 10
    assert packing.slab_bytes <= 1.1 * packing.lower_bound_bytes


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9))), st.integers(0, 60), st.integers(0, 9))
def test_segments_are_sets_of_integers(parts: list[tuple[int, int]], start: int, length: int) -> None:
    segments, integers = Segments(), set[int]()
    for low, more in parts:
        segments.add(low, low + more)
        integers |= set(range(low, low + more + 1))
    assert {n for low, high in segments for n in range(low, high + 1)} == integers
    assert all(b > a + 1 for (_, a), (b, _) in zip(list(segments), list(segments)[1:], strict=False))
    wanted = integers & set(range(start, start + length + 1))
    assert {n for low, high in segments.common(start, start + length) for n in range(low, high + 1)} == wanted
    assert segments.meets(start, start + length) == bool(wanted)
