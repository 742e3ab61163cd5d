"""The dispatches of a program function one by one, on the memory that the function itself would give them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import IntegerAttr, ModuleOp
from xdsl.ir import SSAValue

import zellige
from zellige.artifact import STATE_SLOT_BYTES
from zellige.compiler.driver import lower
from zellige.compiler.options import CompileOptions
from zellige.dialects import hal
from zellige.dialects.index_arithmetic import constant_value

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Place:
    """A binding: a buffer of the function and an offset in it, or a number."""

    region: str
    index: int
    offset: int


@dataclass(frozen=True)
class Dispatch:
    executable: str
    bindings: tuple[Place, ...]


def dispatches_of(source: str | Path, function: str) -> tuple[Dispatch, ...]:
    """The dispatches of a function in their order, without those whose buffers are not known before it runs."""
    module = lower(source, CompileOptions(), last="bufferize")
    return tuple(_dispatches(module, function))


def _dispatches(module: ModuleOp, function: str) -> Iterator[Dispatch]:
    (host,) = [op for op in module.ops if isinstance(op, func.FuncOp) and op.sym_name.data == function]
    for op in host.walk():
        if isinstance(op, hal.DispatchOp):
            places = [_place(value) for value in op.bindings]
            known = tuple(place for place in places if place is not None)
            if len(known) == len(places):
                yield Dispatch(op.executable.string_value(), known)


def _place(value: SSAValue) -> Place | None:
    owner = value.owner
    if isinstance(owner, hal.SubspanOp):
        offset = constant_value(owner.offset)
        return None if offset is None else Place(owner.region.data, owner.index.value.data, offset)
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr):
        return Place("number", 0, owner.value.value.data)
    return None


class DispatchRunner:
    """A program function taken apart: its dispatches run through their entry points, in order, each with its time."""

    def __init__(
        self, program: zellige.Program, function: str, dispatches: Sequence[Dispatch], arguments: Sequence[Array]
    ) -> None:
        info = program[function].info
        device = program.device
        self._arguments = [device.array(value) for value in arguments]
        self._results = [device.array(value) for value in results_of(program[function](*arguments))]
        self._slab = device.empty(info.slab_bytes, np.uint8)
        base = {
            "slab": [self._slab.address],
            "argument": [buffer.address for buffer in self._arguments],
            "result": [buffer.address for buffer in self._results],
            "constant": [program.info.constant_base],
            "number": [0],
        }
        self._steps: list[tuple[Any, int, list[tuple[int, ...]]]] = []
        self._states: list[Any] = []
        for dispatch in dispatches:
            entry = program.entry_points[dispatch.executable]
            addresses = [base[place.region][place.index] + place.offset for place in dispatch.bindings]
            state = b"".join((address % 2**64).to_bytes(STATE_SLOT_BYTES, "little") for address in addresses)
            block = device.array(np.frombuffer(state or bytes(STATE_SLOT_BYTES), np.uint8))
            self._states.append(block)
            groups = [group[::-1] for group in product(*map(range, (entry.workgroups or ())[::-1]))]
            self._steps.append((entry.call_unchecked, block.address, groups))

    @property
    def results(self) -> tuple[Array, ...]:
        """What the last run left in the results; no copies."""
        return tuple(buffer.numpy() for buffer in self._results)

    def __call__(self) -> list[float]:
        """Seconds of each dispatch, in a run of all of them."""
        times: list[float] = []
        for call, state, groups in self._steps:
            start = time.thread_time()
            for x, y, z in groups:
                call(state, x, y, z)
            times.append(time.thread_time() - start)
        return times


def results_of(returned: object) -> tuple[Array, ...]:
    """The results of a call, also where there is one only."""
    values = cast("tuple[Array, ...]", returned) if isinstance(returned, tuple) else (returned,)
    return tuple(map(np.asarray, values))
