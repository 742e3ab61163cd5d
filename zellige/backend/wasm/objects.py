"""Relocatable objects: a module, its symbols, and the places where indices and addresses are still to be filled in.

The format is the `linking` and `reloc.*` custom sections of the WebAssembly tool conventions, version 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from zellige.backend.wasm.cursor import Cursor
from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.relocation_kinds import RELOCATION_KINDS, UNSUPPORTED_RELOCATIONS, RelocationKind
from zellige.backend.wasm.sections import (
    CodeSection,
    CustomSection,
    DataSection,
    Module,
)
from zellige.backend.wasm.types import FunctionType, GlobalType, TableType

LINKING_VERSION = 2

SymbolKind = Literal["function", "data", "global", "section", "table"]
_SYMBOL_KINDS: dict[int, SymbolKind] = {0: "function", 1: "data", 2: "global", 3: "section", 5: "table"}

_WEAK, _LOCAL, _UNDEFINED, _EXPLICIT_NAME, _TLS, _ABSOLUTE = 0x01, 0x02, 0x10, 0x40, 0x100, 0x200


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name.

    `index` is that of the function, global or table in its index space, or of the data segment or section; `offset`
    and `size` are those of data in its segment.
    """

    kind: SymbolKind
    name: str
    index: int
    offset: int
    size: int
    is_weak: bool
    is_local: bool
    is_defined: bool


@dataclass(frozen=True, slots=True)
class Relocation:
    """A field to fill in. `offset` counts from the start of the function's body or of the data segment's bytes.

    `index` is the symbol's, or for a type relocation the type's.
    """

    kind: RelocationKind
    offset: int
    index: int
    addend: int


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """Name of a data segment, and log2 of its alignment."""

    name: str
    alignment: int


@dataclass(frozen=True, slots=True)
class InitFunction:
    """A function to call when the module starts, lowest priority first."""

    priority: int
    symbol: int


@dataclass(frozen=True, slots=True)
class Comdat:
    """A group of which the linker keeps the first of each name: functions and data segments by index."""

    name: str
    functions: tuple[int, ...]
    segments: tuple[int, ...]


@dataclass(frozen=True)
class ObjectFile:
    """A relocatable object.

    `code_relocations` has one entry a defined function, `data_relocations` one a data segment, each sorted by offset.
    """

    name: str
    module: Module
    symbols: tuple[Symbol, ...]
    segments: tuple[SegmentInfo, ...]
    init_functions: tuple[InitFunction, ...]
    comdats: tuple[Comdat, ...]
    code_relocations: tuple[tuple[Relocation, ...], ...]
    data_relocations: tuple[tuple[Relocation, ...], ...]

    @cached_property
    def imported_functions(self) -> int:
        """Number of imported functions, which is the index of the first defined one."""
        return self.module.imported_functions

    @cached_property
    def imported_globals(self) -> int:
        return sum(isinstance(entry.type, GlobalType) for entry in self.module.imports)

    @cached_property
    def functions(self) -> tuple[FunctionType, ...]:
        """Type of each function, imported ones first."""
        types = self.module.types
        return tuple(types[index] for index in self.module.function_types)


@dataclass
class _Linking:
    symbols: tuple[Symbol, ...] = ()
    segments: tuple[SegmentInfo, ...] = ()
    init_functions: tuple[InitFunction, ...] = ()
    comdats: tuple[Comdat, ...] = ()


def read_object(name: str, data: bytes) -> ObjectFile:
    """Read an object. Raises `WasmFormatError` for malformed bytes and for what static linking does not know."""
    module = read(data)
    section = module.custom("linking")
    if section is None:
        raise WasmFormatError("expected a relocatable object, got a module without a 'linking' section", len(data))
    _check_indices(module, len(data))
    linking = _linking(module, _cursor(data, section))
    code: list[tuple[Relocation, ...]] = [()] * len(module.bodies)
    content: list[tuple[Relocation, ...]] = [()] * len(module.data_segments)
    for position, target in enumerate(module.sections):
        if isinstance(target, CodeSection):
            fields = [(body.position, len(body.body)) for body in target.bodies]
            code = _split(_relocations(data, module, position, linking.symbols), fields)
        elif isinstance(target, DataSection):
            fields = [(segment.position, len(segment.content)) for segment in target.segments]
            content = _split(_relocations(data, module, position, linking.symbols), fields)
    return ObjectFile(
        name,
        module,
        linking.symbols,
        linking.segments,
        linking.init_functions,
        linking.comdats,
        tuple(code),
        tuple(content),
    )


def _cursor(data: bytes, section: CustomSection) -> Cursor:
    return Cursor(data, section.position, section.position + len(section.content))


def _check_indices(module: Module, end: int) -> None:
    """What every later step takes for granted: type indices in range, a body for each function, only memory 0."""
    types = len(module.types)
    for index in module.function_types:
        if index >= types:
            raise WasmFormatError(f"a function has type {index}, there are {types}", end)
    defined = len(module.function_types) - module.imported_functions
    if defined != len(module.bodies):
        raise WasmFormatError(f"expected a body for each of {defined} functions, got {len(module.bodies)}", end)
    for segment in module.data_segments:
        if segment.memory or segment.is_passive:
            raise WasmFormatError("a data segment of an object is for memory 0", end)


def _linking(module: Module, cursor: Cursor) -> _Linking:
    start = cursor.position
    version = cursor.u32()
    if version != LINKING_VERSION:
        raise WasmFormatError(f"expected version {LINKING_VERSION} of the 'linking' section, got {version}", start)
    linking = _Linking()
    while not cursor.at_end:
        start = cursor.position
        kind = cursor.byte()
        part = cursor.sub(cursor.u32())
        match kind:
            case 5:
                linking.segments = part.many(lambda part=part: _segment_info(part), 3)
            case 6:
                linking.init_functions = part.many(lambda part=part: InitFunction(part.u32(), part.u32()), 2)
            case 7:
                linking.comdats = part.many(lambda part=part: _comdat(part), 3)
            case 8:
                spaces = _index_spaces(module)
                linking.symbols = part.many(lambda part=part, spaces=spaces: _symbol(part, module, spaces), 3)
            case _:
                raise WasmFormatError(f"unknown part {kind} of the 'linking' section", start)
        part.expect_end(f"part {kind} of the 'linking' section")
    if len(linking.segments) != len(module.data_segments):
        raise WasmFormatError(
            f"expected {len(module.data_segments)} descriptions of data segments, got {len(linking.segments)}", start
        )
    for init in linking.init_functions:
        if init.symbol >= len(linking.symbols) or linking.symbols[init.symbol].kind != "function":
            raise WasmFormatError(f"symbol {init.symbol} is no function to start with", start)
    return linking


def _segment_info(cursor: Cursor) -> SegmentInfo:
    name = cursor.name()
    start = cursor.position
    alignment, flags = cursor.u32(), cursor.u32()
    if alignment > 16:
        raise WasmFormatError(f"expected an alignment of at most 2^16, got 2^{alignment}", start)
    if flags & 2:
        raise WasmFormatError(f"thread-local data '{name}' is not supported", start)
    return SegmentInfo(name, alignment)


def _comdat(cursor: Cursor) -> Comdat:
    name = cursor.name()
    start = cursor.position
    flags = cursor.u32()
    if flags:
        raise WasmFormatError(f"unknown flags {flags:#x} of comdat '{name}'", start)
    members = cursor.many(lambda: (cursor.u32(), cursor.u32()), 2)
    return Comdat(
        name,
        functions=tuple(index for kind, index in members if kind == 1),
        segments=tuple(index for kind, index in members if kind == 0),
    )


def _symbol(cursor: Cursor, module: Module, spaces: Mapping[str, _IndexSpace]) -> Symbol:
    start = cursor.position
    code, flags = cursor.byte(), cursor.u32()
    kind = _SYMBOL_KINDS.get(code)
    if kind is None:
        raise WasmFormatError(f"unknown kind of symbol {code}", start)
    is_defined = not flags & _UNDEFINED
    index = offset = size = 0
    match kind:
        case "data":
            name = cursor.name()
            if is_defined:
                index, offset, size = cursor.u32(), cursor.u32(), cursor.u32()
                _check_data_symbol(module, name, index, offset, size, start)
        case "section":
            name, index = "", cursor.u32()
        case "function" | "global" | "table":
            index = cursor.u32()
            imports, size_of_space = spaces[kind]
            if index >= size_of_space:
                raise WasmFormatError(f"a symbol names {kind} {index}, which does not exist", start)
            if is_defined == (index < len(imports)):
                raise WasmFormatError(f"a symbol of {kind} {index} is both imported and defined", start)
            name = cursor.name() if is_defined or flags & _EXPLICIT_NAME else imports[index]
    if flags & (_TLS | _ABSOLUTE):
        raise WasmFormatError(f"'{name}' is {'thread-local' if flags & _TLS else 'absolute'}, not supported", start)
    return Symbol(kind, name, index, offset, size, bool(flags & _WEAK), bool(flags & _LOCAL), is_defined)


def _check_data_symbol(module: Module, name: str, index: int, offset: int, size: int, at: int) -> None:
    segments = module.data_segments
    if index >= len(segments):
        raise WasmFormatError(f"'{name}' is in data segment {index}, there are {len(segments)}", at)
    if offset + size > len(segments[index].content):
        raise WasmFormatError(
            f"'{name}' takes bytes {offset}..{offset + size} of a segment of {len(segments[index].content)}", at
        )


class _IndexSpace(NamedTuple):
    """The names of the imports, which come first, and the number of all."""

    imports: tuple[str, ...]
    size: int


def _index_spaces(module: Module) -> Mapping[str, _IndexSpace]:
    def space(type_of_import: type, size: int) -> _IndexSpace:
        return _IndexSpace(tuple(i.name for i in module.imports if isinstance(i.type, type_of_import)), size)

    return {
        "function": space(int, len(module.function_types)),
        "global": space(GlobalType, len(module.globals)),
        "table": space(TableType, len(module.tables)),
    }


def _relocations(data: bytes, module: Module, target: int, symbols: Sequence[Symbol]) -> list[Relocation]:
    """All relocations of one section, with offsets from the start of its content."""
    found: list[Relocation] = []
    for section in module.sections:
        if not isinstance(section, CustomSection) or not section.name.startswith("reloc."):
            continue
        cursor = _cursor(data, section)
        if cursor.u32() == target:
            found += cursor.many(lambda cursor=cursor: _relocation(cursor, module, symbols), 3)
            cursor.expect_end(f"section '{section.name}'")
    return found


def _relocation(cursor: Cursor, module: Module, symbols: Sequence[Symbol]) -> Relocation:
    start = cursor.position
    code = cursor.byte()
    kind = RELOCATION_KINDS.get(code)
    if kind is None:
        what = UNSUPPORTED_RELOCATIONS.get(code)
        raise WasmFormatError(
            f"unknown relocation {code}" if what is None else f"relocation {what} is not supported", start
        )
    offset, index = cursor.u32(), cursor.u32()
    addend = cursor.s32() if kind.has_addend else 0
    if kind.target == "type":
        if index >= len(module.types):
            raise WasmFormatError(f"relocation of type {index}, there are {len(module.types)}", start)
    elif index >= len(symbols):
        raise WasmFormatError(f"relocation of symbol {index}, there are {len(symbols)}", start)
    elif symbols[index].kind != kind.target:
        raise WasmFormatError(
            f"{kind.name} expects a {kind.target}, '{symbols[index].name}' is a {symbols[index].kind}", start
        )
    return Relocation(kind, offset, index, addend)


def _split(relocations: Iterable[Relocation], fields: Sequence[tuple[int, int]]) -> list[tuple[Relocation, ...]]:
    """The relocations of each body or segment, given as position and size."""
    parts: list[list[Relocation]] = [[] for _ in fields]
    current = last = 0
    for relocation in sorted(relocations, key=lambda r: r.offset):
        if relocation.offset < last:
            raise WasmFormatError("relocations overlap", relocation.offset)
        last = relocation.offset + relocation.kind.width
        while current < len(fields) and fields[current][0] + fields[current][1] < last:
            current += 1
        if current == len(fields) or relocation.offset < fields[current][0]:
            raise WasmFormatError(
                f"relocation {relocation.kind.name} is outside of what it relocates", relocation.offset
            )
        parts[current].append(replace(relocation, offset=relocation.offset - fields[current][0]))
    return [tuple(part) for part in parts]
