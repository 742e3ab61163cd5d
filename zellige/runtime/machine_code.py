"""Machine code in executable pages.

Pages are written first and executable afterwards, never both at once.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
from collections.abc import Iterable
from typing import Any

from zellige.support.errors import RuntimeTrap

ALIGNMENT_BYTES = 64
"""Each piece of code begins at a multiple of this."""

_ARCHITECTURES = ("x86_64", "amd64")
"""Others keep instructions in a cache of their own, which would have to be told of the new code."""

_AT_ONCE = getattr(mmap, "MAP_POPULATE", 0)
"""Where the system can, it gives all pages in one go instead of each when it is first written."""


class MachineCode:
    """Pieces of machine code, each at its address in `addresses`. They go when this object goes.

    Raises `RuntimeTrap` (code `specialize`) where the system forbids to run code that was not in a file.
    """

    __slots__ = ("_pages", "_view", "addresses")

    def __init__(self, pieces: Iterable[bytes | memoryview]) -> None:
        if os.name != "posix" or platform.machine().lower() not in _ARCHITECTURES:
            raise _error(f"the system is {platform.system()} on {platform.machine()}, expected a Unix on x86_64")
        content = bytearray()
        offsets: list[int] = []
        for piece in pieces:
            content.extend(bytes(-len(content) % ALIGNMENT_BYTES))
            offsets.append(len(content))
            content.extend(piece)
        size_bytes = max(len(content), 1)
        try:
            self._pages = mmap.mmap(-1, size_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _AT_ONCE)
        except OSError as cause:
            raise _error(f"the system gives no memory for {size_bytes} bytes of it: {_reason(cause)}") from cause
        self._pages[: len(content)] = content
        self._view = (ctypes.c_char * size_bytes).from_buffer(self._pages)  # keeps the pages from being closed
        base = ctypes.addressof(self._view)
        _protect(base, size_bytes)
        self.addresses = tuple(base + offset for offset in offsets)


def _protect(address: int, size_bytes: int) -> None:
    library: Any = ctypes.CDLL(None, use_errno=True)
    arguments = ctypes.c_void_p(address), ctypes.c_size_t(size_bytes), ctypes.c_int(mmap.PROT_READ | mmap.PROT_EXEC)
    if library.mprotect(*arguments) != 0:
        raise _error(f"the system does not make memory executable: {os.strerror(ctypes.get_errno()).lower()}")


def _reason(cause: OSError) -> str:
    return (cause.strerror or str(cause)).lower()


def _error(what: str) -> RuntimeTrap:
    return RuntimeTrap(f"machine code cannot be run here: {what}", code="specialize")
