"""A program function as a Python callable: one call of it is one call into wasm."""

from __future__ import annotations

import struct
from typing import Any, cast

import numpy as np

from zellige.artifact import STATE_HEADER_SLOTS, FunctionInfo, TensorSignature
from zellige.runtime.allocator import align_up
from zellige.runtime.arguments import Array, Operand, names_text, type_text
from zellige.runtime.buffer import DeviceBuffer
from zellige.runtime.instance import Instance
from zellige.runtime.memory import DeviceMemory
from zellige.runtime.packed_arrays import packed, unpacked
from zellige.support.errors import RuntimeTrap

Values = tuple[Array | DeviceBuffer, ...]


class ProgramFunction:
    """A function of a program, called with numpy arrays or device buffers.

    Safe to call from several threads; calls on one device run one after the other.
    """

    def __init__(self, info: FunctionInfo, instance: Instance) -> None:
        self.info = info
        self._instance = instance
        self._arguments = tuple(Operand(info.name, "argument", i, s) for i, s in enumerate(info.arguments))
        self._results = tuple(Operand(info.name, "result", i, s) for i, s in enumerate(info.results))
        self._slots = STATE_HEADER_SLOTS + len(info.arguments) + len(info.results)
        self._pack = struct.Struct(f"<{self._slots}Q").pack_into

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def arguments(self) -> tuple[TensorSignature, ...]:
        return self.info.arguments

    @property
    def results(self) -> tuple[TensorSignature, ...]:
        return self.info.results

    def __call__(self, *arguments: object, out: object = None, **named: object) -> Any:
        """Run the function.

        Arguments are numpy arrays (of any strides; copied to the device) or buffers of the program's device (used in
        place), of exactly the dtype and shape of the signature; they are in order, and those after them by name
        (`function(x, **{"input:1": y})`; not an argument whose name is `out`). Returns a new array, or a tuple where
        the function has not exactly one result. `out` is an array or buffer, or a tuple of them, that takes the
        results and is returned.

        Raises `RuntimeTrap`: code `argument` for what does not fit the signature, `memory` when device memory is
        exhausted, `assertion` for a `cf.assert` that does not hold, and the trap's own word for any other trap.
        """
        instance = self._instance
        with instance.lock:
            memory = instance.memory
            values = self._admit(self._in_order(arguments, named) if named else arguments, memory)
            outs = self._admit_out(out, memory)
            results = self._run(values, outs)
        if out is not None:
            return out
        return results[0] if len(results) == 1 else results

    def call_unchecked(self, *buffers: DeviceBuffer) -> None:
        """Run the function on device buffers, first the arguments, then the results; nothing is checked or copied.

        Each buffer must be of the program's device, open, at least as large as the signature says, and no result may
        overlap another buffer: otherwise the numbers are wrong, though never anything outside of device memory.
        """
        instance = self._instance
        with instance.lock:
            self._start(instance, instance.scratch(self.info.slab_bytes).address, [b.address for b in buffers])

    def _start(self, instance: Instance, slab: int, addresses: list[int]) -> None:
        state = instance.state_block(self.info.name, self._slots)
        try:
            self._pack(state.content, 0, 0, 1, slab, instance.sync_address, *addresses)
        except struct.error as cause:
            raise RuntimeTrap(
                f"'{self.info.name}' takes {self._slots - STATE_HEADER_SLOTS} buffers, got {len(addresses)}",
                code="argument",
            ) from cause
        instance.run(self.info.name, state.address)

    def _in_order(self, arguments: tuple[object, ...], named: dict[str, object]) -> tuple[object, ...]:
        """The arguments, and after them those that are given by name, which have to be all others."""
        rest = [signature.name for signature in self.arguments[len(arguments) :]]
        for name in named:
            if name not in rest:
                is_given = any(signature.name == name for signature in self.arguments)
                fault = f"argument '{name}' twice" if is_given else f"'{name}', which is no argument"
                raise RuntimeTrap(
                    f"'{self.name}' got {fault}; it takes {names_text(self.arguments) or 'none'}", code="argument"
                )
        if missing := [name for name in rest if name not in named]:
            raise RuntimeTrap(f"'{self.name}' got no argument '{missing[0]}'", code="argument")
        return (*arguments, *(named[name] for name in rest))

    def _admit(self, arguments: tuple[object, ...], memory: DeviceMemory) -> Values:
        if len(arguments) != len(self._arguments):
            count = len(self._arguments)
            raise RuntimeTrap(
                f"'{self.name}' takes {count} argument{'s' if count != 1 else ''} ({names_text(self.arguments)}),"
                f" got {len(arguments)}",
                code="argument",
            )
        return tuple(operand.admit(value, memory) for operand, value in zip(self._arguments, arguments, strict=True))

    def _admit_out(self, out: object, memory: DeviceMemory) -> Values:
        """Where the results go: what the caller gave, or new arrays."""
        if out is None:
            return tuple(_new_array(operand) for operand in self._results)
        outs = cast("tuple[object, ...]", out) if isinstance(out, tuple) else (out,)
        if len(outs) != len(self._results):
            count = len(self._results)
            raise RuntimeTrap(
                f"'{self.name}' has {count} result{'s' if count != 1 else ''} ({names_text(self.results)}),"
                f" 'out' holds {len(outs)}",
                code="argument",
            )
        return tuple(operand.admit_out(value, memory) for operand, value in zip(self._results, outs, strict=True))

    def _run(self, values: Values, outs: Values) -> Values:
        """Copy in what is not on the device, run, copy out."""
        instance = self._instance
        used = {value.address for value in values if isinstance(value, DeviceBuffer)}
        size = align_up(self.info.slab_bytes)
        places: list[int | None] = []  # offset in scratch memory, or None for a buffer that is used in place
        operands = (*self._arguments, *self._results)
        for position, (operand, value) in enumerate(zip(operands, (*values, *outs), strict=True)):
            is_result = position >= len(values)
            if isinstance(value, DeviceBuffer) and not (is_result and value.address in used):
                used.add(value.address)
                places.append(None)
            else:  # kernels may assume that a result overlaps nothing: one that does is copied, too
                places.append(size)
                size = align_up(size + operand.size_bytes)
        base = instance.scratch(size).address
        addresses: list[int] = []
        for operand, value, place in zip(operands, (*values, *outs), places, strict=True):
            if place is None:
                assert isinstance(value, DeviceBuffer)
                addresses.append(value.address)
                continue
            addresses.append(base + place)
            if operand.role == "argument":
                stored = value.stored() if isinstance(value, DeviceBuffer) else packed(value)
                np.copyto(self._staged(operand, place), stored, casting="unsafe")
        self._start(instance, base, addresses)
        for operand, value, place in zip(self._results, outs, places[len(values) :], strict=True):
            if place is None:
                continue
            staged = self._staged(operand, place)
            if isinstance(value, DeviceBuffer):
                np.copyto(value.stored(), staged, casting="unsafe")
            else:
                np.copyto(value, unpacked(staged, value.dtype, value.shape), casting="unsafe")
        return outs

    def _staged(self, operand: Operand, place: int) -> Array:
        """What scratch memory has for an operand."""
        return self._instance.scratch_array(place, *operand.stored_form)

    def __str__(self) -> str:
        results = ", ".join(type_text(signature) for signature in self.results)
        return f"{self.name}({names_text(self.arguments)}) -> {results if len(self.results) == 1 else f'({results})'}"

    def __repr__(self) -> str:
        return f"<program function {self}>"


def _new_array(operand: Operand) -> Array:
    try:
        return np.empty(operand.shape, operand.dtype)
    except (MemoryError, ValueError) as cause:
        raise RuntimeTrap(
            f"{operand} needs {operand.size_bytes} bytes ({type_text(operand.signature)}), the host does not have them",
            code="memory",
        ) from cause
