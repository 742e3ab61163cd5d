"""Sections for built-in functions come back as they were written, and other bytes are a format error."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from zellige.backend.wasm import builtin_section, template_section
from zellige.backend.wasm.builtin_section import DIGEST_BYTES, FUNCTION, IS_AVAILABLE, BuiltinRecord
from zellige.backend.wasm.errors import WasmFormatError

U32 = st.integers(0, (1 << 32) - 1)
DIGESTS = st.binary(min_size=DIGEST_BYTES, max_size=DIGEST_BYTES)
RECORDS = st.lists(
    st.builds(BuiltinRecord, U32, st.just(FUNCTION), st.text(), st.text(), U32, DIGESTS)
    | st.builds(BuiltinRecord, U32, st.just(IS_AVAILABLE), st.text(), st.text(), U32, st.just(b"")),
    unique_by=(lambda record: record.function_index, lambda record: (record.kind, record.group, record.name)),
    max_size=5,
)


@given(RECORDS)
def test_records_come_back(records: list[BuiltinRecord]):
    section = builtin_section.encode(records)
    assert builtin_section.decode(bytes(section.content)) == tuple(sorted(records, key=lambda r: r.function_index))


@given(RECORDS, st.data())
def test_changed_records_are_records_or_malformed(records: list[BuiltinRecord], data: st.DataObject):
    content = bytearray(builtin_section.encode(records).content)
    at = data.draw(st.integers(0, len(content)))
    content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=6))
    with contextlib.suppress(WasmFormatError):
        decoded = builtin_section.decode(bytes(content))
        assert builtin_section.decode(bytes(builtin_section.encode(decoded).content)) == decoded


@given(st.binary(max_size=40))
def test_any_bytes_are_records_or_malformed(content: bytes):
    with contextlib.suppress(WasmFormatError):
        builtin_section.decode(content)


@given(st.text(min_size=1))
def test_text_comes_back(text: str):
    assert template_section.decode(bytes(template_section.encode(text).content)) == text


@given(st.text(min_size=1), st.data())
def test_a_changed_text_is_refused(text: str, data: st.DataObject):
    content = bytearray(template_section.encode(text).content)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(WasmFormatError):
        assert template_section.decode(bytes(content)) == text
