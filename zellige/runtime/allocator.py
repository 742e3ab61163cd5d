"""Which bytes of a range are in use: a best-fit free list. Numbers only, no memory is touched."""

from __future__ import annotations

from bisect import bisect_left, insort

ALIGNMENT_BYTES = 64
"""Every address and every size that the allocator deals in is a multiple of this."""


def align_up(size_bytes: int) -> int:
    return -(-size_bytes // ALIGNMENT_BYTES) * ALIGNMENT_BYTES


class Allocator:
    """Hands out parts of `start .. end` of addresses; `extend` moves the end up.

    Best fit, lowest address first among equals; neighbouring free blocks are always one block. Both operations are
    logarithmic but for the shift of a list.
    """

    def __init__(self, start: int, end: int) -> None:
        self._start = align_up(start)
        self._end = self._start
        self._used: dict[int, int] = {}
        self._free: dict[int, int] = {}
        self._addresses: list[int] = []
        self._sizes: list[tuple[int, int]] = []
        self.used_bytes = 0
        self.extend(end)

    @property
    def start(self) -> int:
        return self._start

    @property
    def end(self) -> int:
        return self._end

    def allocate(self, size_bytes: int) -> int | None:
        """Address of `size_bytes` free bytes, or None. Even 0 bytes have an address of their own."""
        size = max(align_up(size_bytes), ALIGNMENT_BYTES)
        place = bisect_left(self._sizes, (size, 0))
        if place == len(self._sizes):
            return None
        block_size, address = self._sizes[place]
        self._remove_free(address)
        if block_size > size:
            self._insert_free(address + size, block_size - size)
        self._used[address] = size
        self.used_bytes += size
        return address

    def free(self, address: int) -> None:
        """Give an allocation back."""
        size = self._used.pop(address)
        self.used_bytes -= size
        self._insert_free(address, size)

    def end_for(self, size_bytes: int) -> int:
        """The least end with which `allocate(size_bytes)`, for which no free block is large enough now, succeeds."""
        size = max(align_up(size_bytes), ALIGNMENT_BYTES)
        last = self._addresses[-1] if self._addresses else self._end
        tail = last if last + self._free.get(last, 0) == self._end else self._end
        return tail + size

    def extend(self, end: int) -> None:
        """Move the end of the range up; an end below the present one changes nothing."""
        end = end // ALIGNMENT_BYTES * ALIGNMENT_BYTES
        if end > self._end:
            old, self._end = self._end, end
            self._insert_free(old, end - old)

    def _insert_free(self, address: int, size: int) -> None:
        place = bisect_left(self._addresses, address)
        if place < len(self._addresses) and self._addresses[place] == address + size:
            size += self._remove_free(address + size)
        if place > 0:
            before = self._addresses[place - 1]
            if before + self._free[before] == address:
                size += self._remove_free(before)
                address = before
        self._free[address] = size
        insort(self._addresses, address)
        insort(self._sizes, (size, address))

    def _remove_free(self, address: int) -> int:
        size = self._free.pop(address)
        del self._addresses[bisect_left(self._addresses, address)]
        del self._sizes[bisect_left(self._sizes, (size, address))]
        return size
