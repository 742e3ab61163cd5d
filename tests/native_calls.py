"""Calling native code as a runtime does: an environment, values of 16 bytes, memories that numpy made."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np
import pytest

from zellige.backend.llvm.flat_code import FlatCode
from zellige.backend.llvm.native_objects import HostMachine
from zellige.native.levels import LEVELS, Level
from zellige.runtime.machine_code import MachineCode
from zellige.runtime.processor import this_processor

PAGE = 65536
BASELINE = HostMachine("x86_64-unknown-linux-gnu", "x86-64", (), 128)

_FUNCTION = ctypes.CFUNCTYPE(
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint64), ctypes.c_size_t
)


def runnable_levels() -> list[Level]:
    """The levels that the processor has that the tests run on."""
    processor = this_processor()
    return [level for level in LEVELS.values() if set(level.features) <= set(processor.features)]


on_x86_64 = pytest.mark.skipif(this_processor().architecture != "x86_64", reason="the code is for x86-64")


def aligned(size_bytes: int, fill: int = 0) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Bytes at a multiple of 64."""
    whole = np.full(size_bytes + 64, fill, np.uint8)
    start = -whole.ctypes.data % 64
    return whole[start : start + size_bytes]


class Host:
    """Two memories of some pages, scratch memory, and code that works on them."""

    def __init__(self, flat: FlatCode, scratch_bytes: int = 0, *, pages: int = 1, one_memory: bool = False) -> None:
        self.device = aligned(pages * PAGE)
        self.constant = self.device if one_memory else aligned(pages * PAGE)
        self.scratch = aligned(scratch_bytes)
        self._one_memory = one_memory
        self._code = MachineCode([flat.code])
        self._function = _FUNCTION(self._code.addresses[0] + flat.entry_offset)
        bases = (self.device.ctypes.data, self.constant.ctypes.data, self.scratch.ctypes.data)
        self._environment = (ctypes.c_uint64 * 3)(*bases)

    def call(self, *parameters: int, workgroup: Sequence[int] = (0, 0, 0)) -> bool:
        """Whether the code did the work. Parameters are 8 bytes each, as they stand in memory."""
        pages = (
            [self.device.size // PAGE] if self._one_memory else [self.device.size // PAGE, self.constant.size // PAGE]
        )
        numbers = [*parameters, *workgroup, *pages]
        values = (ctypes.c_uint64 * (2 * len(numbers)))()
        values[::2] = numbers
        environment = ctypes.cast(self._environment, ctypes.c_void_p)
        assert self._function(environment, None, values, len(numbers)) is None
        done = values[0] & 0xFFFFFFFF
        assert done in (0, 1)
        return bool(done)
