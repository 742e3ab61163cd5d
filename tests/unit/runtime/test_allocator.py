"""The free list: addresses, reuse, growth."""

from __future__ import annotations

from zellige.runtime.allocator import ALIGNMENT_BYTES, Allocator


def test_addresses_and_sizes_are_rounded_up_to_64_bytes() -> None:
    allocator = Allocator(1, 1024)
    assert allocator.start == ALIGNMENT_BYTES
    assert [allocator.allocate(1), allocator.allocate(65), allocator.allocate(64)] == [64, 128, 256]
    assert allocator.used_bytes == 256


def test_two_empty_allocations_have_two_addresses() -> None:
    allocator = Allocator(0, 1024)
    assert allocator.allocate(0) != allocator.allocate(0)


def test_a_full_range_gives_none_and_takes_back() -> None:
    allocator = Allocator(0, 128)
    first = allocator.allocate(128)
    assert first == 0
    assert allocator.allocate(1) is None
    allocator.free(first)
    assert allocator.allocate(128) == 0


def test_the_smallest_hole_that_fits_is_used() -> None:
    allocator = Allocator(0, 1024)
    addresses = [allocator.allocate(size) for size in (256, 64, 128, 64)]
    for hole in (0, 2):
        address = addresses[hole]
        assert address is not None
        allocator.free(address)
    assert allocator.allocate(100) == addresses[2]
    assert allocator.allocate(200) == addresses[0]


def test_neighbouring_holes_become_one() -> None:
    allocator = Allocator(0, 192)
    for address in [allocator.allocate(64) for _ in range(3)]:
        assert address is not None
        allocator.free(address)
    assert allocator.allocate(192) == 0


def test_the_free_bytes_at_the_end_count_when_the_range_has_to_grow() -> None:
    allocator = Allocator(0, 256)
    assert allocator.allocate(128) == 0
    assert allocator.allocate(512) is None
    assert allocator.end_for(512) == 128 + 512
    allocator.extend(128 + 512)
    assert allocator.allocate(512) == 128


def test_a_range_that_is_full_to_its_end_grows_by_the_whole_size() -> None:
    allocator = Allocator(0, 128)
    assert allocator.allocate(128) == 0
    assert allocator.end_for(1) == 192


def test_an_end_below_the_present_one_changes_nothing() -> None:
    allocator = Allocator(0, 256)
    allocator.extend(128)
    assert allocator.end == 256
