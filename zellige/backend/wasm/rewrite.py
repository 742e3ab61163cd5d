"""The memory-index rewrite: one function's body with relocated immediates and the memory of each access.

    i32.const 64; call zellige.v128.load.m0.a4   ->  v128.load (memory 0) offset=64 align=16
    i32.load offset=8                            ->  i32.load (local memory) offset=8
    memory.fill                                  ->  memory.fill (local memory)

Instructions that do not change are copied as they are; the others get their shortest encoding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from zellige.backend.wasm.access import Access
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.instructions import Immediate, Instruction, encode, immediate_offsets, instructions
from zellige.backend.wasm.relocation_kinds import (
    FUNCTION_INDEX_LEB,
    GLOBAL_INDEX_LEB,
    MEMORY_ADDR_LEB,
    MEMORY_ADDR_SLEB,
    TABLE_INDEX_SLEB,
    TABLE_NUMBER_LEB,
    TYPE_INDEX_LEB,
    RelocationKind,
)
from zellige.backend.wasm.types import MemArg

_ALLOWED: Mapping[str, tuple[RelocationKind, ...]] = MappingProxyType(
    {
        "function": (FUNCTION_INDEX_LEB,),
        "global": (GLOBAL_INDEX_LEB,),
        "type": (TYPE_INDEX_LEB,),
        "blocktype": (TYPE_INDEX_LEB,),
        "table": (TABLE_NUMBER_LEB,),
        "i32": (MEMORY_ADDR_SLEB, TABLE_INDEX_SLEB),
        "memarg": (MEMORY_ADDR_LEB,),
    }
)
"""Kind of immediate -> relocations that may fill it in."""

_NEEDED = frozenset({"function", "global", "type", "data", "element"})
"""Immediates that linking always changes. No relocation exists for the last two."""

_UNLESS_ZERO = frozenset({"table"})
"""There is one table, so its index may stand without a relocation."""

_LINKED = frozenset({*_ALLOWED, *_NEEDED, "memory"})
"""First immediates of the instructions that linking looks at."""


@dataclass(frozen=True)
class Patch:
    """What a relocation puts in its field: an index, an address, or the instruction that replaces the call."""

    kind: RelocationKind
    value: int | Access


Operands = list[Immediate | Access]
"""The immediates of an instruction; an access stands in the place of the called function."""


class Edit(NamedTuple):
    """Bytes in place of those from `start` to `end`."""

    start: int
    end: int
    replacement: bytes


class _Constant(NamedTuple):
    """An `i32.const` and its value after relocation."""

    offset: int
    value: int


def rewrite_body(body: bytes, patches: Mapping[int, Patch], local_memory: int) -> bytes:
    """The body as it stands in the module. `patches` are by offset in the body.

    Raises `LinkError` for a relocation that fits no immediate, an index without a relocation, and a call of an access
    without a constant offset before it.
    """
    edits: list[Edit] = []
    used = 0
    before: _Constant | None = None
    for instruction in instructions(body):
        constant: _Constant | None = None
        kinds = instruction.opcode.immediates
        if kinds and kinds[0] in _LINKED:
            values, filled = _relocated(body, instruction, patches)
            used += filled
            if isinstance(values[0], Access):
                start, replacement = _access(instruction, values[0], before)
                if edits and edits[-1].start == start:  # the constant offset was an address
                    edits.pop()
                edits.append(Edit(start, instruction.end, replacement))
            else:
                moved = local_memory != 0 and instruction.opcode.accesses_memory
                if moved:
                    values = [_in_memory(kind, value, local_memory) for kind, value in zip(kinds, values, strict=True)]
                if filled or moved:
                    replacement = encode(instruction.opcode, *_immediates(values))
                    edits.append(Edit(instruction.offset, instruction.end, replacement))
                if isinstance(values[0], int) and kinds[0] == "i32":
                    constant = _Constant(instruction.offset, values[0])
        before = constant
    if used != len(patches):
        raise LinkError(f"{len(patches) - used} relocations are not on an immediate that they fit")
    return edited(body, edits)


def _relocated(body: bytes, instruction: Instruction, patches: Mapping[int, Patch]) -> tuple[Operands, int]:
    """The immediates with their relocations filled in, and how many there were."""
    values: Operands = list(instruction.immediates)
    filled = 0
    for position, (kind, start, end) in enumerate(immediate_offsets(body, instruction)):
        field = start + 1 if kind == "memarg" else start
        patch = patches.get(field)
        value = values[position]
        if patch is None:
            if kind in _NEEDED or (kind in _UNLESS_ZERO and value != 0) or (kind == "blocktype" and type(value) is int):
                raise LinkError(f"the {kind} of '{instruction.name}' has no relocation")
            continue
        if patch.kind not in _ALLOWED.get(kind, ()) or field + patch.kind.width != end:
            raise LinkError(f"relocation {patch.kind.name} is on the {kind} of '{instruction.name}'")
        if isinstance(patch.value, Access) and instruction.name != "call":
            raise LinkError(f"the access is used by '{instruction.name}', expected a call")
        values[position] = value._replace(offset=patch.value) if isinstance(value, MemArg) else patch.value
        filled += 1
    return values, filled


def _access(instruction: Instruction, access: Access, before: _Constant | None) -> tuple[int, bytes]:
    """Where the code that the instruction replaces starts, and the instruction."""
    if not access.has_offset:
        return instruction.offset, access.encode(0)
    if before is None:
        raise LinkError(f"expected 'i32.const' with the constant offset before the call of '{access.opcode.name}'")
    if before.value < 0:
        raise LinkError(f"the constant offset of '{access.opcode.name}' must not be negative, got {before.value}")
    return before.offset, access.encode(before.value)


def _in_memory(kind: str, value: Immediate | Access, memory: int) -> Immediate | Access:
    if isinstance(value, MemArg):
        if value.memory:
            raise LinkError(f"an access of an object is for memory 0, got memory {value.memory}")
        return value._replace(memory=memory)
    if kind == "memory":
        if value:
            raise LinkError(f"an access of an object is for memory 0, got memory {value}")
        return memory
    return value


def _immediates(values: Sequence[Immediate | Access]) -> list[Immediate]:
    return [value for value in values if not isinstance(value, Access)]


def edited(body: bytes, edits: Sequence[Edit]) -> bytes:
    """The bytes with these changes, which are in their order."""
    chunks: list[bytes] = []
    copied = 0
    for start, end, replacement in edits:
        chunks += (body[copied:start], replacement)
        copied = end
    chunks.append(body[copied:])
    return b"".join(chunks)
