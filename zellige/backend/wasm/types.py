"""The types of the binary format: values, functions, limits, memory arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

VALUE_TYPE_OF_BYTE: Mapping[int, str] = MappingProxyType(
    {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128", 0x70: "funcref", 0x6F: "externref"}
)
BYTE_OF_VALUE_TYPE: Mapping[str, int] = MappingProxyType({name: code for code, name in VALUE_TYPE_OF_BYTE.items()})
REFERENCE_TYPES = frozenset({"funcref", "externref"})

PAGE_BYTES = 65536
MAX_PAGES = 65536


class MemArg(NamedTuple):
    """The memory argument of a load or store: log2 of the alignment, the memory's index, the constant offset."""

    align: int
    memory: int
    offset: int

    def __str__(self) -> str:
        return f"memory={self.memory} offset={self.offset} align={1 << self.align}"


@dataclass(frozen=True)
class FunctionType:
    """Value types in and out."""

    params: tuple[str, ...]
    results: tuple[str, ...]

    def __str__(self) -> str:
        return f"({', '.join(self.params)}) -> ({', '.join(self.results)})"


@dataclass(frozen=True)
class Limits:
    """Least and greatest size: pages of a memory, elements of a table."""

    minimum: int
    maximum: int | None = None
    shared: bool = False


@dataclass(frozen=True)
class MemoryType:
    """A memory, in pages of 64 KiB."""

    limits: Limits


@dataclass(frozen=True)
class TableType:
    """A table of references."""

    element: str
    limits: Limits


@dataclass(frozen=True)
class GlobalType:
    """A global's value type, and whether it may be set."""

    value_type: str
    mutable: bool

    def __str__(self) -> str:
        return f"(mut {self.value_type})" if self.mutable else self.value_type
