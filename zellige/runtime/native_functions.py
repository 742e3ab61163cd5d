"""Machine code in the place of a module's imports (`docs/design/builtins.md`, "The call")."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Sequence
from typing import NamedTuple

import wasmtime

from zellige.artifact import CONSTANT_EXPORT, ProgramInfo
from zellige.runtime.c_api import exported_memory_base, native_imports
from zellige.runtime.machine_code import MachineCode
from zellige.runtime.memory import DeviceMemory
from zellige.support.errors import RuntimeTrap


class NativeFunction(NamedTuple):
    """What stands behind one import: the address of its entry in `code`, and the scratch memory that it needs."""

    name: str
    address: int
    scratch_bytes: int
    code: MachineCode


class _Env(ctypes.Structure):
    """What machine code is given at each call."""

    _fields_ = [
        ("device_base", ctypes.c_uint64),
        ("constant_base", ctypes.c_uint64),
        ("scratch", ctypes.c_uint64),
    ]


class NativeImports:
    """The native functions of one linked module, in the order of its imports, their `env` and their scratch memory.

    Whoever can call the module keeps this alive.
    """

    def __init__(self, memory: DeviceMemory, module: wasmtime.Module, natives: Sequence[NativeFunction]) -> None:
        size_bytes = max(1, *(native.scratch_bytes for native in natives))
        try:
            pages = mmap.mmap(-1, size_bytes)  # its start is a multiple of a page, and so of 64
        except OSError as cause:
            raise RuntimeTrap(
                f"the system has no {size_bytes} bytes of scratch memory for native code", code="memory"
            ) from cause
        self._scratch = (ctypes.c_char * size_bytes).from_buffer(pages)
        self._code = tuple(native.code for native in natives)
        self._env = _Env(memory.base, memory.base, ctypes.addressof(self._scratch))
        addresses = [native.address for native in natives]
        self.functions = native_imports(memory.store, module, addresses, ctypes.addressof(self._env))
        """In the order in which the module imports them."""

    def enter(self, memory: DeviceMemory, linked: wasmtime.Instance, info: ProgramInfo) -> None:
        """Tell the code where the memories of an instance are that was just linked."""
        if any(item.name == "constant" for item in info.memories):
            self._env.constant_base = exported_memory_base(memory.store, linked, CONSTANT_EXPORT)
