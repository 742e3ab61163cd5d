"""Bytes to sections and back, and what the reader says of malformed bytes."""

from contextlib import suppress

import pytest
import wasmtime

from tests.wasm_objects import FULL, KERNEL, corpus, emit
from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import CodeSection, DataSection, Export, Import, Module
from zellige.backend.wasm.types import FunctionType, Limits, MemoryType
from zellige.backend.wasm.writer import write

HEADER = b"\0asm\1\0\0\0"


@pytest.mark.parametrize("name", corpus())
def test_llvm_objects_are_written_as_they_were_read(name: str):
    data = corpus()[name]
    assert write(read(data)) == data


def test_a_large_body_is_written_as_it_was_read():
    stores = "\n".join(f"store volatile i32 {i * 1000}, ptr inttoptr (i32 {i * 4 + 4} to ptr)" for i in range(3000))
    data = emit(f"define void @f() {{\n{stores}\nret void\n}}")
    assert write(read(data)) == data


def test_all_sections_of_a_module():
    data = bytes(
        wasmtime.wat2wasm(
            """(module
              (import "host" "f" (func (param i64) (result f32)))
              (import "host" "t" (table 1 2 externref))
              (import "host" "m" (memory 1 3 shared))
              (import "host" "g" (global (mut f64)))
              (table 4 funcref) (memory 2)
              (global v128 (v128.const i32x4 1 2 3 4))
              (func $f) (export "ƒ" (func $f)) (start $f)
              (elem (table 1) (i32.const 0) func $f) (elem funcref (ref.func $f)) (elem declare func $f)
              (data (memory 1) (i32.const 8) "abc") (data "passive")
              (func memory.init 1 (i32.const 0) (i32.const 0) (i32.const 0)))"""
        )
    )
    module = read(data)
    assert write(module) == data
    assert Import("host", "m", MemoryType(Limits(1, 3, shared=True))) in module.imports
    assert FunctionType(("i64",), ("f32",)) in module.types
    assert module.exports == (Export("ƒ", "function", 1),)
    assert [bytes(segment.content) for segment in module.data_segments] == [b"abc", b"passive"]


def test_the_writer_keeps_any_order():
    """Tests of other readers need modules that are wrong."""
    data = emit(KERNEL)
    module = read(data)
    swapped = write(Module(tuple(reversed(module.sections))))
    assert len(swapped) == len(data)
    assert swapped != data
    with pytest.raises(WasmFormatError, match="section 10 is out of order or there twice at offset"):
        read(swapped)


def test_large_contents_are_views():
    module = read(emit(KERNEL))
    section = module.find(DataSection)
    assert section is not None
    assert all(isinstance(segment.content, memoryview) for segment in section.segments)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected the header of a WebAssembly module, got no bytes at offset 0x0"),
        (b"\x7fELF", "expected the header of a WebAssembly module, got 7f454c46 at offset 0x0"),
        (HEADER + b"\x01", "unexpected end inside a number at offset 0x9"),
        (HEADER + b"\x01\x05\x01", "unexpected end, expected 5 more bytes, got 1 at offset 0xa"),
        (HEADER + b"\x01\x05\xff\xff\xff\xff\x0f", "4294967295 items do not fit into the 0 bytes left at offset 0xa"),
        (HEADER + b"\x01\x04\x01\x5f\x00\x00", "expected a function type (0x60), got 0x5f at offset 0xb"),
        (HEADER + b"\x01\x05\x01\x60\x01\x11\x00", "expected a value type, got 0x11 at offset 0xd"),
        (HEADER + b"\x01\x02\x00\x00", "1 bytes are left in section 1 at offset 0xb"),
        (HEADER + b"\x0e\x00", "unknown section 14 at offset 0x8"),
        (HEADER + b"\x0a\x01\x00\x01\x01\x00", "section 1 is out of order or there twice at offset 0xb"),
        (HEADER + b"\x00\x02\x01\xff", "name is not UTF-8 at offset 0xa"),
        (HEADER + b"\x05\x03\x01\x04\x01", "64-bit memories and tables are not supported at offset 0xb"),
        (HEADER + b"\x02\x05\x01\x00\x00\x09\x00", "unknown kind of import 9 at offset 0xd"),
        (HEADER + b"\x06\x05\x01\x7f\x00\x41\x00", "unexpected end inside a constant expression at offset 0xd"),
        (HEADER + b"\x06\x06\x01\x7f\x00\x02\x40\x0b", "'block' is no constant at offset 0xd"),
    ],
)
def test_malformed_modules(content: bytes, message: str):
    with pytest.raises(WasmFormatError) as error:
        read(content)
    assert str(error.value) == message


def test_every_truncation_has_a_typed_error_or_is_a_shorter_module():
    data = emit(KERNEL, FULL)
    readable: list[int] = []
    for size in range(len(data)):
        with suppress(WasmFormatError):
            assert write(read(data[:size])) == data[:size]
            readable.append(size)
    assert len(readable) == len(read(data).sections)  # exactly at the border of each section


def test_bodies_know_where_they_stand():
    data = emit(KERNEL)
    module = read(data)
    section = module.find(CodeSection)
    assert section is not None
    start = data.index(section.bodies[-1].body) - section.bodies[-1].position
    assert all(
        data[start + code.position : start + code.position + len(code.body)] == code.body for code in section.bodies
    )
