"""Declarations of built-in functions, and the text of their templates, as bytes."""

import zlib
from hashlib import sha256

import pytest

from tests.wasm_objects import SHARED, linked
from zellige.backend.wasm import builtin_section, template_section
from zellige.backend.wasm.builtin_section import FUNCTION, IS_AVAILABLE, BuiltinRecord
from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.template_section import templates_text

DIGEST = bytes(range(32))
RECORDS = (
    BuiltinRecord(3, FUNCTION, "zellige.kernels", "gelu", 1, DIGEST),
    BuiltinRecord(200, IS_AVAILABLE, "zellige.kernels", "is_available", 1, b""),
)
GELU = b"\0\x0fzellige.kernels\4gelu\1" + DIGEST
AVAILABLE = b"\1\x0fzellige.kernels\x0cis_available\1"
CONTENT = b"\2" + b"\3\1\0" + bytes((len(GELU),)) + GELU + b"\xc8\1\1\0" + bytes((len(AVAILABLE),)) + AVAILABLE


def test_the_bytes_are_those_of_the_design():
    section = builtin_section.encode(reversed(RECORDS))
    assert section.name == "metadata.code.builtin"
    assert section.content == CONTENT
    assert builtin_section.decode(CONTENT) == RECORDS
    assert builtin_section.decode(b"\0") == ()


@pytest.mark.parametrize(
    ("content", "message", "offset"),
    [
        (b"", "unexpected end", 0),
        (CONTENT[:-1], "unexpected end, expected 31 more bytes, got 30", 0x41),
        (CONTENT + b"\0", "1 bytes are left in section 'metadata.code.builtin'", len(CONTENT)),
        (b"\x7f" + CONTENT[1:], "127 items do not fit", 0),
        (CONTENT.replace(b"\xc8\1\1\0", b"\3\1\0"), "function 3 stands behind function 3", 0x3C),
        (
            CONTENT.replace(b"\3\1\0", b"\3\2\0"),
            "expected one hint at offset 0 of function 3, got 2, the first at 0",
            2,
        ),
        (
            CONTENT.replace(b"\3\1\0", b"\3\1\5"),
            "expected one hint at offset 0 of function 3, got 1, the first at 5",
            2,
        ),
        (CONTENT.replace(b"\0\x0fz", b"\2\x0fz"), "unknown kind of built-in function 2", 5),
        (CONTENT.replace(b"\0\x0fz", b"\1\x0fz"), "32 bytes are left in the hint of function 3", 0x1C),
        (CONTENT.replace(b"gelu", b"g\xffgg"), "name is not UTF-8", 0x16),
        (
            b"\2" + b"".join(bytes((i, 1, 0, len(GELU))) + GELU for i in (3, 4)),
            "'gelu' of group 'zellige.kernels' is there twice",
            60,
        ),
    ],
)
def test_what_is_malformed(content: bytes, message: str, offset: int):
    with pytest.raises(WasmFormatError, match=message) as error:
        builtin_section.decode(content)
    assert error.value.offset == offset


TEXT = "module {\n  // größer\n}\n" * 100


def test_the_text_of_templates_comes_back():
    module = linked(SHARED, exports=("shared",), templates=TEXT)
    assert templates_text(module) == TEXT
    assert len(module) < len(TEXT)
    assert templates_text(linked(SHARED, exports=("shared",))) is None


def with_digest(text: bytes, stream: bytes) -> bytes:
    return sha256(text).digest() + stream


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is cut"),
        (with_digest(b"a", b"no stream"), "the templates are no zlib stream"),
        (with_digest(b"a", zlib.compress(b"b")), "the text of the templates has digest 3e23"),
        (with_digest(b"a", zlib.compress(b"a")[:-1]), "is cut"),
        (with_digest(b"a", zlib.compress(b"a") + b"a"), "has bytes behind its end"),
        (with_digest(b"\xff", zlib.compress(b"\xff")), "is not UTF-8"),
    ],
)
def test_a_text_that_is_not_the_one_of_its_digest(content: bytes, message: str):
    with pytest.raises(WasmFormatError, match=message):
        template_section.decode(content)
