"""A program function as a Python callable: one call of it is one call into wasm."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from zellige.artifact import STATE_SLOT_BYTES, FunctionInfo, TensorSignature
from zellige.runtime.allocator import align_up
from zellige.runtime.arguments import Array, Operand, names_text, type_text
from zellige.runtime.buffer import DeviceBuffer
from zellige.runtime.instance import Instance
from zellige.runtime.memory import DeviceMemory
from zellige.runtime.packed_arrays import packed, unpacked
from zellige.support.errors import Note, RuntimeTrap

Values = tuple[Array | DeviceBuffer, ...]


@dataclass(frozen=True)
class CallShapes:
    """What one call works on: operands with all their sizes. `argument_sizes` are those that the program is told."""

    arguments: tuple[Operand, ...]
    results: tuple[Operand, ...]
    slab_bytes: int
    argument_sizes: tuple[int, ...]


class ProgramFunction:
    """A function of a program, called with numpy arrays or device buffers.

    Safe to call from several threads; calls on one device run one after the other.
    """

    def __init__(self, info: FunctionInfo, instance: Instance) -> None:
        self.info = info
        self._instance = instance
        self._arguments = tuple(Operand(info.name, "argument", i, s) for i, s in enumerate(info.arguments))
        self._results = tuple(Operand(info.name, "result", i, s) for i, s in enumerate(info.results))
        self._buffers = len(info.arguments) + len(info.results)
        given = sum(tensor.shape.count(None) for tensor in info.arguments)
        self._pack = struct.Struct(f"<{info.argument_sizes_slot + given}Q").pack_into
        self._shapes = CallShapes(self._arguments, self._results, info.slab_bytes, ()) if info.is_static else None

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
        place), of exactly the dtype and shape of the signature, in which a dynamic size is any; they are in order, and
        those after them by name (`function(x, **{"input:1": y})`; not an argument whose name is `out`). Returns a new
        array, or a tuple where the function has not exactly one result. `out` is an array or buffer, or a tuple of
        them, that takes the results and is returned. A buffer for an argument that the program may overwrite
        (`info.donations`) holds the result afterwards, and is what is returned for it; an array stays as it is.

        Raises `RuntimeTrap`: code `argument` for what does not fit the signature, `memory` when device memory is
        exhausted, `assertion` for a `cf.assert` that does not hold, and the trap's own word for any other trap.
        """
        instance = self._instance
        with instance.lock:
            memory = instance.memory
            values = self._admit(self._in_order(arguments, named) if named else arguments, memory)
            shapes = self._shapes_for([value.shape for value in values])
            outs = self._admit_out(out, shapes, memory) if out is not None else self._new_outs(values, shapes)
            results = self._run(values, outs, shapes)
        if out is not None:
            return out
        return results[0] if len(results) == 1 else results

    def call_unchecked(self, *buffers: DeviceBuffer) -> None:
        """Run the function on device buffers, first the arguments, then the results; nothing is checked or copied.

        Each buffer must be of the program's device, open, at least as large as the signature says, and no result may
        overlap another buffer: otherwise the numbers are wrong, though never anything outside of device memory. Dynamic
        sizes of arguments are those of the buffers. A donated argument is read from the buffer of its result.
        """
        instance = self._instance
        if len(buffers) != self._buffers:
            message = f"'{self.info.name}' takes {self._buffers} buffers, got {len(buffers)}"
            raise RuntimeTrap(message, code="argument")
        with instance.lock:
            shapes = self._shapes or self._shapes_for([buffer.shape for buffer in buffers[: len(self._arguments)]])
            slab = instance.scratch(shapes.slab_bytes).address
            self._start(instance, slab, [buffer.address for buffer in buffers], shapes)

    def _start(self, instance: Instance, slab: int, addresses: list[int], shapes: CallShapes) -> None:
        state = instance.state_block(self.info.name, self.info.state_slots)
        self._pack(state.content, 0, 0, 1, slab, instance.sync_address, *addresses, *shapes.argument_sizes)
        instance.run(self.info.name, state.address)

    def _shapes_for(self, arguments: Sequence[tuple[int, ...]]) -> CallShapes:
        """The shapes of a call with arguments of these shapes. Raises `RuntimeTrap` where they do not fit together."""
        if self._shapes is not None and self.info.is_static:
            return self._shapes
        pairs = list(zip(self._arguments, arguments, strict=True))
        sizes = tuple(size for operand, shape in pairs for size in operand.dynamic_sizes(shape))
        if self._shapes is None or self._shapes.argument_sizes != sizes:
            *result_sizes, slab_bytes = self._report(sizes)
            reported = iter(result_sizes)
            self._shapes = CallShapes(
                tuple(operand.with_shape(shape) for operand, shape in pairs),
                tuple(operand.with_sizes(reported) for operand in self._results),
                slab_bytes,
                sizes,
            )
        return self._shapes

    def _report(self, sizes: tuple[int, ...]) -> Sequence[int]:
        """What the program says of arguments with these dynamic sizes: those of the results, and the slab's bytes."""
        instance = self._instance
        state = instance.state_block(self.info.name, self.info.state_slots)
        nowhere = [0] * self._buffers
        self._pack(state.content, 0, 0, 1, 0, instance.sync_address, *nowhere, *sizes)
        try:
            instance.run(self.info.sizes_name, state.address)
        except RuntimeTrap as trap:
            if trap.code != "assertion":
                raise
            taken = iter(sizes)
            given = [operand.with_sizes(taken).signature for operand in self._arguments]
            note = Note(f"the arguments are {names_text(given)}")
            raise RuntimeTrap(trap.message, code="argument", notes=(note,)) from trap
        start = self.info.argument_sizes_slot + len(sizes)
        return struct.unpack_from(f"<{self.info.state_slots - start}Q", state.content, start * STATE_SLOT_BYTES)

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

    def _new_outs(self, values: Values, shapes: CallShapes) -> Values:
        """Where the results go when the caller does not say: donated buffers, and new arrays."""
        given = {result: values[argument] for argument, result in self.info.donations}
        kept = {result: value for result, value in given.items() if isinstance(value, DeviceBuffer)}
        return tuple(kept[i] if i in kept else _new_array(operand) for i, operand in enumerate(shapes.results))

    def _admit_out(self, out: object, shapes: CallShapes, memory: DeviceMemory) -> Values:
        """Where the results go: what the caller gave."""
        outs = cast("tuple[object, ...]", out) if isinstance(out, tuple) else (out,)
        if len(outs) != len(self._results):
            count = len(self._results)
            raise RuntimeTrap(
                f"'{self.name}' has {count} result{'s' if count != 1 else ''} ({names_text(self.results)}),"
                f" 'out' holds {len(outs)}",
                code="argument",
            )
        return tuple(operand.admit_out(value, memory) for operand, value in zip(shapes.results, outs, strict=True))

    def _run(self, values: Values, outs: Values, shapes: CallShapes) -> Values:
        """Copy in what is not on the device, run, copy out."""
        instance = self._instance
        donated = dict(self.info.donations)
        donors = {result: argument for argument, result in donated.items()}
        used = [(v.address, i) for i, v in enumerate(values) if isinstance(v, DeviceBuffer)]
        size = align_up(shapes.slab_bytes)
        places: list[int | None] = []  # offset in scratch memory, or None for a buffer that is used in place
        operands = (*shapes.arguments, *shapes.results)
        for position, (operand, value) in enumerate(zip(operands, (*values, *outs), strict=True)):
            own = donors.get(position - len(values), position)  # what a result may overlap, apart from itself
            if position in donated:
                places.append(None)
            elif isinstance(value, DeviceBuffer) and (
                position < len(values) or all(address != value.address or i == own for address, i in used)
            ):
                used.append((value.address, position))
                places.append(None)
            else:  # kernels may assume that a result overlaps nothing: one that does is copied, too
                places.append(size)
                size = align_up(size + operand.size_bytes)
        base = instance.scratch(size).address
        addresses: list[int] = []
        for position, (operand, value, place) in enumerate(zip(operands, (*values, *outs), places, strict=True)):
            if position in donated:
                addresses.append(0)
            elif place is None:
                assert isinstance(value, DeviceBuffer)
                addresses.append(value.address)
            else:
                addresses.append(base + place)
                if operand.role == "argument":
                    np.copyto(self._staged(operand, place), _stored(value), casting="unsafe")
        for argument, result in donated.items():
            given, taken, place = values[argument], outs[result], places[len(values) + result]
            if place is not None:
                np.copyto(self._staged(shapes.results[result], place), _stored(given), casting="unsafe")
            elif taken is not given:
                np.copyto(_stored(taken), _stored(given), casting="unsafe")
        self._start(instance, base, addresses, shapes)
        for operand, value, place in zip(shapes.results, outs, places[len(values) :], strict=True):
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


def _stored(value: Array | DeviceBuffer) -> Array:
    """The value as device memory has it."""
    return value.stored() if isinstance(value, DeviceBuffer) else packed(value)


def _new_array(operand: Operand) -> Array:
    try:
        return np.empty(operand.shape, operand.dtype)
    except (MemoryError, ValueError) as cause:
        raise RuntimeTrap(
            f"{operand} needs {operand.size_bytes} bytes ({type_text(operand.signature)}), the host does not have them",
            code="memory",
        ) from cause
