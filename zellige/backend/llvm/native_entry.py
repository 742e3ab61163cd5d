"""The function through which a host calls a kernel's native code, as LLVM IR text.

It has the type of a wasmtime callback. Its first value becomes 1, or 0 where the portable body has to run: when a range
does not fit its memory, a written range meets another one, an address is not aligned, or a workgroup does not exist
(`docs/design/builtins.md`, "The call").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

ENTRY = "zellige.entry"
"""Name of the function."""

_SCRATCH_ALIGNMENT_BYTES = 64
_VALUE_BYTES = 16
_PAGE_BITS = 16
_BASE_OFFSETS = {"device": 0, "constant": 8}
_SCRATCH_OFFSET = 16
_WASM_TYPES = {"i64": "i64", "float": "f32", "double": "f64"}


@dataclass(frozen=True)
class Buffer:
    """A parameter that is an address of the memory: the `size_bytes` from there on are read, written or both.

    Two buffers that may alias may be the same bytes if their `dtype` and size are the same.
    """

    memory: Literal["device", "constant"]
    size_bytes: int
    alignment: int
    dtype: str
    is_read: bool
    is_written: bool
    may_alias: bool

    @property
    def access(self) -> Literal["r", "w", "rw"]:
        return "rw" if self.is_read and self.is_written else "w" if self.is_written else "r"


@dataclass(frozen=True)
class Scalar:
    """A parameter that is passed on. `type` is LLVM's: `i32`, `float`, …"""

    type: str


@dataclass(frozen=True)
class KernelSignature:
    """The kernel `@name`: its parameters before x, y and z, the workgroups in each, and the bytes of its local buffers.

    `has_constant_memory` says whether the module has one; otherwise constants are in device memory.
    """

    name: str
    parameters: tuple[Buffer | Scalar, ...]
    workgroups: tuple[int, int, int]
    local_buffers: tuple[int, ...]
    has_constant_memory: bool

    @property
    def buffers(self) -> tuple[tuple[int, Buffer], ...]:
        """Number and buffer of each parameter that is one."""
        return tuple((number, p) for number, p in enumerate(self.parameters) if isinstance(p, Buffer))

    @property
    def wasm_parameters(self) -> tuple[str, ...]:
        """The value types of the portable body's parameters: addresses and narrow integers are an i32."""
        types = ("i32" if isinstance(p, Buffer) else _WASM_TYPES.get(p.type, "i32") for p in self.parameters)
        return (*types, "i32", "i32", "i32")

    @property
    def scratch_offsets(self) -> tuple[int, ...]:
        """Where each local buffer begins in the scratch memory, and at last where the memory ends."""
        offsets = [0]
        for size in self.local_buffers:
            offsets.append(offsets[-1] + size + -size % _SCRATCH_ALIGNMENT_BYTES)
        return tuple(offsets)

    def memory_of(self, buffer: Buffer) -> str:
        """The memory that the module has for a buffer."""
        return buffer.memory if self.has_constant_memory else "device"


def entry_text(signature: KernelSignature) -> str:
    """The function `@zellige.entry`, for the module of LLVM IR that defines the kernel."""
    return _Entry(signature).text()


class _Entry:
    """The lines of the function, as they grow."""

    def __init__(self, signature: KernelSignature) -> None:
        self._signature = signature
        self._lines: list[str] = []
        self._values = 0

    def text(self) -> str:
        signature = self._signature
        first_size = len(signature.parameters) + 3
        ids = [self._argument(first_size - 3 + dimension, "i32") for dimension in range(3)]
        parameters = [self._parameter(number, p) for number, p in enumerate(signature.parameters)]
        pages = {"device": first_size, "constant": first_size + 1}
        used = {signature.memory_of(buffer): None for _, buffer in signature.buffers}
        ends = {memory: self._end(self._argument(pages[memory], "i32")) for memory in used}
        fits = self._all(self._checks(ids, parameters, ends))
        self._lines += [f"  br i1 {fits}, label %run, label %decline", "run:"]
        bases = {memory: self._let(f"load ptr, ptr {self._moved('%env', _BASE_OFFSETS[memory])}") for memory in used}
        passed = [self._passed(p, parameters[number], bases) for number, p in enumerate(signature.parameters)]
        passed += [f"i32 {number}" for number in ids]
        if signature.local_buffers:
            scratch = self._let(f"load ptr, ptr {self._moved('%env', _SCRATCH_OFFSET)}")
            passed += [f"ptr {self._moved(scratch, offset)}" for offset in signature.scratch_offsets[:-1]]
        return "\n".join(
            (
                f"define ptr @{ENTRY}(ptr %env, ptr %caller, ptr %values, i64 %count) nounwind {{",
                *self._lines,
                f"  call void @{signature.name}({', '.join(passed)})",
                "  store i32 1, ptr %values",
                "  ret ptr null",
                "decline:",
                "  store i32 0, ptr %values",
                "  ret ptr null",
                "}",
                "",
            )
        )

    def _let(self, text: str) -> str:
        """A new value."""
        name = f"%e{self._values}"
        self._values += 1
        self._lines.append(f"  {name} = {text}")
        return name

    def _moved(self, pointer: str, count: int) -> str:
        return self._let(f"getelementptr i8, ptr {pointer}, i64 {count}")

    def _argument(self, number: int, type_: str) -> str:
        return self._let(f"load {type_}, ptr {self._moved('%values', number * _VALUE_BYTES)}")

    def _parameter(self, number: int, parameter: Buffer | Scalar) -> str:
        """A scalar, or an address as a number of 64 bits. Narrow integers travel as an i32."""
        if isinstance(parameter, Buffer):
            return self._let(f"zext i32 {self._argument(number, 'i32')} to i64")
        if parameter.type in ("i1", "i8", "i16"):
            return self._let(f"trunc i32 {self._argument(number, 'i32')} to {parameter.type}")
        return self._argument(number, parameter.type)

    def _end(self, pages: str) -> str:
        wide = self._let(f"zext i32 {pages} to i64")
        return self._let(f"shl i64 {wide}, {_PAGE_BITS}")

    def _passed(self, parameter: Buffer | Scalar, value: str, bases: dict[str, str]) -> str:
        if isinstance(parameter, Scalar):
            return f"{parameter.type} {value}"
        base = bases[self._signature.memory_of(parameter)]
        return f"ptr {self._let(f'getelementptr i8, ptr {base}, i64 {value}')}"

    def _checks(self, ids: list[str], parameters: list[str], ends: dict[str, str]) -> Iterator[str]:
        """Truth values that all have to be true."""
        for number, count in zip(ids, self._signature.workgroups, strict=True):
            yield self._let(f"icmp ult i32 {number}, {count}")
        for number, buffer in self._signature.buffers:
            end = self._let(f"add i64 {parameters[number]}, {buffer.size_bytes}")
            yield self._let(f"icmp ule i64 {end}, {ends[self._signature.memory_of(buffer)]}")
            if buffer.alignment > 1:
                rest = self._let(f"and i64 {parameters[number]}, {buffer.alignment - 1}")
                yield self._let(f"icmp eq i64 {rest}, 0")
        for (left, one), (right, other) in combinations(self._signature.buffers, 2):
            same_memory = self._signature.memory_of(one) == self._signature.memory_of(other)
            if same_memory and (one.is_written or other.is_written):
                yield self._apart(parameters[left], one, parameters[right], other)

    def _apart(self, left: str, one: Buffer, right: str, other: Buffer) -> str:
        """Whether two ranges share no byte, or may be and are the same."""
        one_end = self._let(f"add i64 {left}, {one.size_bytes}")
        other_end = self._let(f"add i64 {right}, {other.size_bytes}")
        before = self._let(f"icmp ule i64 {one_end}, {right}")
        after = self._let(f"icmp ule i64 {other_end}, {left}")
        apart = self._let(f"or i1 {before}, {after}")
        if not (one.may_alias and other.may_alias and (one.dtype, one.size_bytes) == (other.dtype, other.size_bytes)):
            return apart
        same = self._let(f"icmp eq i64 {left}, {right}")
        return self._let(f"or i1 {apart}, {same}")

    def _all(self, checks: Iterator[str]) -> str:
        result = "true"
        for check in checks:
            result = self._let(f"and i1 {result}, {check}")
        return result
