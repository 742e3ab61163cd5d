"""SHA-256 of what a function does: its digest is the same in each module in which it does the same.

Hashed are, each part with its length:

- the function's type and the kinds of the module's memories, by index;
- its body as it stands, locals first, where each index that depends on the rest of the module is replaced by what it
  names: a function by its digest, a type by its text, a global by its index, type and initial value (two variables
  that start equal are not one);
- when the body names the local memory, the local data: the data segments that LLVM made.

Local data is what is written into the local memory, in profile `full` a memory of its own. In the profiles with one
memory it is what is written below `constant_base` of the module's description, where the weights begin.

A function has no digest when it is imported, calls itself, or depends on a table, an element or passive data segment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from zellige.backend.wasm.errors import DigestError
from zellige.backend.wasm.instructions import Immediate, Instruction, immediate_offsets, instructions
from zellige.backend.wasm.sections import DataSegment, GlobalSection, Module
from zellige.backend.wasm.types import GlobalType, MemArg, MemoryType

MAX_CALL_DEPTH = 64
"""Kernels call functions that call few others."""

_FORMAT = b"zellige body 1"

_CALLS = frozenset({"call", "return_call"})
_WITHOUT_DIGEST: Mapping[str, str] = MappingProxyType(
    {"table": "a table", "element": "an element segment", "data": "a passive data segment"}
)


def memory_kinds(module: Module) -> tuple[str, ...]:
    """`device`, `local`, `constant`, by index: what an imported memory is called, and the defined ones by their order.

    Raises `DigestError` for more memories than a profile has.
    """
    kinds = [entry.name for entry in module.imports if isinstance(entry.type, MemoryType)]
    defined = len(module.memories) - len(kinds)
    if defined > 2:
        raise DigestError(f"expected at most 2 memories of the module's own, got {defined}")
    return (*kinds, *("local", "constant")[:defined])


class BodyDigests:
    """The digests of the functions of one module, each made once. `constant_base` is where its weights begin."""

    def __init__(self, module: Module, constant_base: int) -> None:
        self._module = module
        self._types = module.types
        self._functions = module.function_types
        self._imported = module.imported_functions
        self._kinds = memory_kinds(module)
        self._local_memory = self._kinds.index("local") if "local" in self._kinds else 0
        self._constant_base = constant_base
        self._digests: dict[int, bytes] = {}
        self._open: list[int] = []

    def of(self, function: int) -> bytes:
        """The digest of a function, by its index in the module.

        Raises `DigestError` for a function without one, and `WasmFormatError` for a body that cannot be decoded.
        """
        known = self._digests.get(function)
        if known is not None:
            return known
        if function in self._open:
            raise DigestError(f"function {function} calls itself")
        if len(self._open) >= MAX_CALL_DEPTH:
            raise DigestError(f"function {self._open[0]} has calls that are nested more than {MAX_CALL_DEPTH} deep")
        bodies = min(len(self._functions) - self._imported, len(self._module.bodies))
        if not 0 <= function - self._imported < bodies:
            raise DigestError(f"function {function} is not one of the {bodies} functions with a body")
        self._open.append(function)
        try:
            digest = self._digests[function] = self._made(function)
        finally:
            self._open.pop()
        return digest

    def _made(self, function: int) -> bytes:
        body = self._module.bodies[function - self._imported].body
        made = hashlib.sha256()
        for part in (_FORMAT, self._type(self._functions[function]), str(self._kinds).encode(), *self._code(body)):
            made.update(len(part).to_bytes(4, "little"))
            made.update(part)
        return made.digest()

    def _code(self, body: bytes) -> Iterator[bytes]:
        """The body, cut where an index is replaced by what it names, then the digest of what else it depends on."""
        copied = 0
        names_local_memory = False
        for instruction in instructions(body):
            kinds = instruction.opcode.immediates
            if not kinds:
                continue
            if not _WITHOUT_DIGEST.keys().isdisjoint(kinds):
                what = next(_WITHOUT_DIGEST[kind] for kind in kinds if kind in _WITHOUT_DIGEST)
                raise DigestError(f"'{instruction.name}' depends on {what}")
            named = self._named(instruction.name, kinds[0], instruction.immediates[0])
            if named is not None:
                _, start, end = next(immediate_offsets(body, instruction))
                yield body[copied:start]
                yield named
                copied = end
            elif instruction.opcode.accesses_memory and not names_local_memory:
                names_local_memory = self._local_memory in _memories(instruction)
        yield body[copied:]
        if names_local_memory:
            yield self._local_data

    def _named(self, instruction: str, kind: str, value: Immediate) -> bytes | None:
        """What an index names; None for an immediate that means the same in each module."""
        match kind:
            case "function" if isinstance(value, int):
                if instruction not in _CALLS:
                    raise DigestError(f"'{instruction}' takes the address of function {value}")
                return self.of(value)
            case "global" if isinstance(value, int):
                return self._global(value)
            case "blocktype" if isinstance(value, int):
                return self._type(value)
            case _:
                return None

    def _type(self, index: int) -> bytes:
        if index >= len(self._types):
            raise DigestError(f"type {index} does not exist, there are {len(self._types)}")
        return str(self._types[index]).encode()

    def _global(self, index: int) -> bytes:
        section = self._module.find(GlobalSection)
        defined = () if section is None else section.globals
        position = index - sum(isinstance(entry.type, GlobalType) for entry in self._module.imports)
        if not 0 <= position < len(defined):
            raise DigestError(f"global {index} is not one of the {len(defined)} globals with an initial value")
        return f"{index} {defined[position].type} ".encode() + defined[position].init

    @cached_property
    def _local_data(self) -> bytes:
        made = hashlib.sha256()
        for segment in self._module.data_segments:
            if not segment.is_passive and segment.memory == self._local_memory:
                address = _address(segment)
                if len(self._kinds) > 1 or address < self._constant_base:
                    for part in (address.to_bytes(4, "little"), len(segment.content).to_bytes(8, "little")):
                        made.update(part)
                    made.update(segment.content)
        return made.digest()


def _memories(instruction: Instruction) -> Iterator[Immediate]:
    for kind, value in zip(instruction.opcode.immediates, instruction.immediates, strict=True):
        if kind == "memory":
            yield value
        elif isinstance(value, MemArg):
            yield value.memory


def _address(segment: DataSegment) -> int:
    found = list(instructions(segment.offset, 0))
    value = found[0].immediates[0] if [i.name for i in found] == ["i32.const", "end"] else None
    if not isinstance(value, int):
        raise DigestError("a data segment stands at an address that is not a constant")
    return value & 0xFFFFFFFF
