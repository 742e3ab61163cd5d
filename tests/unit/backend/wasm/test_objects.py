"""Symbols and relocations of LLVM's objects, and what static linking refuses."""

import pytest

from tests.wasm_objects import CORPUS, FULL, KERNEL, emit
from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.objects import ObjectFile, read_object
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.relocation_kinds import RELOCATION_KINDS, UNSUPPORTED_RELOCATIONS
from zellige.backend.wasm.sections import CustomSection, Module
from zellige.backend.wasm.writer import write


def relocation_names(file: ObjectFile) -> set[str]:
    return {r.kind.name for part in (*file.code_relocations, *file.data_relocations) for r in part}


def test_symbols_segments_and_relocations():
    file = read_object("kernel.o", emit(KERNEL))
    symbols = {symbol.name: symbol for symbol in file.symbols}
    assert symbols["main"].is_defined
    assert not symbols["main"].is_local
    assert symbols["one"].is_local
    assert (symbols["table"].kind, symbols["table"].size) == ("data", 16)
    assert not symbols["__zellige_constants"].is_defined
    assert symbols["__stack_pointer"].kind == "global"
    alignments = {segment.name: segment.alignment for segment in file.segments}
    assert alignments[".rodata.table"] == 4
    assert relocation_names(file) >= {
        "FUNCTION_INDEX_LEB",
        "MEMORY_ADDR_SLEB",
        "GLOBAL_INDEX_LEB",
        "TYPE_INDEX_LEB",
        "TABLE_NUMBER_LEB",
        "TABLE_INDEX_I32",
    }


def test_start_functions_comdats_and_addresses_of_functions():
    start = read_object("start.o", emit(*CORPUS["start"]))
    assert [(init.priority, start.symbols[init.symbol].name) for init in start.init_functions] == [(7, "init")]
    assert "MEMORY_ADDR_LEB" in relocation_names(start)
    comdat = read_object("comdat.o", emit(*CORPUS["comdat"]))
    assert [(group.name, group.segments) for group in comdat.comdats] == [("group", (0,))]
    weak = next(symbol for symbol in comdat.symbols if symbol.name == "weak")
    assert weak.is_weak
    address = emit("define ptr @f() {\n ret ptr @f\n}")
    assert "TABLE_INDEX_SLEB" in relocation_names(read_object("f.o", address))


@pytest.mark.parametrize(
    ("ir", "triple", "message"),
    [
        (
            "define i32 @f(ptr %p) {\n%x = load i32, ptr %p\nret i32 %x\n}",
            "wasm64-unknown-unknown",
            "64-bit memories",
        ),
        (
            "@x = thread_local global i32 1\ndefine ptr @f() {\nret ptr @x\n}",
            "wasm32-unknown-unknown",
            "thread-local",
        ),
    ],
)
def test_code_that_is_not_static_32_bit(ir: str, triple: str, message: str):
    with pytest.raises(WasmFormatError, match=message):
        read_object("x.o", emit(ir, FULL, triple))


def test_a_module_is_no_object():
    with pytest.raises(WasmFormatError, match="expected a relocatable object, got a module without a 'linking'"):
        read_object("x.o", b"\0asm\1\0\0\0")


def changed_relocations(edit: bytes, at: int) -> bytes:
    """The kernel's object with bytes changed in its code relocations, `at` bytes behind their count."""
    module = read(emit(KERNEL))
    sections = list(module.sections)
    for position, section in enumerate(sections):
        if isinstance(section, CustomSection) and section.name == "reloc.CODE":
            content = bytearray(section.content)
            content[2 + at : 2 + at + len(edit)] = edit
            sections[position] = CustomSection(section.name, bytes(content))
    return write(Module(tuple(sections)))


@pytest.mark.parametrize(
    ("edit", "at", "message"),
    [
        (b"\x63", 0, "unknown relocation 99 at offset"),
        (b"\x0e", 0, r"relocation MEMORY_ADDR_LEB64 \(64-bit memory\) is not supported at offset"),
        (b"\x0b", 0, r"relocation MEMORY_ADDR_REL_SLEB \(position-independent code\) is not supported"),
        (b"\x7f", 2, "relocation of symbol 127, there are"),
        (b"\x01", 1, "relocation GLOBAL_INDEX_LEB is outside of what it relocates"),
    ],
)
def test_malformed_relocations(edit: bytes, at: int, message: str):
    with pytest.raises(WasmFormatError, match=message):
        read_object("x.o", changed_relocations(edit, at))


def test_every_relocation_of_the_conventions_has_a_name():
    assert {*RELOCATION_KINDS, *UNSUPPORTED_RELOCATIONS} == set(range(27))
