"""A module linked to the memory of a device: where calls into wasm happen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import wasmtime

from zellige.artifact import (
    CONSTANT_EXPORT,
    FAULT_ADDRESS,
    SIZES_SUFFIX,
    STATE_SLOT_BYTES,
    SYNC_BYTES,
    ProgramInfo,
)
from zellige.runtime.c_api import BoundFunction, Invoke, exported_memory_bytes, link
from zellige.runtime.errors import trap_error
from zellige.runtime.memory import Allocation, DeviceMemory
from zellige.runtime.native_functions import NativeFunction, NativeImports
from zellige.runtime.parameters import ParameterBytes
from zellige.support.errors import RuntimeTrap, UsageError

Instrument = Callable[[str, Invoke], Invoke]
"""Called with name and function for every wasm function that is bound; what it returns is called instead."""

FUNCTION_PARAMETERS = 1
ENTRY_POINT_PARAMETERS = 4


def parameter_counts(info: ProgramInfo) -> dict[str, int]:
    """Name of each function and entry point -> how many i32 parameters it has; none has a result."""
    counts = {function.name: FUNCTION_PARAMETERS for function in info.functions}
    counts |= {function.sizes_name: FUNCTION_PARAMETERS for function in info.functions if not function.is_static}
    return counts | {entry.name: ENTRY_POINT_PARAMETERS for entry in info.entry_points}


class StateBlock:
    """A state block in device memory: slots of 8 bytes."""

    __slots__ = ("_allocation", "address", "content")

    def __init__(self, allocation: Allocation) -> None:
        self._allocation = allocation
        self.address = allocation.address
        self.content = np.asarray(allocation).data


class Instance:
    """The linked module and what its functions share: scratch memory, the synchronisation block with the program's
    globals behind it, state blocks.

    A trap leaves the module's stack pointer where it was, so after a trap the module is linked again at the next call.
    The device's lock is held while anything here is used.
    """

    def __init__(
        self,
        memory: DeviceMemory,
        module: wasmtime.Module,
        info: ProgramInfo,
        lock: threading.RLock,
        instrument: Instrument | None,
        natives: Sequence[NativeFunction] = (),
        parameters: Sequence[ParameterBytes] = (),
    ) -> None:
        self.lock = lock
        self._memory: DeviceMemory | None = memory
        self._module = module
        self._info = info
        self._instrument = instrument
        self._calls: dict[str, Invoke] = {}
        self._parameter_counts = parameter_counts(info)
        self._state_blocks: dict[str, StateBlock] = {}
        self._fault = memory.words(FAULT_ADDRESS, 1)
        self._sync: Allocation | None = memory.allocate(SYNC_BYTES + info.globals_bytes)
        self._scratch: Allocation | None = None
        self._scratch_bytes: npt.NDArray[Any] | None = None
        self.sync_address = self._sync.address
        self._clear_sync()
        self._parameters = parameters
        self._natives = NativeImports(memory, module, natives) if natives else None
        self._linked: wasmtime.Instance | None = self._link(memory)

    @property
    def memory(self) -> DeviceMemory:
        """The device's memory. Raises `UsageError` when the program is closed."""
        if self._memory is None:
            raise UsageError("the program is closed")
        return self._memory

    @property
    def is_closed(self) -> bool:
        return self._memory is None

    @property
    def profile(self) -> str:
        return self._info.profile

    def run(self, function: str, *parameters: int) -> None:
        """One call into wasm. Raises `RuntimeTrap`."""
        call = self._calls.get(function) or self._bind(function)
        self._fault[0] = 0
        try:
            call(*parameters)
        except wasmtime.Trap as trap:
            name = function.removesuffix(SIZES_SUFFIX)
            error = trap_error(trap, function=name, fault=self._fault[0], messages=self._info.messages)
            self._linked = None
            self._calls.clear()
            self._clear_sync()
            raise error from trap

    def scratch(self, size_bytes: int) -> Allocation:
        """Memory for the length of one call, shared by all functions of the program; it grows and stays."""
        if self._scratch is None or self._scratch.size_bytes < size_bytes:
            self._scratch_bytes = self._scratch = None  # given back first: the new block may take its place
            self._scratch = self.memory.allocate(size_bytes)
        return self._scratch

    def scratch_array(self, offset: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """An array over the scratch memory that the last `scratch` call gave; it must not outlive the call."""
        if self._scratch_bytes is None:
            self._scratch_bytes = np.asarray(self._scratch)
        return np.ndarray(shape, dtype, self._scratch_bytes, offset)

    def state_block(self, function: str, slots: int) -> StateBlock:
        """The function's own state block."""
        block = self._state_blocks.get(function)
        if block is None:
            block = self._state_blocks[function] = self.new_state_block(slots)
        return block

    def new_state_block(self, slots: int) -> StateBlock:
        return StateBlock(self.memory.allocate(slots * STATE_SLOT_BYTES))

    def close(self) -> None:
        """Let go of everything; every use from now on raises `UsageError`."""
        with self.lock:
            self._memory = self._linked = self._natives = self._sync = self._scratch = self._scratch_bytes = None
            self._calls.clear()
            self._state_blocks.clear()
            self._fault = memoryview(bytearray(4)).cast("I")

    def _bind(self, function: str) -> Invoke:
        """Make a function ready to be called, and link the module first where a trap has made that necessary."""
        memory = self.memory
        if self._linked is None:
            self._linked = self._link(memory)
        call = BoundFunction(memory.store, self._linked, function, self._parameter_counts[function], self._natives)
        self._calls[function] = call if self._instrument is None else self._instrument(function, call)
        return self._calls[function]

    def _link(self, memory: DeviceMemory) -> wasmtime.Instance:
        functions = self._natives.functions if self._natives is not None else ()
        try:
            linked = link(memory.store, self._module, memory.wasm_memory, functions)
        except wasmtime.Trap as trap:
            raise RuntimeTrap("the initial content of the module does not fit its memories", code="module") from trap
        except wasmtime.WasmtimeError as cause:
            raise RuntimeTrap(
                "the engine has no room to link the module (it is linked again after each trap)", code="memory"
            ) from cause
        if self._natives is not None:
            self._natives.enter(memory, linked, self._info)
        if self._parameters:
            self._write_parameters(memory, linked)
        return linked

    def _write_parameters(self, memory: DeviceMemory, linked: wasmtime.Instance) -> None:
        """Put the parameters among the constants, which a new instance has to be given again."""
        if any(item.name == "constant" for item in self._info.memories):
            content = exported_memory_bytes(memory.store, linked, CONSTANT_EXPORT)
        else:
            content = memory.below_heap()
        region = content[self._info.constant_base :][: self._info.constant_bytes]
        if len(region) != self._info.constant_bytes:
            message = f"{self._info.constant_bytes} bytes of constants are declared, there is room for {len(region)}"
            raise RuntimeTrap(message, code="module")
        for offset, parameter in self._parameters:
            region[offset : offset + len(parameter)] = parameter

    def _clear_sync(self) -> None:
        if self._sync is not None:
            np.asarray(self._sync)[:SYNC_BYTES] = 0
