"""A module as its sections, one class each. `reader` makes them from bytes, `writer` makes bytes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeVar

from zellige.backend.wasm.types import FunctionType, GlobalType, MemoryType, TableType

Content = bytes | memoryview
"""Bytes that may be large: a view of the file that they came from is as good as a copy."""


@dataclass(frozen=True)
class Section:
    """`size_width` is the number of bytes of the section's size; 0 stands for the least, LLVM's objects have 5."""

    id: ClassVar[int]
    size_width: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class TypeSection(Section):
    """The function types."""

    id = 1
    types: tuple[FunctionType, ...]


@dataclass(frozen=True)
class Import:
    """What a host gives under two names. An imported function has the index of its type."""

    module: str
    name: str
    type: int | TableType | MemoryType | GlobalType


@dataclass(frozen=True)
class ImportSection(Section):
    """The imports; they come first in the index space of their kind."""

    id = 2
    imports: tuple[Import, ...]


@dataclass(frozen=True)
class FunctionSection(Section):
    """The type index of each defined function."""

    id = 3
    type_indices: tuple[int, ...]


@dataclass(frozen=True)
class TableSection(Section):
    """The defined tables."""

    id = 4
    tables: tuple[TableType, ...]


@dataclass(frozen=True)
class MemorySection(Section):
    """The defined memories."""

    id = 5
    memories: tuple[MemoryType, ...]


@dataclass(frozen=True)
class Global:
    """A defined global; `init` is a constant expression with its `end`."""

    type: GlobalType
    init: bytes


@dataclass(frozen=True)
class GlobalSection(Section):
    """The defined globals."""

    id = 6
    globals: tuple[Global, ...]


ExternalKind = Literal["function", "table", "memory", "global"]
EXTERNAL_KINDS: tuple[ExternalKind, ...] = ("function", "table", "memory", "global")
"""In the order of their codes."""


@dataclass(frozen=True)
class Export:
    """A name for the host."""

    name: str
    kind: ExternalKind
    index: int


@dataclass(frozen=True)
class ExportSection(Section):
    """The exports."""

    id = 7
    exports: tuple[Export, ...]


@dataclass(frozen=True)
class StartSection(Section):
    """The function that runs when the module is instantiated."""

    id = 8
    function: int


@dataclass(frozen=True)
class ElementSegment:
    """References for a table. `mode` is `active` (with a table and an offset), `passive` or `declarative`.

    The items are function indices, or constant expressions. `flags` is the form of the encoding.
    """

    flags: int
    table: int
    offset: bytes
    element: str
    functions: tuple[int, ...]
    expressions: tuple[bytes, ...]

    @property
    def mode(self) -> str:
        return "active" if not self.flags & 1 else "declarative" if self.flags & 2 else "passive"


@dataclass(frozen=True)
class ElementSection(Section):
    """The element segments."""

    id = 9
    segments: tuple[ElementSegment, ...]


@dataclass(frozen=True)
class DataCountSection(Section):
    """The number of data segments, for `memory.init` and `data.drop`."""

    id = 12
    count: int


@dataclass(frozen=True)
class Code:
    """A function's body: local declarations and instructions.

    `position` is where it stands, from the start of the section's content.
    """

    body: bytes
    position: int = 0


@dataclass(frozen=True)
class CodeSection(Section):
    """The bodies of the defined functions."""

    id = 10
    bodies: tuple[Code, ...]


@dataclass(frozen=True)
class DataSegment:
    """Bytes for a memory; `offset` is a constant expression, empty for a passive segment.

    `flags` is the form of the encoding, `position` where the bytes stand from the start of the section's content.
    """

    flags: int
    memory: int
    offset: bytes
    content: Content
    position: int = 0

    @property
    def is_passive(self) -> bool:
        return self.flags == 1


@dataclass(frozen=True)
class DataSection(Section):
    """The data segments."""

    id = 11
    segments: tuple[DataSegment, ...]


@dataclass(frozen=True)
class CustomSection(Section):
    """Bytes under a name, which the format gives no meaning. `position` is where they stand in the file."""

    id = 0
    name: str
    content: Content
    position: int = 0


S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class Module:
    """The sections in the order of the file."""

    sections: tuple[Section, ...]

    def find(self, kind: type[S]) -> S | None:
        """The section of this class; the first one of custom sections."""
        return next((section for section in self.sections if isinstance(section, kind)), None)

    def custom(self, name: str) -> CustomSection | None:
        """The first custom section of this name."""
        return next((s for s in self.sections if isinstance(s, CustomSection) and s.name == name), None)

    @property
    def types(self) -> tuple[FunctionType, ...]:
        section = self.find(TypeSection)
        return () if section is None else section.types

    @property
    def imports(self) -> tuple[Import, ...]:
        section = self.find(ImportSection)
        return () if section is None else section.imports

    @property
    def imported_functions(self) -> int:
        """Number of imported functions, which is the index of the first defined one."""
        return sum(isinstance(entry.type, int) for entry in self.imports)

    @property
    def function_types(self) -> tuple[int, ...]:
        """The type index of each function, imported ones first."""
        section = self.find(FunctionSection)
        imported = tuple(i.type for i in self.imports if isinstance(i.type, int))
        return imported + (() if section is None else section.type_indices)

    @property
    def tables(self) -> tuple[TableType, ...]:
        """Imported ones first."""
        section = self.find(TableSection)
        imported = tuple(i.type for i in self.imports if isinstance(i.type, TableType))
        return imported + (() if section is None else section.tables)

    @property
    def memories(self) -> tuple[MemoryType, ...]:
        """Imported ones first."""
        section = self.find(MemorySection)
        imported = tuple(i.type for i in self.imports if isinstance(i.type, MemoryType))
        return imported + (() if section is None else section.memories)

    @property
    def globals(self) -> tuple[GlobalType, ...]:
        """The types, imported ones first."""
        section = self.find(GlobalSection)
        imported = tuple(i.type for i in self.imports if isinstance(i.type, GlobalType))
        return imported + (() if section is None else tuple(g.type for g in section.globals))

    @property
    def bodies(self) -> tuple[Code, ...]:
        section = self.find(CodeSection)
        return () if section is None else section.bodies

    @property
    def data_segments(self) -> tuple[DataSegment, ...]:
        section = self.find(DataSection)
        return () if section is None else section.segments

    @property
    def exports(self) -> tuple[Export, ...]:
        section = self.find(ExportSection)
        return () if section is None else section.exports
