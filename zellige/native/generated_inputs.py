"""Inputs on which two forms of a kernel are compared: numbers of several kinds, pointers, workgroups.

Everything follows from the seed, the kernel's name and its description.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from zellige.artifact import STATE_SLOT_BYTES, BindingInfo, EntryPointInfo
from zellige.element_types import NUMPY_DTYPES

Array = npt.NDArray[Any]
Workgroup = tuple[int, int, int]

KINDS = ("normal", "special", "positive", "small", "large", "bits")
"""Kinds of numbers: standard normal; with NaN, infinities, denormals, signed zeros and extremes among them; 0.5 to 1;
far below and far above 1; any bits. Integers: full range, extremes, small ones."""

GUARD_BYTES = 512
ADDRESSES = 1 << 32
_POOL_ELEMENTS = (1 << 16) + 1
_ALIGNMENT = 64


@dataclass(frozen=True)
class Effort:
    """How many inputs a kernel gets: about `calls` of workgroups on numbers, and `pointer_cases` with odd pointers.

    Both are cut where the bytes that all calls touch, or all fills of the memory, would pass `limit_bytes`.
    """

    calls: int
    pointer_cases: int
    limit_bytes: int = 1 << 29

    def rounds(self, layout: Layout, workgroups: int) -> tuple[int, int]:
        """How often the memory is filled, and how many workgroups run on each content."""
        share_bytes = max(1, layout.size_bytes // workgroups)
        calls = max(2, min(self.calls, self.limit_bytes // share_bytes))
        rounds = max(len(KINDS), calls // 32, calls // workgroups)
        rounds = max(2, min(rounds, calls, self.limit_bytes // layout.size_bytes))
        return rounds, min(workgroups, -(-calls // rounds))


SAMPLE = Effort(calls=4, pointer_cases=2, limit_bytes=1 << 26)
"""What a load can afford for each kernel."""

WHEN_MADE = Effort(calls=64, pointer_cases=8, limit_bytes=1 << 26)
"""What is little beside making a template."""


def thorough(kernels: int) -> Effort:
    """For a database of so many kernels: some thousand inputs in all, and at least a hundred for each."""
    return Effort(calls=max(96, 3000 // max(1, kernels)), pointer_cases=32)


@dataclass(frozen=True)
class Layout:
    """Where the state block and the buffers of a kernel stand in an arena of device memory, with guards around each."""

    offsets: tuple[int, ...]
    size_bytes: int

    @staticmethod
    def of(bindings: Sequence[BindingInfo]) -> Layout:
        """The place of each binding; of one that is not in device memory, 0."""
        end = _aligned(len(bindings) * STATE_SLOT_BYTES)
        offsets: list[int] = []
        for binding in bindings:
            start = end + GUARD_BYTES
            offsets.append(start if binding.kind == "device" else 0)
            if binding.kind == "device":
                end = _aligned(start + binding.size_bytes)
        return Layout(tuple(offsets), end + GUARD_BYTES)


@dataclass(frozen=True)
class Places:
    """The addresses of one program: the arena's, and where device and constant memory end."""

    arena: int
    device_end: int
    constant_base: int
    constant_bytes: int
    constant_end: int


@dataclass(frozen=True)
class Case:
    """One content of memory, what stands in the slots of the state block, and the workgroups that then run."""

    what: str
    content: Array
    slots: tuple[int, ...]
    workgroups: tuple[Workgroup, ...]


class InputGenerator:
    """The cases of one kernel."""

    def __init__(self, info: EntryPointInfo, layout: Layout, places: Places, seed: int) -> None:
        assert info.workgroups is not None, "kernels with dynamic sizes have no templates"
        self._info = info
        self._counts = info.workgroups
        self._layout = layout
        self._places = places
        self._generator = np.random.default_rng([seed, zlib.crc32(info.name.encode())])
        self._pools: dict[tuple[str, str], Array] = {}

    def cases(self, effort: Effort) -> Iterator[Case]:
        """First numbers of all kinds behind proper pointers, then odd pointers and workgroups outside of the grid."""
        x, y, z = self._counts
        total = x * y * z
        rounds, per_round = effort.rounds(self._layout, total)
        for number in range(rounds):
            kind = KINDS[number % len(KINDS)] if number < 2 * len(KINDS) else None
            content, scalars = self._content(kind)
            chosen = self._sample(total, per_round)
            groups = tuple((n % x, n // x % y, n // (x * y)) for n in chosen)
            yield Case(f"{kind or 'mixed'} numbers", content, self._slots(scalars), groups)
        content, scalars = self._content("normal")
        proper = Case("", content, self._slots(scalars), ((0, 0, 0),))
        odd = [*self._odd_pointers(proper), *self._odd_workgroups(proper)]
        kept = self._generator.choice(len(odd), min(len(odd), effort.pointer_cases), replace=False)
        yield from (odd[place] for place in sorted(kept))

    def _sample(self, total: int, count: int) -> list[int]:
        """`count` of `total` numbers, the first and the last among them."""
        inner = self._generator.choice(total - 2, count - 2, replace=False) + 1 if count > 2 else ()
        return sorted({0, total - 1, *(int(n) for n in inner)}) if count > 1 else [0] * min(1, total)

    def _content(self, kind: str | None) -> tuple[Array, dict[int, int]]:
        """The bytes of the arena, and the slots of scalars; without a kind, each binding gets one by lot."""
        content = self._generator.integers(0, 256, GUARD_BYTES, np.uint8)
        content = np.resize(content, self._layout.size_bytes)
        scalars: dict[int, int] = {}
        for index, binding in enumerate(self._info.bindings):
            chosen = kind if kind is not None else KINDS[int(self._generator.integers(len(KINDS)))]
            if binding.kind == "device":
                dtype = NUMPY_DTYPES[binding.dtype]
                offset = self._layout.offsets[index]
                numbers = self._numbers(chosen, dtype, binding.size_bytes // dtype.itemsize)
                content[offset : offset + numbers.nbytes] = numbers.view(np.uint8)
            elif not binding.is_buffer:
                scalar = self._numbers(chosen, NUMPY_DTYPES[binding.kind], 1)
                scalars[index] = int.from_bytes(scalar.tobytes(), "little")
        return content, scalars

    def _numbers(self, kind: str, dtype: np.dtype[Any], count: int) -> Array:
        """Numbers of a pool, from a place in it that is drawn by lot, again and again."""
        key = (kind, dtype.str)
        if key not in self._pools:
            self._pools[key] = pool(kind, dtype, self._generator)
        return np.resize(np.roll(self._pools[key], int(self._generator.integers(_POOL_ELEMENTS))), count)

    def _slots(self, scalars: dict[int, int]) -> tuple[int, ...]:
        slots: list[int] = []
        for index, binding in enumerate(self._info.bindings):
            if binding.kind == "device":
                slots.append(self._places.arena + self._layout.offsets[index])
            elif binding.kind == "constant":
                places = max(0, self._places.constant_bytes - binding.size_bytes) // _ALIGNMENT + 1
                slots.append(self._places.constant_base + _ALIGNMENT * int(self._generator.integers(places)))
            else:
                slots.append(scalars[index])
        return tuple(slots)

    def _odd_pointers(self, proper: Case) -> Iterator[Case]:
        bindings = self._info.bindings
        for index, binding in enumerate(bindings):
            if not binding.is_buffer:
                continue
            step = NUMPY_DTYPES[binding.dtype].itemsize
            own = proper.slots[index]
            end = self._places.device_end if binding.kind == "device" else self._places.constant_end
            yield _with_pointer(proper, index, own + step, f"binding {index} one element further on")
            if step > 1:
                yield _with_pointer(proper, index, own + 1, f"binding {index} not aligned")
            last = max(0, end - binding.size_bytes)
            yield _with_pointer(proper, index, last + step, f"binding {index} one element past the memory")
            yield _with_pointer(proper, index, end, f"binding {index} at the end of the memory")
            yield _with_pointer(proper, index, end + _ALIGNMENT, f"binding {index} past the memory")
            yield _with_pointer(proper, index, ADDRESSES - _ALIGNMENT, f"binding {index} before the end of addresses")
            yield _with_pointer(proper, index, ADDRESSES - step, f"binding {index} at the last address")
            for other, another in enumerate(bindings):
                if other != index and binding.is_written and binding.kind == another.kind:
                    at = proper.slots[other]
                    yield _with_pointer(proper, index, at, f"binding {index} where {other} is")
                    yield _with_pointer(proper, index, at + step, f"binding {index} an element after {other}")
                    yield _with_pointer(proper, index, at - _ALIGNMENT, f"binding {index} before {other}, into it")

    def _odd_workgroups(self, proper: Case) -> Iterator[Case]:
        counts = self._counts
        for dimension, count in enumerate(counts):
            for coordinate in (count, ADDRESSES - 1):
                group = tuple(coordinate if d == dimension else 0 for d in range(3))
                x, y, z = group
                yield replace(proper, what=f"workgroup {group} of {counts}", workgroups=((x, y, z),))


def _with_pointer(case: Case, index: int, address: int, what: str) -> Case:
    slots = (*case.slots[:index], address % ADDRESSES, *case.slots[index + 1 :])
    return replace(case, what=what, slots=slots)


def pool(kind: str, dtype: np.dtype[Any], generator: np.random.Generator) -> Array:
    """Numbers of a kind; truth values are 0 and 1 whatever the kind."""
    if dtype.kind == "b":
        return generator.integers(0, 2, _POOL_ELEMENTS).astype(dtype)
    if kind == "bits":
        return np.frombuffer(generator.bytes(_POOL_ELEMENTS * dtype.itemsize), dtype)
    return _floats(kind, dtype, generator) if dtype.kind == "f" else _integers(kind, dtype, generator)


def _floats(kind: str, dtype: np.dtype[Any], generator: np.random.Generator) -> Array:
    limits = np.finfo(dtype)
    normal = generator.standard_normal(_POOL_ELEMENTS)
    match kind:
        case "positive":
            return (generator.random(_POOL_ELEMENTS) / 2 + 0.5).astype(dtype)
        case "small":
            return np.ldexp(normal, limits.minexp // 2).astype(dtype)
        case "large":
            return np.ldexp(normal, limits.maxexp // 2 - 1).astype(dtype)
        case "special":
            tiny, least = limits.tiny, limits.smallest_subnormal
            chosen = [np.nan, np.inf, 0.0, 1.0, limits.max, tiny, least, tiny - least, limits.eps, 88.7, 0.5]
            special = generator.choice(np.array([*chosen, *(-np.array(chosen))], dtype), _POOL_ELEMENTS)
            return np.where(generator.random(_POOL_ELEMENTS) < 0.125, special, normal.astype(dtype))
        case _:
            return normal.astype(dtype)


def _integers(kind: str, dtype: np.dtype[Any], generator: np.random.Generator) -> Array:
    limits = np.iinfo(dtype)
    if kind == "special":
        extremes = [limits.min, limits.max, limits.min + 1, limits.max - 1, -1, 0, 1]
        return generator.choice(np.array(extremes, dtype), _POOL_ELEMENTS)
    if kind in ("positive", "small"):
        return generator.integers(0 if kind == "positive" else -4, 5, _POOL_ELEMENTS).astype(dtype)
    return generator.integers(limits.min, limits.max, _POOL_ELEMENTS, dtype, endpoint=True)


def _aligned(size_bytes: int) -> int:
    return -(-size_bytes // _ALIGNMENT) * _ALIGNMENT
