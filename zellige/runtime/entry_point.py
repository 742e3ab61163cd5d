"""A kernel of a program, called one workgroup at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zellige.artifact import STATE_SLOT_BYTES, BindingInfo, EntryPointInfo
from zellige.element_types import NUMPY_DTYPES
from zellige.runtime.buffer import DeviceBuffer
from zellige.runtime.instance import Instance
from zellige.support.errors import RuntimeTrap

Binding = DeviceBuffer | int | float | np.generic


class EntryPoint:
    """A kernel with its grid of workgroups. `prepare` once, then call what it returns for each workgroup."""

    def __init__(self, info: EntryPointInfo, instance: Instance) -> None:
        self.info = info
        self._instance = instance

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def workgroups(self) -> tuple[int, int, int] | None:
        """How many workgroups there are along x, y and z; None where scalars among its bindings say."""
        return self.info.workgroups

    @property
    def bindings(self) -> tuple[BindingInfo, ...]:
        """What it is given: buffers in device or constant memory, with their sizes, and scalars."""
        return self.info.bindings

    def prepare(self, bindings: Sequence[Binding]) -> PreparedDispatch:
        """Bind a device buffer (`device`), an address in the constant memory (`constant`) or a number to each binding.

        Raises `RuntimeTrap` (code `argument`) for another number or kind of bindings, or a buffer that is too small.
        """
        if len(bindings) != len(self.info.bindings):
            raise RuntimeTrap(
                f"'{self.name}' has {len(self.info.bindings)} bindings ({self._kinds_text()}), got {len(bindings)}",
                code="argument",
            )
        with self._instance.lock:
            slots = [self._slot(i, value) for i, value in enumerate(bindings)]
            return PreparedDispatch(self.info, self._instance, b"".join(slots), tuple(bindings))

    def call_unchecked(self, state_address: int, x: int, y: int, z: int) -> None:
        """Run a workgroup with a state block that stands at a device address; nothing is checked.

        Whatever the state block holds, only device memory can be read or written. Raises `RuntimeTrap`.
        """
        with self._instance.lock:
            self._instance.run(self.name, state_address, x, y, z)

    def _slot(self, index: int, value: Binding) -> bytes:
        """The 8 bytes of a binding's slot."""
        info = self.info.bindings[index]
        kind = info.kind
        if kind == "device" and isinstance(value, DeviceBuffer) and value.memory is self._instance.memory:
            if value.nbytes < info.size_bytes:
                raise RuntimeTrap(
                    f"binding {index} of '{self.name}' has {value.nbytes} bytes, expected at least {info.size_bytes}",
                    code="argument",
                )
            return value.address.to_bytes(STATE_SLOT_BYTES, "little")
        if kind == "constant" and isinstance(value, int) and 0 <= value < 2**32:
            return value.to_bytes(STATE_SLOT_BYTES, "little")
        if (scalar := _scalar_bytes(kind, value)) is not None:
            return scalar.ljust(STATE_SLOT_BYTES, b"\0")
        expected = {"device": "a buffer of the program's device", "constant": "an address in the constant memory"}
        raise RuntimeTrap(
            f"binding {index} of '{self.name}' is {value!r}, expected {expected.get(kind, f'a number of type {kind}')}",
            code="argument",
        )

    def _kinds_text(self) -> str:
        return ", ".join(binding.kind for binding in self.bindings)

    def __str__(self) -> str:
        grid = "by its scalars" if self.workgroups is None else list(self.workgroups)
        return f"{self.name}({self._kinds_text()}) workgroups {grid}"

    def __repr__(self) -> str:
        return f"<entry point {self}>"


def _scalar_bytes(kind: str, value: object) -> bytes | None:
    """A number as an element of a type, or None where it is not one."""
    dtype = NUMPY_DTYPES.get(kind)
    is_whole = isinstance(value, int | np.integer | np.bool)
    is_fraction = isinstance(value, float | np.floating)
    if dtype is None or not (is_whole or (is_fraction and dtype.kind == "f")):
        return None
    try:
        return dtype.type(value).tobytes()
    except OverflowError:
        return None


class PreparedDispatch:
    """An entry point with its bindings: `dispatch(x, y, z)` runs one workgroup. It keeps its buffers alive."""

    def __init__(self, info: EntryPointInfo, instance: Instance, slots: bytes, bindings: tuple[Binding, ...]) -> None:
        self.info = info
        self.bindings = bindings
        self._instance = instance
        self._state = instance.new_state_block(len(info.bindings))
        self._state.content[: len(slots)] = slots

    def __call__(self, x: int, y: int = 0, z: int = 0) -> None:
        """Run a workgroup. Raises `RuntimeTrap`: code `argument` outside of the grid, else the trap's own word.

        Where the grid is not known, the caller answers for the coordinates.
        """
        counts = self.info.workgroups
        if counts is not None and not all(0 <= n < count for n, count in zip((x, y, z), counts, strict=True)):
            raise RuntimeTrap(
                f"'{self.info.name}' has no workgroup {(x, y, z)}, its grid is {self.info.workgroups}", code="argument"
            )
        with self._instance.lock:
            self._instance.run(self.info.name, self._state.address, x, y, z)
