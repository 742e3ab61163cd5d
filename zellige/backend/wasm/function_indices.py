"""Room for imported functions, which come before the defined ones: each place that names a defined function follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from zellige.backend.wasm import builtin_section
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION
from zellige.backend.wasm.cursor import Cursor
from zellige.backend.wasm.instructions import encode, instructions
from zellige.backend.wasm.leb128 import encode_unsigned
from zellige.backend.wasm.rewrite import Edit, edited
from zellige.backend.wasm.sections import (
    Code,
    CodeSection,
    CustomSection,
    ElementSection,
    ExportSection,
    GlobalSection,
    Module,
    Section,
    StartSection,
)

_NAMING_OPCODES = (b"\x10", b"\x12", b"\xd2")
"""First bytes of the instructions that name a function. Bodies without these bytes need no decoding."""

_NAME_MAPS = frozenset({1})
_INDIRECT_NAME_MAPS = frozenset({2, 3})
"""Parts of the name section that begin with function indices: names of functions; of their locals and labels."""


def make_room(module: Module, count: int) -> Module:
    """The module with the indices of its defined functions moved up by `count`, and nothing in the gap yet.

    Raises `WasmFormatError` for a body, a name section or a section of built-in functions that is malformed.
    """
    shift = _Shift(module.imported_functions, count)
    return Module(tuple(shift.section(section) for section in module.sections))


@dataclass(frozen=True)
class _Shift:
    """Function indices from `first` on grow by `count`."""

    first: int
    count: int

    def index(self, function: int) -> int:
        return function + self.count if function >= self.first else function

    def section(self, section: Section) -> Section:
        match section:
            case GlobalSection(variables):
                moved = tuple(replace(variable, init=self.code(variable.init, 0)) for variable in variables)
                return GlobalSection(moved)
            case ExportSection(exports):
                return ExportSection(
                    tuple(replace(e, index=self.index(e.index)) if e.kind == "function" else e for e in exports)
                )
            case StartSection(function):
                return StartSection(self.index(function))
            case ElementSection(segments):
                return ElementSection(
                    tuple(
                        replace(
                            segment,
                            offset=self.code(segment.offset, 0),
                            functions=tuple(map(self.index, segment.functions)),
                            expressions=tuple(self.code(expression, 0) for expression in segment.expressions),
                        )
                        for segment in segments
                    )
                )
            case CodeSection(bodies):
                return CodeSection(tuple(Code(self.code(code.body)) for code in bodies))
            case CustomSection(name="name"):
                return CustomSection("name", self._names(bytes(section.content)))
            case CustomSection(name=name) if name == BUILTIN_SECTION:
                records = builtin_section.decode(bytes(section.content))
                return builtin_section.encode(replace(r, function_index=self.index(r.function_index)) for r in records)
            case _:
                return section

    def code(self, code: bytes, start: int | None = None) -> bytes:
        """A body, or a constant expression with `start` 0."""
        if not any(opcode in code for opcode in _NAMING_OPCODES):
            return code
        edits: list[Edit] = []
        for instruction in instructions(code, start):
            match instruction.opcode.immediates, instruction.immediates:
                case ("function",), (int(function),) if function >= self.first:
                    called = encode(instruction.opcode, self.index(function))
                    edits.append(Edit(instruction.offset, instruction.end, called))
                case _:
                    pass
        return edited(code, edits)

    def _names(self, content: bytes) -> bytes:
        cursor = Cursor(content)
        parts: list[bytes] = []
        while not cursor.at_end:
            kind = cursor.byte()
            part = cursor.sub(cursor.u32())
            moved = b"".join(self._named(part, kind))
            parts += (bytes((kind,)), encode_unsigned(len(moved)), moved)
        return b"".join(parts)

    def _named(self, part: Cursor, kind: int) -> Iterator[bytes]:
        if kind not in _NAME_MAPS | _INDIRECT_NAME_MAPS:
            yield part.take(part.end - part.position)
            return
        count = part.count(2)
        yield encode_unsigned(count)
        for _ in range(count):
            yield encode_unsigned(self.index(part.u32()))
            start = part.position
            if kind in _NAME_MAPS:
                part.skip(part.u32())
            else:
                for _ in range(part.count(2)):
                    part.u32()
                    part.skip(part.u32())
            yield part.data[start : part.position]
        part.expect_end(f"part {kind} of the name section")
