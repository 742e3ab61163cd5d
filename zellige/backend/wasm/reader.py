"""Bytes -> `Module`.

Checks the form only: each number, name, count and opcode of a constant expression. Bodies of functions stay bytes.
What the form cannot say (indices, types) is `validate`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from zellige.backend.wasm.cursor import Cursor
from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.instructions import instructions
from zellige.backend.wasm.sections import (
    EXTERNAL_KINDS,
    Code,
    CodeSection,
    CustomSection,
    DataCountSection,
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
from zellige.backend.wasm.types import (
    REFERENCE_TYPES,
    VALUE_TYPE_OF_BYTE,
    FunctionType,
    GlobalType,
    Limits,
    MemoryType,
    TableType,
)

HEADER = b"\0asm\1\0\0\0"

_ORDER = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11)
"""Section ids as they must follow each other; custom sections stand anywhere."""


def read(data: bytes) -> Module:
    """Read a module or a relocatable object. Raises `WasmFormatError` with the offset of the first bad byte."""
    if data[: len(HEADER)] != HEADER:
        raise WasmFormatError(
            f"expected the header of a WebAssembly module, got {data[: len(HEADER)].hex() or 'no bytes'}", 0
        )
    cursor = Cursor(data, len(HEADER))
    sections: list[Section] = []
    last = -1
    while not cursor.at_end:
        start = cursor.position
        code = cursor.byte()
        size_start = cursor.position
        size = cursor.u32()
        width = cursor.position - size_start
        content = cursor.sub(size)
        if code == 0:
            section = _custom(content, width)
        elif code in _READ:
            order = _ORDER.index(code)
            if order <= last:
                raise WasmFormatError(f"section {code} is out of order or there twice", start)
            last = order
            section = _READ[code](content, width)
        else:
            raise WasmFormatError(f"unknown section {code}", start)
        content.expect_end(f"section {code}")
        sections.append(section)
    return Module(tuple(sections))


def _value_type(cursor: Cursor) -> str:
    start = cursor.position
    code = cursor.byte()
    if code not in VALUE_TYPE_OF_BYTE:
        raise WasmFormatError(f"expected a value type, got {code:#04x}", start)
    return VALUE_TYPE_OF_BYTE[code]


def _reference_type(cursor: Cursor) -> str:
    start = cursor.position
    value_type = _value_type(cursor)
    if value_type not in REFERENCE_TYPES:
        raise WasmFormatError(f"expected a reference type, got {value_type}", start)
    return value_type


def _flag(cursor: Cursor) -> bool:
    start = cursor.position
    value = cursor.byte()
    if value > 1:
        raise WasmFormatError(f"expected 0 or 1, got {value}", start)
    return value == 1


def _limits(cursor: Cursor) -> Limits:
    start = cursor.position
    flags = cursor.byte()
    if flags & 4:
        raise WasmFormatError("64-bit memories and tables are not supported", start)
    if flags > 3:
        raise WasmFormatError(f"expected the flags of limits, got {flags:#04x}", start)
    minimum = cursor.u32()
    maximum = cursor.u32() if flags & 1 else None
    return Limits(minimum, maximum, shared=bool(flags & 2))


def _table_type(cursor: Cursor) -> TableType:
    element = _reference_type(cursor)
    start = cursor.position
    limits = _limits(cursor)
    if limits.shared:
        raise WasmFormatError("a table cannot be shared", start)
    return TableType(element, limits)


def _memory_type(cursor: Cursor) -> MemoryType:
    return MemoryType(_limits(cursor))


def _global_type(cursor: Cursor) -> GlobalType:
    return GlobalType(_value_type(cursor), _flag(cursor))


def _constant_expression(cursor: Cursor) -> bytes:
    """Up to and with the `end`; no instruction that is allowed here nests."""
    start = cursor.position
    for instruction in instructions(cursor.data, start):
        if instruction.end > cursor.end:
            break
        if instruction.name == "end":
            return cursor.take(instruction.end - start)
        if instruction.opcode.immediates[:1] in {("blocktype",), ("label",), ("labels",)}:
            raise WasmFormatError(f"'{instruction.name}' is no constant", instruction.offset)
    raise WasmFormatError("unexpected end inside a constant expression", start)


def _function_type(cursor: Cursor) -> FunctionType:
    start = cursor.position
    form = cursor.byte()
    if form != 0x60:
        raise WasmFormatError(f"expected a function type (0x60), got {form:#04x}", start)
    params = cursor.many(lambda: _value_type(cursor))
    return FunctionType(params, cursor.many(lambda: _value_type(cursor)))


def _import(cursor: Cursor) -> Import:
    module, name = cursor.name(), cursor.name()
    start = cursor.position
    match cursor.byte():
        case 0:
            return Import(module, name, cursor.u32())
        case 1:
            return Import(module, name, _table_type(cursor))
        case 2:
            return Import(module, name, _memory_type(cursor))
        case 3:
            return Import(module, name, _global_type(cursor))
        case kind:
            raise WasmFormatError(f"unknown kind of import {kind}", start)


def _export(cursor: Cursor) -> Export:
    name = cursor.name()
    start = cursor.position
    kind = cursor.byte()
    if kind >= len(EXTERNAL_KINDS):
        raise WasmFormatError(f"unknown kind of export {kind}", start)
    return Export(name, EXTERNAL_KINDS[kind], cursor.u32())


def _element_segment(cursor: Cursor) -> ElementSegment:
    start = cursor.position
    flags = cursor.u32()
    if flags > 7:
        raise WasmFormatError(f"unknown form of element segment {flags}", start)
    has_offset, has_expressions = not flags & 1, bool(flags & 4)
    table = cursor.u32() if has_offset and flags & 2 else 0
    offset = _constant_expression(cursor) if has_offset else b""
    element = "funcref"
    if flags & 3:
        if has_expressions:
            element = _reference_type(cursor)
        else:
            kind_start = cursor.position
            kind = cursor.byte()
            if kind:
                raise WasmFormatError(f"unknown kind of element {kind}", kind_start)
    if has_expressions:
        return ElementSegment(flags, table, offset, element, (), cursor.many(lambda: _constant_expression(cursor)))
    return ElementSegment(flags, table, offset, element, cursor.many(cursor.u32), ())


def _data_segment(cursor: Cursor, section_start: int) -> DataSegment:
    start = cursor.position
    flags = cursor.u32()
    if flags > 2:
        raise WasmFormatError(f"unknown form of data segment {flags}", start)
    memory = cursor.u32() if flags == 2 else 0
    offset = b"" if flags == 1 else _constant_expression(cursor)
    content = cursor.view(cursor.u32())
    return DataSegment(flags, memory, offset, content, cursor.position - len(content) - section_start)


def _code(cursor: Cursor, section_start: int) -> Code:
    size = cursor.u32()
    position = cursor.position - section_start
    return Code(cursor.take(size), position)


def _custom(cursor: Cursor, width: int) -> CustomSection:
    name = cursor.name()
    position = cursor.position
    return CustomSection(name, cursor.view(cursor.end - position), position, size_width=width)


def _type_section(c: Cursor, width: int) -> TypeSection:
    return TypeSection(c.many(lambda: _function_type(c), 3), size_width=width)


def _import_section(c: Cursor, width: int) -> ImportSection:
    return ImportSection(c.many(lambda: _import(c), 4), size_width=width)


def _function_section(c: Cursor, width: int) -> FunctionSection:
    return FunctionSection(c.many(c.u32), size_width=width)


def _table_section(c: Cursor, width: int) -> TableSection:
    return TableSection(c.many(lambda: _table_type(c), 3), size_width=width)


def _memory_section(c: Cursor, width: int) -> MemorySection:
    return MemorySection(c.many(lambda: _memory_type(c), 2), size_width=width)


def _global_section(c: Cursor, width: int) -> GlobalSection:
    return GlobalSection(c.many(lambda: Global(_global_type(c), _constant_expression(c)), 3), size_width=width)


def _export_section(c: Cursor, width: int) -> ExportSection:
    return ExportSection(c.many(lambda: _export(c), 3), size_width=width)


def _start_section(c: Cursor, width: int) -> StartSection:
    return StartSection(c.u32(), size_width=width)


def _element_section(c: Cursor, width: int) -> ElementSection:
    return ElementSection(c.many(lambda: _element_segment(c), 2), size_width=width)


def _data_count_section(c: Cursor, width: int) -> DataCountSection:
    return DataCountSection(c.u32(), size_width=width)


def _code_section(c: Cursor, width: int) -> CodeSection:
    start = c.position
    return CodeSection(c.many(lambda: _code(c, start)), size_width=width)


def _data_section(c: Cursor, width: int) -> DataSection:
    start = c.position
    return DataSection(c.many(lambda: _data_segment(c, start), 2), size_width=width)


_READ: Mapping[int, Callable[[Cursor, int], Section]] = MappingProxyType(
    {
        1: _type_section,
        2: _import_section,
        3: _function_section,
        4: _table_section,
        5: _memory_section,
        6: _global_section,
        7: _export_section,
        8: _start_section,
        9: _element_section,
        10: _code_section,
        11: _data_section,
        12: _data_count_section,
    }
)
