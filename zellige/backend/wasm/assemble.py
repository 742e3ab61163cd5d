"""The pieces of a linked module -> its sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zellige.artifact import CONSTANT_EXPORT, MemoryInfo
from zellige.backend.wasm.instructions import encode
from zellige.backend.wasm.layout import Layout
from zellige.backend.wasm.leb128 import encode_unsigned
from zellige.backend.wasm.opcodes import OPCODE_OF_NAME
from zellige.backend.wasm.sections import (
    Code,
    CodeSection,
    Content,
    DataSection,
    DataSegment,
    ElementSection,
    ElementSegment,
    Export,
    ExportSection,
    FunctionSection,
    Global,
    GlobalSection,
    Import,
    ImportSection,
    MemorySection,
    Module,
    Section,
    StartSection,
    TableSection,
    TypeSection,
)
from zellige.backend.wasm.types import MAX_PAGES, FunctionType, Limits, MemoryType, TableType

IMPORT_MODULE = "zellige"


@dataclass(frozen=True)
class ConstantSegment:
    """Bytes at an offset in the constant region: the module's, then so many that the host writes."""

    offset: int
    content: Content = b""
    reserved_bytes: int = 0

    @property
    def end(self) -> int:
        return self.offset + len(self.content) + self.reserved_bytes


@dataclass(frozen=True)
class Assembly:
    """Final bodies and indices. `table` are the functions of the function table from position 1 on; `start` are the
    functions to call when the module starts; `data` is the beginning of the region of local data.
    """

    layout: Layout
    types: Mapping[FunctionType, int]
    function_types: tuple[FunctionType, ...]
    bodies: tuple[bytes, ...]
    globals: tuple[Global, ...]
    table: tuple[int, ...]
    has_table: bool
    exports: Mapping[str, int]
    start: tuple[int, ...]
    data: bytes
    constants: tuple[ConstantSegment, ...]


def constant_i32(value: int) -> bytes:
    """A constant expression; the upper half of the addresses are negative numbers."""
    signed = value - (1 << 32) if value >= 1 << 31 else value
    return encode(OPCODE_OF_NAME["i32.const"], signed) + encode(OPCODE_OF_NAME["end"])


def assemble(parts: Assembly) -> Module:
    """All sections that have something in them, without the custom ones."""
    return Module(tuple(_sections(parts)))


def _sections(parts: Assembly) -> Iterator[Section]:
    types = dict(parts.types)
    function_types = list(parts.function_types)
    bodies = list(parts.bodies)
    if parts.start:
        types.setdefault(FunctionType((), ()), len(types))
        function_types.append(FunctionType((), ()))
        bodies.append(_calls(parts.start))
    if types:
        yield TypeSection(tuple(types))
    memories = parts.layout.memories
    yield ImportSection(
        tuple(Import(IMPORT_MODULE, m.name, _imported_memory(m, parts)) for m in memories if m.imported)
    )
    if function_types:
        yield FunctionSection(tuple(types[function_type] for function_type in function_types))
    size = len(parts.table) + 1
    if parts.has_table:
        yield TableSection((TableType("funcref", Limits(size, size)),))
    defined = tuple(MemoryType(Limits(m.min_pages, m.min_pages)) for m in memories if not m.imported)
    if defined:
        yield MemorySection(defined)
    if parts.globals:
        yield GlobalSection(parts.globals)
    exports = [Export(name, "function", index) for name, index in parts.exports.items()]
    if parts.layout.constant_memory and any(constant.reserved_bytes for constant in parts.constants):
        exports.append(Export(CONSTANT_EXPORT, "memory", parts.layout.constant_memory))
    if exports:
        yield ExportSection(tuple(exports))
    if parts.start:
        yield StartSection(len(bodies) - 1)
    if parts.table:
        yield ElementSection((ElementSegment(0, 0, constant_i32(1), "funcref", parts.table, ()),))
    if bodies:
        yield CodeSection(tuple(Code(body) for body in bodies))
    segments = tuple(_data_segments(parts))
    if segments:
        yield DataSection(segments)


def _imported_memory(memory: MemoryInfo, parts: Assembly) -> MemoryType:
    """A greatest size only where threads may share the memory: without one, a host may give any memory."""
    return MemoryType(Limits(memory.min_pages, MAX_PAGES if parts.layout.profile == "full" else None))


def _calls(functions: tuple[int, ...]) -> bytes:
    call, end = OPCODE_OF_NAME["call"], OPCODE_OF_NAME["end"]
    return encode_unsigned(0) + b"".join(encode(call, function) for function in functions) + encode(end)


def _data_segments(parts: Assembly) -> Iterator[DataSegment]:
    layout = parts.layout
    for constant in parts.constants:
        if len(constant.content):
            yield _data_segment(layout.constant_memory, layout.constants.base + constant.offset, constant.content)
    if parts.data:
        yield _data_segment(layout.local_memory, layout.data.base, parts.data)


def _data_segment(memory: int, address: int, content: Content) -> DataSegment:
    return DataSegment(2 if memory else 0, memory, constant_i32(address), content)
