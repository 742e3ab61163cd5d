"""What a specialiser has decided about a module: small, and quick to read back, so that a decision is made once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from zellige.runtime.processor import Processor

RULES = "zellige specialisation 2"
"""Changes when the same module and templates would give another plan, another rewritten module, or other templates."""

_LENGTH_BYTES = 4


@dataclass(frozen=True)
class Wishes:
    """The part of the processor that may be used; whether templates run beside their bodies on a small sample before
    they are used; whether they have to be equal bit by bit.
    """

    processor: Processor
    verify: bool = False
    strict: bool = False

    def key(self, module_digest: bytes, database: bytes | None) -> str:
        """Names what is made of a module and a database; without one, of the module alone."""
        features = " ".join(sorted(self.processor.features))
        text = f"{RULES}; {self.processor.architecture} {features}; {self.strict}"
        key = hashlib.sha256(module_digest + text.encode())
        if database is not None:
            key.update(hashlib.sha256(database).digest())
        return key.hexdigest()


class ChosenFunction(NamedTuple):
    """A built-in function that is replaced: its index in the module, and where in the plan's code its entry is."""

    name: str
    function_index: int
    entry_offset: int
    scratch_bytes: int


@dataclass(frozen=True)
class Plan:
    """The functions to replace, by index, and their machine code, all in one piece.

    `kernels` says what becomes of each built-in function, `problem` what a user should know of it, empty for nothing.
    """

    functions: tuple[ChosenFunction, ...]
    code: bytes
    kernels: Mapping[str, str]
    problem: str

    def to_bytes(self) -> bytes:
        head = json.dumps(
            {
                "functions": [list(function) for function in self.functions],
                "kernels": dict(self.kernels),
                "problem": self.problem,
            }
        ).encode()
        return len(head).to_bytes(_LENGTH_BYTES, "little") + head + self.code

    @staticmethod
    def from_bytes(content: bytes) -> Plan:
        """What `to_bytes` wrote: for content that a checksum guards, nothing is checked here."""
        start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "little")
        head = json.loads(content[_LENGTH_BYTES:start])
        functions = tuple(ChosenFunction(*fields) for fields in head["functions"])
        return Plan(functions, content[start:], head["kernels"], head["problem"])
