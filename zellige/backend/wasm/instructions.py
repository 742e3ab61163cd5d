"""Function bodies as instructions: a disassembler and its inverse.

>>> [str(i) for i in instructions(bytes.fromhex("0041c0000b"))]      # no locals; i32.const 64; end
['i32.const 64', 'end']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from zellige.backend.wasm.errors import WasmFormatError
from zellige.backend.wasm.leb128 import decode_signed, decode_unsigned, encode_signed, encode_unsigned
from zellige.backend.wasm.opcodes import OPCODES, Opcode
from zellige.backend.wasm.types import BYTE_OF_VALUE_TYPE, REFERENCE_TYPES, VALUE_TYPE_OF_BYTE, MemArg

MEMORY_INDEX_FLAG = 0x40
"""Bit of a memarg's alignment that says that a memory index follows."""

MAX_LOCALS = 50_000
"""Locals and parameters of one function, the limit of all engines."""


Immediate = int | str | bytes | MemArg | tuple[int, ...] | tuple[str, ...] | None


class Instruction(NamedTuple):
    """One instruction. `offset` and `end` are its place in the bytes; `immediates` are one each of `opcode.immediates`.

    An immediate is an int (index, constant, lane), a `MemArg`, bytes (`f32.const`, `f64.const`, `v128.const`, a
    shuffle), a text (a value type), a tuple (the labels of `br_table`, the types of `select_t`), or for a block None
    (no result), a text (one result) or an int (a type index).
    """

    opcode: Opcode
    immediates: tuple[Immediate, ...]
    offset: int
    end: int

    @property
    def name(self) -> str:
        return self.opcode.name

    def __str__(self) -> str:
        return " ".join([self.name, *(i.hex() if isinstance(i, bytes) else str(i) for i in self.immediates)])


def local_declarations(body: bytes) -> tuple[list[tuple[int, str]], int]:
    """Counts with value types at the start of a function's body, and the offset of its first instruction."""
    groups, position = decode_unsigned(body, 0)
    declared: list[tuple[int, str]] = []
    total = 0
    for _ in range(groups):
        start = position
        count, position = decode_unsigned(body, position)
        value_type, position = _value_type(body, position)
        total += count
        if total > MAX_LOCALS:
            raise WasmFormatError(f"expected at most {MAX_LOCALS} locals, got {total}", start)
        declared.append((count, value_type))
    return declared, position


def instructions(body: bytes, start: int | None = None) -> Iterator[Instruction]:
    """The instructions of a function's body, from `start`, or from behind its local declarations.

    Raises `WasmFormatError` at the first byte that is no instruction.
    """
    position = local_declarations(body)[1] if start is None else start
    size = len(body)
    while position < size:
        offset = position
        opcode, position = opcode_at(body, position)
        if not opcode.immediates:
            yield Instruction(opcode, (), offset, position)
            continue
        immediates: list[Immediate] = []
        for kind in opcode.immediates:
            value, position = _DECODE[kind](body, position)
            immediates.append(value)
        yield Instruction(opcode, tuple(immediates), offset, position)


def opcode_at(body: bytes, position: int) -> tuple[Opcode, int]:
    """The opcode at a position before the end of the body, and the position after it."""
    first = body[position]
    opcode = _CORE.get(first)
    if opcode is not None:
        return opcode, position + 1
    table = OPCODES.get(first) if first else None
    if table is None:
        raise WasmFormatError(f"unknown opcode {first:#04x}", position)
    code, end = decode_unsigned(body, position + 1)
    opcode = table.get(code)
    if opcode is None:
        raise WasmFormatError(f"unknown opcode {first:#04x} {code:#04x}", position)
    return opcode, end


def immediate_offsets(body: bytes, instruction: Instruction) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each immediate of an instruction in its body."""
    _, position = opcode_at(body, instruction.offset)
    for kind in instruction.opcode.immediates:
        start = position
        _, position = _DECODE[kind](body, position)
        yield kind, start, position


def encode(opcode: Opcode, *immediates: Immediate) -> bytes:
    """The shortest encoding of one instruction."""
    assert len(immediates) == len(opcode.immediates), (opcode.name, immediates)
    parts = (_ENCODE[kind](value) for kind, value in zip(opcode.immediates, immediates, strict=True))
    return opcode.encoding + b"".join(parts)


def _take(count: int) -> Callable[[bytes, int], tuple[bytes, int]]:
    def take(body: bytes, position: int) -> tuple[bytes, int]:
        end = position + count
        if end > len(body):
            raise WasmFormatError(f"unexpected end, expected {count} more bytes", position)
        return body[position:end], end

    return take


def _byte(body: bytes, position: int) -> tuple[int, int]:
    if position >= len(body):
        raise WasmFormatError("unexpected end, expected 1 more byte", position)
    return body[position], position + 1


def _zero(body: bytes, position: int) -> tuple[int, int]:
    value, end = _byte(body, position)
    if value:
        raise WasmFormatError(f"expected a zero byte, got {value:#04x}", position)
    return value, end


def _value_type(body: bytes, position: int) -> tuple[str, int]:
    code, end = _byte(body, position)
    if code not in VALUE_TYPE_OF_BYTE:
        raise WasmFormatError(f"expected a value type, got {code:#04x}", position)
    return VALUE_TYPE_OF_BYTE[code], end


def _reference_type(body: bytes, position: int) -> tuple[str, int]:
    value_type, end = _value_type(body, position)
    if value_type not in REFERENCE_TYPES:
        raise WasmFormatError(f"expected a reference type, got {value_type}", position)
    return value_type, end


def _block_type(body: bytes, position: int) -> tuple[int | str | None, int]:
    code, end = _byte(body, position)
    if code == 0x40:
        return None, end
    if code in VALUE_TYPE_OF_BYTE:
        return VALUE_TYPE_OF_BYTE[code], end
    index, end = decode_signed(body, position, 33)
    if index < 0:
        raise WasmFormatError(f"expected a block type, got {index}", position)
    return index, end


def _count(body: bytes, position: int) -> tuple[int, int]:
    count, end = decode_unsigned(body, position)
    if count > len(body) - end:
        raise WasmFormatError(f"{count} items do not fit into the {len(body) - end} bytes left", position)
    return count, end


def _labels(body: bytes, position: int) -> tuple[tuple[int, ...], int]:
    count, end = _count(body, position)
    labels: list[int] = []
    for _ in range(count + 1):
        label, end = decode_unsigned(body, end)
        labels.append(label)
    return tuple(labels), end


def _value_types(body: bytes, position: int) -> tuple[tuple[str, ...], int]:
    count, end = _count(body, position)
    types: list[str] = []
    for _ in range(count):
        value_type, end = _value_type(body, end)
        types.append(value_type)
    return tuple(types), end


def _memarg(body: bytes, position: int) -> tuple[MemArg, int]:
    align, end = decode_unsigned(body, position)
    memory = 0
    if align & MEMORY_INDEX_FLAG:
        align &= ~MEMORY_INDEX_FLAG
        memory, end = decode_unsigned(body, end)
    if align > 32:
        raise WasmFormatError(f"expected the logarithm of an alignment, got {align}", position)
    offset, end = decode_unsigned(body, end)
    return MemArg(align, memory, offset), end


def _i64(body: bytes, position: int) -> tuple[int, int]:
    return decode_signed(body, position, 64)


def _encode_memarg(value: Immediate) -> bytes:
    assert isinstance(value, MemArg)
    if value.memory == 0:
        return encode_unsigned(value.align) + encode_unsigned(value.offset)
    align = encode_unsigned(value.align | MEMORY_INDEX_FLAG)
    return align + encode_unsigned(value.memory) + encode_unsigned(value.offset)


def _encode_block_type(value: Immediate) -> bytes:
    if isinstance(value, int):
        return encode_signed(value)
    return b"\x40" if value is None else _encode_value_type(value)


def _encode_value_type(value: Immediate) -> bytes:
    assert isinstance(value, str)
    return bytes((BYTE_OF_VALUE_TYPE[value],))


def _encode_value_types(value: Immediate) -> bytes:
    assert isinstance(value, tuple)
    return encode_unsigned(len(value)) + b"".join(_encode_value_type(item) for item in value)


def _encode_labels(value: Immediate) -> bytes:
    assert isinstance(value, tuple)
    return encode_unsigned(len(value) - 1) + b"".join(_encode_unsigned(item) for item in value)


def _encode_bytes(value: Immediate) -> bytes:
    assert isinstance(value, bytes)
    return value


def _encode_byte(value: Immediate) -> bytes:
    assert isinstance(value, int)
    return bytes((value,))


def _encode_unsigned(value: Immediate) -> bytes:
    assert isinstance(value, int)
    return encode_unsigned(value)


def _encode_signed(value: Immediate) -> bytes:
    assert isinstance(value, int)
    return encode_signed(value)


_INDEX_KINDS = ("label", "function", "type", "table", "local", "global", "memory", "data", "element")

_DECODE: dict[str, Callable[[bytes, int], tuple[Immediate, int]]] = {
    **dict.fromkeys(_INDEX_KINDS, decode_unsigned),
    "lane": _byte,
    "zero": _zero,
    "blocktype": _block_type,
    "reftype": _reference_type,
    "valuetypes": _value_types,
    "labels": _labels,
    "memarg": _memarg,
    "i32": decode_signed,
    "i64": _i64,
    "bytes4": _take(4),
    "bytes8": _take(8),
    "bytes16": _take(16),
    "shuffle": _take(16),
}

_ENCODE: dict[str, Callable[[Immediate], bytes]] = {
    **dict.fromkeys(_INDEX_KINDS, _encode_unsigned),
    **dict.fromkeys(("lane", "zero"), _encode_byte),
    "blocktype": _encode_block_type,
    "reftype": _encode_value_type,
    "valuetypes": _encode_value_types,
    "labels": _encode_labels,
    "memarg": _encode_memarg,
    "i32": _encode_signed,
    "i64": _encode_signed,
    **dict.fromkeys(("bytes4", "bytes8", "bytes16", "shuffle"), _encode_bytes),
}

_CORE = OPCODES[0]
