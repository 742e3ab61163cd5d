"""`Module` -> bytes.

Sections are written in the order given, whatever it is: that a module makes sense is `validate`'s. Large contents are
handed on as views and copied once, when the bytes are joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.leb128 import encode_padded, encode_unsigned
from zellige.backend.wasm.reader import HEADER
from zellige.backend.wasm.sections import (
    EXTERNAL_KINDS,
    CodeSection,
    Content,
    CustomSection,
    DataCountSection,
    DataSection,
    DataSegment,
    ElementSection,
    ElementSegment,
    ExportSection,
    FunctionSection,
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
    BYTE_OF_VALUE_TYPE,
    FunctionType,
    GlobalType,
    Limits,
    MemoryType,
    TableType,
)

MAX_SECTION_BYTES = (1 << 32) - 1


def write(module: Module) -> bytes:
    """The bytes of a module. Raises `LinkError` for a section of more than 4 GiB, which the format cannot hold."""
    chunks: list[Content] = [HEADER]
    for section in module.sections:
        content = list(_content(section))
        size = sum(map(len, content))
        if size > MAX_SECTION_BYTES:
            raise LinkError(f"section {section.id} needs {size} bytes, a section has at most {MAX_SECTION_BYTES}")
        width = section.size_width
        chunks += (bytes((section.id,)), encode_padded(size, width) if width else encode_unsigned(size))
        chunks += content
    return b"".join(chunks)


def name_bytes(name: str) -> bytes:
    """A name with its length, as all sections have it."""
    encoded = name.encode()
    return encode_unsigned(len(encoded)) + encoded


def vector(items: Iterable[bytes]) -> bytes:
    """Encoded items with their count."""
    encoded = list(items)
    return encode_unsigned(len(encoded)) + b"".join(encoded)


def _content(section: Section) -> Iterator[Content]:
    match section:
        case TypeSection(types):
            yield vector(_function_type(t) for t in types)
        case ImportSection(imports):
            yield vector(_import(i) for i in imports)
        case FunctionSection(type_indices):
            yield vector(encode_unsigned(index) for index in type_indices)
        case TableSection(tables):
            yield vector(_table_type(t) for t in tables)
        case MemorySection(memories):
            yield vector(_limits(m.limits) for m in memories)
        case GlobalSection(variables):
            yield vector(_global_type(g.type) + g.init for g in variables)
        case ExportSection(exports):
            yield vector(
                name_bytes(e.name) + bytes((EXTERNAL_KINDS.index(e.kind),)) + encode_unsigned(e.index) for e in exports
            )
        case StartSection(function):
            yield encode_unsigned(function)
        case ElementSection(segments):
            yield vector(_element_segment(s) for s in segments)
        case DataCountSection(count):
            yield encode_unsigned(count)
        case CodeSection(bodies):
            yield encode_unsigned(len(bodies))
            for code in bodies:
                yield encode_unsigned(len(code.body))
                yield code.body
        case DataSection(segments):
            yield encode_unsigned(len(segments))
            for segment in segments:
                yield _data_segment_header(segment)
                yield segment.content
        case CustomSection(name, content):
            yield name_bytes(name)
            yield content
        case _:
            raise AssertionError(type(section))


def _value_type(value_type: str) -> bytes:
    return bytes((BYTE_OF_VALUE_TYPE[value_type],))


def _function_type(function_type: FunctionType) -> bytes:
    return b"\x60" + vector(map(_value_type, function_type.params)) + vector(map(_value_type, function_type.results))


def _limits(limits: Limits) -> bytes:
    flags = (limits.maximum is not None) | limits.shared << 1
    maximum = b"" if limits.maximum is None else encode_unsigned(limits.maximum)
    return bytes((flags,)) + encode_unsigned(limits.minimum) + maximum


def _table_type(table: TableType) -> bytes:
    return _value_type(table.element) + _limits(table.limits)


def _global_type(global_type: GlobalType) -> bytes:
    return _value_type(global_type.value_type) + bytes((global_type.mutable,))


def _import(entry: Import) -> bytes:
    names = name_bytes(entry.module) + name_bytes(entry.name)
    match entry.type:
        case int(type_index):
            return names + b"\0" + encode_unsigned(type_index)
        case TableType():
            return names + b"\1" + _table_type(entry.type)
        case MemoryType():
            return names + b"\2" + _limits(entry.type.limits)
        case GlobalType():
            return names + b"\3" + _global_type(entry.type)


def _element_segment(segment: ElementSegment) -> bytes:
    flags = segment.flags
    parts = [encode_unsigned(flags)]
    if not flags & 1:
        if flags & 2:
            parts.append(encode_unsigned(segment.table))
        parts.append(segment.offset)
    if flags & 3:
        parts.append(_value_type(segment.element) if flags & 4 else b"\0")
    parts.append(vector(segment.expressions) if flags & 4 else vector(map(encode_unsigned, segment.functions)))
    return b"".join(parts)


def _data_segment_header(segment: DataSegment) -> bytes:
    memory = encode_unsigned(segment.memory) if segment.flags == 2 else b""
    return encode_unsigned(segment.flags) + memory + segment.offset + encode_unsigned(len(segment.content))
