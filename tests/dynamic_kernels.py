"""Kernels with dynamic sizes, as the memory phase leaves them, run workgroup by workgroup between guard bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp

import zellige
from zellige.analysis.structured import structured
from zellige.artifact import STATE_SLOT_BYTES
from zellige.compiler.linking import link_module
from zellige.compiler.options import CompileOptions
from zellige.compiler.phases import PHASE_NAMES, phases
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.source import read_module
from zellige.compiler.universe import context, known_passes
from zellige.dialects.flow import ExecutableOp, executables
from zellige.dialects.hal import ScheduleAttr

Array = NDArray[Any]

SizeOf = Callable[[Mapping[str, int]], int]
"""A size, from others by name."""

NAME = "kernel"
GUARD_BYTES = 256
GUARD = 0xA5
ALIGNMENT = 64

DTYPES = {"f32": "<f4", "f64": "<f8", "i32": "<i4", "i8": "<i1", "i64": "<i8", "i1": "?", "index": "<i4"}


@dataclass(frozen=True)
class Buffer:
    """A tensor at the border of a kernel. Sizes that are words are index arguments of the kernel."""

    name: str
    sizes: tuple[int | str, ...]
    element: str = "f32"

    @property
    def shape_text(self) -> str:
        return "".join(f"{'?' if isinstance(size, str) else size}x" for size in self.sizes) + self.element

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(sizes[size] if isinstance(size, str) else size for size in self.sizes)


@dataclass(frozen=True)
class Kernel:
    """`body` computes tensors `%<name>` of the outputs from those of the inputs, and index values `%<size>`.

    An output with the name of an input is an update of it; `body` computes it as `%<name>_new`.
    """

    inputs: tuple[Buffer, ...]
    outputs: tuple[Buffer, ...]
    body: str
    derived: Mapping[str, SizeOf] = field(default_factory=dict[str, SizeOf])
    """Sizes that follow from others."""
    writes: bool = True
    """Whether the outputs are what `body` computes; else `body` writes into `%<name>_buffer` itself."""

    @cached_property
    def sizes(self) -> tuple[str, ...]:
        words = [size for buffer in (*self.inputs, *self.outputs) for size in buffer.sizes if isinstance(size, str)]
        return tuple(dict.fromkeys(words))

    @property
    def free_sizes(self) -> tuple[str, ...]:
        return tuple(size for size in self.sizes if size not in self.derived)

    def all_sizes(self, free: Mapping[str, int]) -> dict[str, int]:
        return {**free, **{size: compute(free) for size, compute in self.derived.items()}}

    @cached_property
    def text(self) -> str:
        """An executable: inputs, then sizes, then outputs are its arguments."""
        arguments = [self._argument(buffer, f"%{buffer.name}_buffer") for buffer in self.inputs]
        arguments += [f"%{size}: index" for size in self.sizes]
        arguments += [self._argument(buffer, f"%{buffer.name}_buffer") for buffer in self.made]
        reads = [
            f"%{b.name} = bufferization.to_tensor %{b.name}_buffer restrict : {_memref(b)} to tensor<{b.shape_text}>"
            for b in self.inputs
        ]
        writes = [
            f"bufferization.materialize_in_destination {self._result(b)} in restrict writable %{b.name}_buffer"
            f" : (tensor<{b.shape_text}>, {_memref(b)}) -> ()"
            for b in self.outputs
            if self.writes
        ]
        lines = "\n".join((*reads, self.body, *writes, "func.return"))
        return f"flow.executable @{NAME} {{\nfunc.func @{NAME}({', '.join(arguments)}) {{\n{lines}\n}}\n}}\n"

    @property
    def made(self) -> tuple[Buffer, ...]:
        """The outputs that have buffers of their own."""
        return tuple(buffer for buffer in self.outputs if buffer not in self.inputs)

    def _result(self, buffer: Buffer) -> str:
        return f"%{buffer.name}_new" if buffer in self.inputs else f"%{buffer.name}"

    def _argument(self, buffer: Buffer, name: str) -> str:
        first = len(self.inputs)
        numbers = [first + self.sizes.index(size) if isinstance(size, str) else -1 for size in buffer.sizes]
        sizes = f", hal.sizes = array<i64: {', '.join(map(str, numbers))}>" if max(numbers, default=-1) >= 0 else ""
        return f"{name}: {_memref(buffer)} {{llvm.noalias{sizes}}}"


def _memref(buffer: Buffer) -> str:
    return f"memref<{buffer.shape_text}, #hal.memory<device>>"


class Runner:
    """A compiled kernel. With `part`, a workgroup runs so many iterations of each dynamic loop that is shared out."""

    def __init__(self, kernel: Kernel, profile: str = "full", part: int | None = None) -> None:
        self.kernel = kernel
        options = CompileOptions.of(profile=profile)
        later = [phase.pipeline for phase in phases(options)[PHASE_NAMES.index("tiling") :]]
        before, select, after = later[0].partition("select-schedules")
        module = read_module(kernel.text, "<kernel>", context())
        _run(before + select, module)
        (executable,) = executables(module)
        if part is not None:
            _share_out(executable, part)
        _run(after.removeprefix(","), module)
        self.grid = executable.workgroup_map
        _run(",".join(later[1:]), module)
        self._program = zellige.load(link_module(module, options), cache=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._program.close()

    def __call__(self, sizes: Mapping[str, int], inputs: Sequence[Array]) -> list[Array]:
        """Run all workgroups. Fails where bytes outside of the outputs change."""
        kernel, device = self.kernel, self._program.device
        outputs = [np.full(b.shape(sizes), 77, DTYPES[b.element]) for b in kernel.made]
        arena = _Arena()
        places = [arena.place(array) for array in (*inputs, *outputs)]
        content = np.frombuffer(bytes(arena.content), np.uint8)
        memory = device.array(content)
        bindings = [memory.address + place for place in places[: len(inputs)]]
        bindings += [sizes[size] for size in kernel.sizes]
        bindings += [memory.address + place for place in places[len(inputs) :]]
        state = b"".join(value.to_bytes(STATE_SLOT_BYTES, "little") for value in bindings)
        block = device.array(np.frombuffer(state, np.uint8))
        symbols = [0] * len(inputs) + [sizes[size] for size in kernel.sizes] + [0] * len(outputs)
        counts = self.grid.eval([], symbols[: self.grid.num_symbols])
        for z, y, x in product(*map(range, reversed(counts))):
            self._program.entry_points[NAME].call_unchecked(block.address, x, y, z)
        after = memory.numpy().copy()
        place_of = dict(zip((*kernel.inputs, *kernel.made), places, strict=True))
        results: list[Array] = []
        for buffer in kernel.outputs:
            result = np.empty(buffer.shape(sizes), DTYPES[buffer.element])
            place = slice(place_of[buffer], place_of[buffer] + result.nbytes)
            results.append(after[place].view(result.dtype).reshape(result.shape).copy())
            after[place] = content[place]
        np.testing.assert_array_equal(after, content, err_msg="bytes outside of the outputs have changed")
        return results


def _run(pipeline: str, module: ModuleOp) -> None:
    Pipeline.parse(pipeline, known_passes()).run(context(), module)


def _share_out(executable: ExecutableOp, part: int) -> None:
    """Let each workgroup run `part` iterations of the dynamic loops that the schedule of the last op cuts."""
    generics = [op for op in executable.kernel.body.block.ops if isinstance(op, GenericOp)]
    schedule = generics[-1].attributes["hal.schedule"]
    assert isinstance(schedule, ScheduleAttr)
    extents = structured(generics[-1]).extents
    sizes = [
        size if isinstance(extent, int) else min(size, part)
        for size, extent in zip(schedule.workgroup_sizes, extents, strict=True)
    ]
    generics[-1].attributes["hal.schedule"] = ScheduleAttr(sizes, schedule.tile_sizes, schedule.packed_inputs)


class _Arena:
    """Arrays with guard bytes before and behind each."""

    def __init__(self) -> None:
        self.content = bytearray([GUARD]) * GUARD_BYTES

    def place(self, array: Array) -> int:
        """Where the array stands."""
        self.content += bytearray([GUARD]) * (-len(self.content) % ALIGNMENT)
        start = len(self.content)
        self.content += array.tobytes() + bytearray([GUARD]) * GUARD_BYTES
        return start
