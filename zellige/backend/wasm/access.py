"""Names of the form `zellige.<instruction>.m<memory>.a<alignment>[.l<lane>]`: calls that stand for an instruction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.instructions import Immediate, encode
from zellige.backend.wasm.opcodes import OPCODE_OF_NAME, Opcode
from zellige.backend.wasm.types import FunctionType, MemArg

ACCESS_PREFIX = "zellige."

_NAME = re.compile(
    r"zellige\.(?P<name>.+?)(?P<memories>(?:\.m[0-9]{1,3})+)(?:\.a(?P<align>[0-9]{1,2}))?(?:\.l(?P<lane>[0-9]{1,2}))?"
)


@dataclass(frozen=True)
class Access:
    """A memory instruction without its constant offset. `align` and `lane` are None where the instruction has none."""

    opcode: Opcode
    memories: tuple[int, ...]
    align: int | None
    lane: int | None

    @property
    def has_offset(self) -> bool:
        return self.align is not None

    @property
    def written_memory(self) -> int | None:
        """The memory that the instruction changes."""
        name = self.opcode.name
        reads_only = "load" in name or name == "memory.size" or ".wait" in name or name.endswith("notify")
        return None if reads_only else self.memories[0]

    @property
    def signature(self) -> FunctionType:
        """Type of the function that stands for the instruction: the constant offset is the last parameter."""
        assert self.opcode.params is not None
        assert self.opcode.results is not None
        return FunctionType(self.opcode.params + ("i32",) * self.has_offset, self.opcode.results)

    def encode(self, offset: int) -> bytes:
        """The instruction; `offset` is ignored where the instruction has none."""
        immediates: list[Immediate] = []
        for position, kind in enumerate(self.opcode.immediates):
            match kind:
                case "memarg":
                    assert self.align is not None
                    immediates.append(MemArg(self.align, self.memories[0], offset))
                case "memory":
                    immediates.append(self.memories[position])
                case _:
                    immediates.append(self.lane)
        return encode(self.opcode, *immediates)


def parse_access(symbol: str) -> Access:
    """The instruction that a symbol names. Raises `LinkError` for a name that is none, saying what is wrong with it."""
    match = _NAME.fullmatch(symbol)
    opcode = OPCODE_OF_NAME.get(match["name"]) if match else None
    if match is None or opcode is None or not {"memarg", "memory"} & set(opcode.immediates):
        raise LinkError(f"'{symbol}' names no memory instruction", symbol=symbol)
    if not set(opcode.immediates) <= {"memarg", "memory", "lane"}:
        raise LinkError(f"'{symbol}' names an instruction that cannot be called", symbol=symbol)
    memories = tuple(int(index) for index in match["memories"].split(".m")[1:])
    align = None if match["align"] is None else int(match["align"])
    lane = None if match["lane"] is None else int(match["lane"])
    expected = sum(kind in {"memarg", "memory"} for kind in opcode.immediates)
    if len(memories) != expected:
        raise LinkError(f"'{symbol}' names {len(memories)} memories, '{opcode.name}' has {expected}", symbol=symbol)
    if (align is None) == ("memarg" in opcode.immediates):
        raise LinkError(f"'{symbol}' must{' not' if align is not None else ''} give an alignment", symbol=symbol)
    if align is not None and (align > opcode.alignment or (opcode.is_atomic and align != opcode.alignment)):
        most = "" if opcode.is_atomic else "at most "
        raise LinkError(f"'{symbol}' has alignment 2^{align}, expected {most}2^{opcode.alignment}", symbol=symbol)
    if (lane is None) == (opcode.lanes > 0):
        raise LinkError(f"'{symbol}' must{' not' if lane is not None else ''} give a lane", symbol=symbol)
    if lane is not None and lane >= opcode.lanes:
        raise LinkError(f"'{symbol}' names lane {lane} of {opcode.lanes}", symbol=symbol)
    return Access(opcode, memories, align, lane)
