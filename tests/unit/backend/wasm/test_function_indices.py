"""All places that name a function, after the defined ones have moved up."""

from __future__ import annotations

from dataclasses import replace

import pytest
import wasmtime

from zellige.backend.wasm import builtin_section
from zellige.backend.wasm.builtin_section import FUNCTION, BuiltinRecord
from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.function_indices import make_room
from zellige.backend.wasm.instructions import Immediate, encode, instructions
from zellige.backend.wasm.opcodes import OPCODE_OF_NAME
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import (
    Code,
    CodeSection,
    CustomSection,
    ElementSection,
    ElementSegment,
    Export,
    ExportSection,
    FunctionSection,
    Global,
    GlobalSection,
    Import,
    ImportSection,
    Module,
    StartSection,
    TableSection,
    TypeSection,
)
from zellige.backend.wasm.types import FunctionType, GlobalType, Limits, TableType
from zellige.backend.wasm.writer import name_bytes, vector, write


def code(*parts: tuple[str, *tuple[Immediate, ...]]) -> bytes:
    return b"".join(encode(OPCODE_OF_NAME[name], *immediates) for name, *immediates in (*parts, ("end",)))


RECORD = BuiltinRecord(1, FUNCTION, "group", "name", 1, bytes(32))
LOCAL_NAMES = vector([b"\2" + vector([b"\0" + name_bytes("x")])])
FUNCTION_NAMES = vector([b"\0" + name_bytes("host"), b"\1" + name_bytes("first"), b"\2" + name_bytes("second")])


def names(functions: bytes, locals_: bytes) -> CustomSection:
    parts = ((0, name_bytes("module")), (1, functions), (2, locals_))
    return CustomSection("name", b"".join(bytes((kind, len(part))) + part for kind, part in parts))


def segment(flags: int, *functions: int) -> ElementSegment:
    expressions = tuple(code(("ref.func", function)) for function in functions) if flags & 4 else ()
    return ElementSegment(
        flags, 0, b"" if flags & 1 else code(("i32.const", 0)), "funcref", () if flags & 4 else functions, expressions
    )


MODULE = Module(
    (
        TypeSection((FunctionType((), ()),)),
        ImportSection((Import("a", "host", 0),)),
        FunctionSection((0, 0)),
        TableSection((TableType("funcref", Limits(2, 2)),)),
        GlobalSection((Global(GlobalType("funcref", mutable=False), code(("ref.func", 2))),)),
        ExportSection((Export("first", "function", 1), Export("host", "function", 0), Export("table", "table", 0))),
        StartSection(2),
        ElementSection((segment(0, 0, 1), segment(4, 0, 2), segment(3, 2))),
        builtin_section.encode([RECORD]),
        CodeSection(
            (
                Code(b"\0" + code(("call", 0), ("call", 2), ("ref.func", 1), ("drop",), ("return_call", 2))),
                Code(b"\1\1\x7f" + code(("i32.const", 16), ("drop",))),
            )
        ),
        names(FUNCTION_NAMES, LOCAL_NAMES),
    )
)


def with_imports(module: Module, count: int) -> Module:
    """The gap filled with imported functions."""
    imports = tuple(Import("b", f"native {i}", 0) for i in range(count))
    return Module(
        tuple(
            replace(s, imports=(*s.imports, *imports)) if isinstance(s, ImportSection) else s for s in module.sections
        )
    )


@pytest.mark.parametrize("count", [0, 1, 200])
def test_each_index_of_a_defined_function_moves(count: int):
    moved = make_room(MODULE, count)
    wasmtime.Module.validate(wasmtime.Engine(), write(with_imports(moved, count)))
    first, second = 1 + count, 2 + count
    assert [(e.kind, e.index) for e in moved.exports] == [("function", first), ("function", 0), ("table", 0)]
    assert moved.find(StartSection) == StartSection(second)
    assert moved.find(GlobalSection) == GlobalSection(
        (Global(GlobalType("funcref", mutable=False), code(("ref.func", second))),)
    )
    assert moved.find(ElementSection) == ElementSection(
        (segment(0, 0, first), segment(4, 0, second), segment(3, second))
    )
    called = [i.immediates[0] for i in instructions(moved.bodies[0].body) if i.opcode.immediates == ("function",)]
    assert called == [0, second, first, second]
    assert moved.bodies[1] == MODULE.bodies[1]
    section = moved.custom(builtin_section.BUILTIN_SECTION)
    assert section is not None
    assert builtin_section.decode(bytes(section.content)) == (replace(RECORD, function_index=first),)


def test_names_move_with_their_functions():
    functions = vector([b"\0" + name_bytes("host"), b"\3" + name_bytes("first"), b"\4" + name_bytes("second")])
    assert make_room(MODULE, 2).custom("name") == names(functions, LOCAL_NAMES.replace(b"\2", b"\4", 1))


def test_what_names_no_function_stays():
    moved = make_room(MODULE, 3)
    for kind in (TypeSection, ImportSection, FunctionSection, TableSection):
        assert moved.find(kind) is MODULE.find(kind)


def test_the_module_of_this_test_is_what_the_reader_reads():
    content = write(MODULE)
    assert write(read(content)) == content
    assert write(make_room(read(content), 0)) == content


@pytest.mark.parametrize(
    "part", [b"\1", b"\1\5\1", b"\1\2\1\0", b"\1\3\1\0\7", b"\2\4\1\0\1\0", b"\1\6\1\0\1a\xff\xff"]
)
def test_a_name_section_that_is_cut(part: bytes):
    sections = (*MODULE.sections[:-1], CustomSection("name", part))
    with pytest.raises(WasmFormatError):
        make_room(Module(sections), 1)
