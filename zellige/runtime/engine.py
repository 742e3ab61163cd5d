"""wasmtime, as far as we use it: one engine configuration, and calls without a Python object per argument.

`Func.__call__` of the wasmtime package costs 6 to 45 microseconds; `wasmtime_func_call_unchecked` with prepared
arguments costs a third of one. It is reached through the package's own binding of the C library, which it
does not export: all such access is in this file.
"""

from __future__ import annotations

import ctypes
import platform
import struct
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import wasmtime
from wasmtime import _ffi as c_api

Invoke = Callable[..., None]
"""Runs a wasm function whose parameters are i32, given as unsigned numbers. Raises `wasmtime.Trap`."""

Instrument = Callable[[str, Invoke], Invoke]
"""Called with name and function for every wasm function that is bound; what it returns is called instead."""

library: Any = c_api.dll

_RAW_BYTES = ctypes.sizeof(c_api.wasmtime_val_raw_t)

SETTINGS: dict[str, object] = {
    "memory_may_move": False,  # arrays look into device memory: its base must stay where it is when it grows
    "cranelift_opt_level": "speed",
}
"""What differs from wasmtime's defaults. `target` stays unset: setting it turns the detection of CPU features off.
Fuel and epoch interruption stay off: they halve the speed of tight loops."""


def new_engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    for name, value in SETTINGS.items():
        setattr(config, name, value)
    return wasmtime.Engine(config)


def fingerprint() -> str:
    """Text that differs wherever native code made by `new_engine` may differ."""
    settings = " ".join(f"{name}={value}" for name, value in sorted(SETTINGS.items()))
    return f"wasmtime {version('wasmtime')} {platform.system()} {platform.machine()} {settings}"


class BoundFunction:
    """A wasm function of i32 parameters and no result, ready to be called: all that the C call takes is made once.

    It keeps the store alive, and must not run on two threads at once.
    """

    __slots__ = ("_arguments", "_call", "_pack", "_prepared", "_store", "_trap")

    def __init__(self, store: wasmtime.Store, function: wasmtime.Func, parameters: int) -> None:
        self._store = store
        self._call = library["wasmtime_func_call_unchecked"]  # a new object each time, so its types are ours to set
        self._call.restype = ctypes.c_void_p
        self._arguments = ctypes.create_string_buffer(parameters * _RAW_BYTES)
        self._trap = ctypes.c_void_p()
        self._pack = struct.Struct("<" + f"I{_RAW_BYTES - 4}x" * parameters).pack_into
        context: Any = library["wasmtime_store_context"]
        context.restype = ctypes.c_void_p
        handle = function._func  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  it has no public name
        self._prepared = (
            ctypes.c_void_p(context(store.ptr())),
            ctypes.byref(handle),
            ctypes.byref(self._arguments),
            ctypes.c_size_t(parameters),
            ctypes.byref(self._trap),
        )

    def __call__(self, *parameters: int) -> None:
        self._pack(self._arguments, 0, *parameters)
        error = self._call(*self._prepared)
        if self._trap.value is not None:
            pointer = ctypes.cast(self._trap, ctypes.POINTER(c_api.wasm_trap_t))
            self._trap.value = None
            raise wasmtime.Trap._from_ptr(pointer)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  as above
        assert error is None, "the engine refuses a call of a function whose type was checked"
