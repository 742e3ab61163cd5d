"""Device memory: one wasm memory that no module owns, an allocator over it, and the allocations in it."""

from __future__ import annotations

import ctypes
from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt
import wasmtime

from zellige.artifact import DEVICE_RESERVED_BYTES
from zellige.runtime.allocator import Allocator
from zellige.support.errors import RuntimeTrap

PAGE_BYTES = 65536

MAX_PAGES = 65535
"""One page short of what 32-bit addresses reach, so that the address after the last byte does not wrap to 0."""


class DeviceMemory:
    """The memory that modules import as `zellige.device`. It grows by need and never moves or shrinks.

    Neither the store nor the allocator is thread safe: the device's lock is held for everything but `release`.
    """

    def __init__(self, store: wasmtime.Store) -> None:
        self.store = store
        self.wasm_memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(1, MAX_PAGES)))
        self._base = ctypes.addressof(self.wasm_memory.data_ptr(store).contents)
        self._allocator = Allocator(DEVICE_RESERVED_BYTES, self.size_bytes)
        self._released: deque[int] = deque()

    @property
    def size_bytes(self) -> int:
        return self.wasm_memory.size(self.store) * PAGE_BYTES

    @property
    def base(self) -> int:
        """Where the memory stands in the address space of this process."""
        return self._base

    @property
    def used_bytes(self) -> int:
        self._collect()
        return self._allocator.used_bytes

    @property
    def heap_base(self) -> int:
        """The first address that may be handed out."""
        return self._allocator.start

    def reserve_below(self, heap_base: int) -> None:
        """Leave the addresses below `heap_base` to a module. Nothing may be allocated yet."""
        assert self.used_bytes == 0
        self.ensure_size(heap_base)
        self._allocator = Allocator(heap_base, self.size_bytes)

    def ensure_size(self, size_bytes: int) -> None:
        """Grow to at least `size_bytes`. Raises `RuntimeTrap` (code `memory`)."""
        missing_pages = -(-size_bytes // PAGE_BYTES) - self.wasm_memory.size(self.store)
        if missing_pages <= 0:
            return
        if size_bytes > MAX_PAGES * PAGE_BYTES:
            raise RuntimeTrap(
                f"device memory would have to grow to {size_bytes} bytes, it can have at most {MAX_PAGES * PAGE_BYTES}",
                code="memory",
            )
        try:
            self.wasm_memory.grow(self.store, missing_pages)
        except wasmtime.WasmtimeError as cause:
            raise RuntimeTrap(
                f"the system refuses to let device memory grow from {self.size_bytes} to {size_bytes} bytes",
                code="memory",
            ) from cause
        self._allocator.extend(self.size_bytes)

    def allocate(self, size_bytes: int) -> Allocation:
        """Bytes of undefined content at a multiple of 64. Raises `RuntimeTrap` (code `memory`)."""
        self._collect()
        address = self._allocator.allocate(size_bytes)
        if address is None:
            end = self._allocator.end_for(size_bytes)
            if end > MAX_PAGES * PAGE_BYTES:
                raise RuntimeTrap(
                    f"cannot allocate {size_bytes} bytes of device memory:"
                    f" {self._allocator.used_bytes} of at most {MAX_PAGES * PAGE_BYTES} bytes are in use",
                    code="memory",
                )
            self.ensure_size(end)
            address = self._allocator.allocate(size_bytes)
            assert address is not None
        return Allocation(self, self._base + address, address, size_bytes)

    def release(self, address: int) -> None:
        """Called by an allocation that is gone, on any thread and in the middle of anything: only takes a note."""
        self._released.append(address)

    def words(self, address: int, count: int) -> memoryview:
        """`count` 32-bit words at a fixed address below the heap. The view must not outlive this object."""
        return memoryview((ctypes.c_uint32 * count).from_address(self._base + address)).cast("B").cast("I")

    def below_heap(self) -> memoryview:
        """All bytes below the heap, to write to. The view must not outlive this object."""
        return memoryview((ctypes.c_char * self.heap_base).from_address(self._base)).cast("B")

    def _collect(self) -> None:
        while self._released:
            self._allocator.free(self._released.popleft())


class Allocation:
    """Part of a device memory. It is given back when the last reference to it, or to an array over it, is gone."""

    __slots__ = ("_pointer", "address", "memory", "size_bytes")

    def __init__(self, memory: DeviceMemory, pointer: int, address: int, size_bytes: int) -> None:
        self.memory = memory
        self.address = address
        self.size_bytes = size_bytes
        self._pointer = pointer

    @property
    def __array_interface__(self) -> dict[str, object]:
        """The protocol of numpy: an array made from this keeps it, and with it the memory, alive."""
        return {"version": 3, "typestr": "|u1", "shape": (self.size_bytes,), "data": (self._pointer, False)}

    def view(self, dtype: np.dtype[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """All of the bytes as an array; no copy."""
        return np.asarray(self).view(dtype).reshape(shape)

    def __del__(self) -> None:
        self.memory.release(self.address)
