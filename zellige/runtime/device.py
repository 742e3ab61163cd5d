"""A device: engine, store and memory, in which programs are loaded."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable, Sequence
from math import prod
from operator import index
from typing import Any, Self, SupportsIndex

import numpy as np
import numpy.typing as npt
import wasmtime

from zellige.artifact import ProgramInfo
from zellige.runtime.buffer import DeviceBuffer
from zellige.runtime.dtypes import device_dtype
from zellige.runtime.engine import new_engine
from zellige.runtime.instance import Instance, Instrument
from zellige.runtime.memory import PAGE_BYTES, DeviceMemory
from zellige.runtime.native_functions import NativeFunction
from zellige.runtime.packed_arrays import packed, stored_form
from zellige.runtime.parameters import ParameterBytes
from zellige.support.errors import Note, RuntimeTrap, UsageError


class Device:
    """Memory that programs share, and the engine that runs them; devices know nothing of each other.

    Programs of profile `full` may share a device, and so work on the same buffers. A program of another profile keeps
    its constants in device memory: it needs a device of its own. All methods may be called on any thread.

    `instrument` is called with the name of each wasm function that is bound and the function, and returns what is
    called instead: for counters and tracers.
    """

    def __init__(self, *, instrument: Instrument | None = None) -> None:
        self.engine = new_engine()
        self.lock = threading.RLock()
        self._instrument = instrument
        self._memory: DeviceMemory | None = DeviceMemory(wasmtime.Store(self.engine))
        self._instances: weakref.WeakSet[Instance] = weakref.WeakSet()

    @property
    def memory(self) -> DeviceMemory:
        """The device memory. Raises `UsageError` when the device is closed."""
        if self._memory is None:
            raise UsageError("the device is closed")
        return self._memory

    def empty(self, shape: SupportsIndex | Iterable[SupportsIndex], dtype: npt.DTypeLike) -> DeviceBuffer:
        """A buffer of undefined content. Raises `RuntimeTrap`: code `memory` when there is no room for it, `argument`
        for a dtype that is not in the ABI.
        """
        element = device_dtype(dtype)
        sizes = (index(shape),) if isinstance(shape, SupportsIndex) else tuple(index(size) for size in shape)
        if any(size < 0 for size in sizes):
            raise RuntimeTrap(f"sizes of a buffer cannot be negative, got shape {sizes}", code="argument")
        stored, stored_shape = stored_form(element, sizes)
        with self.lock:
            return DeviceBuffer(self.memory.allocate(stored.itemsize * prod(stored_shape)), element, sizes)

    def array(self, values: npt.NDArray[Any] | np.generic) -> DeviceBuffer:
        """A buffer with a copy of an array, of the same dtype and shape. Raises as `empty` does."""
        source: npt.NDArray[Any] = np.asarray(values)
        buffer = self.empty(source.shape, source.dtype)
        np.copyto(buffer.stored(), packed(source))
        return buffer

    def link(
        self,
        module: wasmtime.Module,
        info: ProgramInfo,
        natives: Sequence[NativeFunction] = (),
        parameters: Sequence[ParameterBytes] = (),
    ) -> Instance:
        """Link a checked module to the device memory and to machine code, and give it its parameters.

        Raises `UsageError` when it cannot share this device.
        """
        with self.lock:
            memory = self.memory
            others = [instance for instance in self._instances if not instance.is_closed]
            is_used = len(others) > 0 or memory.used_bytes > 0
            is_alone = info.profile != "full" or any(other.profile != "full" for other in others)
            if is_used and (is_alone or info.heap_base > memory.heap_base):
                raise UsageError(
                    "the device is in use, and a program of a profile with one memory shares its device with nothing",
                    notes=(Note("load it without 'device='"),),
                )
            if info.heap_base > memory.heap_base:
                memory.reserve_below(info.heap_base)
            for needed in info.memories:
                if needed.imported:
                    memory.ensure_size(needed.min_pages * PAGE_BYTES)
            instance = Instance(memory, module, info, self.lock, self._instrument, natives, parameters)
            self._instances.add(instance)
            return instance

    def close(self) -> None:
        """Close the device and its programs. Arrays over buffers stay usable; the memory goes with the last of them."""
        with self.lock:
            for instance in self._instances:
                instance.close()
            self._memory = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
