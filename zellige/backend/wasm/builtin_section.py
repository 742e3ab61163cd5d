"""`metadata.code.builtin`: which functions of a module are built-in functions.

The section has the format of `metadata.code.branch_hint`, a vector of function indices with hints. Each function has
one hint, at offset 0, whose payload is

    kind: u8, group: name, name: name, version: u32, digest: 32 bytes (kind 0 only)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from zellige.backend.wasm.cursor import Cursor
from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.leb128 import encode_unsigned
from zellige.backend.wasm.sections import CustomSection
from zellige.backend.wasm.writer import name_bytes, vector

BUILTIN_SECTION = "metadata.code.builtin"

DIGEST_BYTES = hashlib.sha256().digest_size

FUNCTION: Literal[0] = 0
IS_AVAILABLE: Literal[1] = 1

BuiltinKind = Literal[0, 1]
"""`FUNCTION`: a function that equivalent code may replace. `IS_AVAILABLE`: a function () -> i32 that returns the newest
version of its group of which a function is replaced, 0 for none.
"""

_HINT_OFFSET = 0

_LEAST_BYTES = 8
"""Of a function with its hint: index, count, offset and size of the hint, kind, two empty names, version."""


@dataclass(frozen=True)
class Builtin:
    """A function, by its symbol in the objects, that the linked module declares a built-in function."""

    symbol: str
    group: str
    name: str
    version: int
    kind: BuiltinKind = FUNCTION


@dataclass(frozen=True)
class BuiltinRecord:
    """A built-in function of a module. `digest` is that of its body, empty for `IS_AVAILABLE`."""

    function_index: int
    kind: BuiltinKind
    group: str
    name: str
    version: int
    digest: bytes


def encode(records: Iterable[BuiltinRecord]) -> CustomSection:
    """The section with these records, at most one a function."""
    ordered = sorted(records, key=lambda record: record.function_index)
    assert len({record.function_index for record in ordered}) == len(ordered), ordered
    return CustomSection(BUILTIN_SECTION, vector(map(_function_hints, ordered)))


def decode(content: bytes) -> tuple[BuiltinRecord, ...]:
    """The records of a section, by function index.

    Raises `WasmFormatError`, whose offset counts from the start of `content`, for malformed bytes, and for two
    functions of one name, as a name stands for one template.
    """
    cursor = Cursor(content)
    names: set[tuple[int, str, str]] = set()
    records: list[BuiltinRecord] = []
    for _ in range(cursor.count(_LEAST_BYTES)):
        start = cursor.position
        index = cursor.u32()
        if records and index <= records[-1].function_index:
            raise WasmFormatError(f"function {index} stands behind function {records[-1].function_index}", start)
        record = _record(cursor, index)
        identity = (record.kind, record.group, record.name)
        if identity in names:
            raise WasmFormatError(f"'{record.name}' of group '{record.group}' is there twice", start)
        names.add(identity)
        records.append(record)
    cursor.expect_end(f"section '{BUILTIN_SECTION}'")
    return tuple(records)


def _function_hints(record: BuiltinRecord) -> bytes:
    assert len(record.digest) == (DIGEST_BYTES if record.kind == FUNCTION else 0), record
    payload = b"".join(
        (
            bytes((record.kind,)),
            name_bytes(record.group),
            name_bytes(record.name),
            encode_unsigned(record.version),
            record.digest,
        )
    )
    hint = encode_unsigned(_HINT_OFFSET) + encode_unsigned(len(payload)) + payload
    return encode_unsigned(record.function_index) + vector([hint])


def _record(cursor: Cursor, index: int) -> BuiltinRecord:
    start = cursor.position
    hints, offset = cursor.u32(), cursor.u32()
    if hints != 1 or offset != _HINT_OFFSET:
        raise WasmFormatError(
            f"expected one hint at offset {_HINT_OFFSET} of function {index}, got {hints}, the first at {offset}", start
        )
    payload = cursor.sub(cursor.u32())
    kind = _kind(payload)
    group, name, version = payload.name(), payload.name(), payload.u32()
    digest = payload.take(DIGEST_BYTES) if kind == FUNCTION else b""
    payload.expect_end(f"the hint of function {index}")
    return BuiltinRecord(index, kind, group, name, version, digest)


def _kind(cursor: Cursor) -> BuiltinKind:
    start = cursor.position
    match cursor.byte():
        case 0:
            return FUNCTION
        case 1:
            return IS_AVAILABLE
        case kind:
            raise WasmFormatError(f"unknown kind of built-in function {kind}", start)
