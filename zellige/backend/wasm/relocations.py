"""Values of relocations: the index or address that each symbol has in the module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zellige.backend.wasm.access import Access
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.layout import Layout
from zellige.backend.wasm.objects import ObjectFile, Relocation
from zellige.backend.wasm.relocation_kinds import (
    MEMORY_ADDR_LEB,
    MEMORY_ADDR_LOCREL_I32,
    TABLE_INDEX_I32,
    TABLE_INDEX_SLEB,
)
from zellige.backend.wasm.resolve import (
    CONSTANTS,
    STACK_POINTER,
    Absent,
    Address,
    Function,
    LinkerSymbol,
    Resolver,
    Segment,
    Variable,
)
from zellige.backend.wasm.rewrite import Patch
from zellige.backend.wasm.types import FunctionType


@dataclass(frozen=True)
class Placement:
    """Where everything that is live has come to be.

    Positions in the function table start at 1: 0 is the null pointer.
    """

    layout: Layout
    functions: Mapping[Function, int]
    table: Mapping[Function, int]
    variables: Mapping[Variable | str, int]
    segments: Mapping[Segment, int]
    types: Mapping[FunctionType, int]


@dataclass(frozen=True)
class Relocator:
    """Relocations of all objects under one placement."""

    objects: Sequence[ObjectFile]
    resolver: Resolver
    placement: Placement

    def patches(self, function: Function) -> dict[int, Patch]:
        """What to put where in a function's body. Raises `LinkError` for an address that its field cannot hold."""
        relocations = self.objects[function.object].code_relocations[function.index]
        return {r.offset: Patch(r.kind, self._value(function.object, r)) for r in relocations}

    def data(self, segment: Segment) -> bytes | memoryview:
        """The bytes of a data segment with its relocations filled in."""
        file = self.objects[segment.object]
        content = file.module.data_segments[segment.index].content
        relocations = file.data_relocations[segment.index]
        if not relocations:
            return content
        filled = bytearray(content)
        for relocation in relocations:
            value = self._value(segment.object, relocation)
            if isinstance(value, Access) or relocation.kind.field != "i32":
                raise self._error(segment.object, relocation, f"relocation {relocation.kind.name} is in data")
            if relocation.kind == MEMORY_ADDR_LOCREL_I32:
                value -= self.placement.segments[segment] + relocation.offset
            filled[relocation.offset : relocation.offset + 4] = (value & 0xFFFFFFFF).to_bytes(4, "little")
        return bytes(filled)

    def _value(self, position: int, relocation: Relocation) -> int | Access:
        if relocation.kind.target == "type":
            return self.placement.types[self.objects[position].module.types[relocation.index]]
        match self.resolver.target(position, relocation.index):
            case Function() as function:
                if relocation.kind in {TABLE_INDEX_SLEB, TABLE_INDEX_I32}:
                    return self.placement.table[function]
                if relocation.kind.has_addend:
                    raise self._error(
                        position, relocation, f"relocation {relocation.kind.name} is for debug information"
                    )
                return self.placement.functions[function]
            case Access() as access:
                return self._checked_access(position, relocation, access)
            case Variable() as variable:
                return self.placement.variables[variable]
            case Address(segment, offset):
                return self._address(position, relocation, self.placement.segments[segment] + offset)
            case Absent():
                return self._address(position, relocation, 0)
            case LinkerSymbol(name):
                if relocation.kind.target == "data":
                    return self._address(position, relocation, self._linker_address(name))
                return self.placement.variables[STACK_POINTER] if name == STACK_POINTER else 0

    def _linker_address(self, name: str) -> int:
        layout = self.placement.layout
        if name == CONSTANTS:
            return layout.constant_base
        return layout.data.end if name == "__data_end" else layout.local_end

    def _address(self, position: int, relocation: Relocation, base: int) -> int:
        value = base + relocation.addend
        if relocation.kind == MEMORY_ADDR_LEB:
            if not 0 <= value < 1 << 32:
                raise self._error(position, relocation, f"a memory offset must be 0..{(1 << 32) - 1}, got {value}")
            return value
        if not -1 << 31 <= value < 1 << 32:
            raise self._error(position, relocation, f"an address must have 32 bits, got {value}")
        return value - (1 << 32) if value >= 1 << 31 else value

    def _checked_access(self, position: int, relocation: Relocation, access: Access) -> Access:
        layout = self.placement.layout
        memories = len(layout.memories)
        for memory in access.memories:
            if memory >= memories:
                text = f"there is no memory {memory}, profile '{layout.profile}' has {memories}"
                raise self._error(position, relocation, text)
        if memories > 1 and access.written_memory == layout.constant_memory:
            raise self._error(position, relocation, "the constant memory is never stored to")
        return access

    def _error(self, position: int, relocation: Relocation, message: str) -> LinkError:
        file = self.objects[position]
        name = file.symbols[relocation.index].name
        return LinkError(f"'{name}': {message}", object_name=file.name, symbol=name)
