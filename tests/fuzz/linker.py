"""Mutated objects and modules: each gives a typed error or a valid module, never anything else.

    python -m tests.fuzz.linker --count 10000 [--seed 1]

Valid is what wasmtime's validator says. A mutation is a flipped bit, a cut, inserted bytes, or a number spliced in.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import wasmtime

from tests.fuzz.command import Inputs, Seen, run
from tests.wasm_objects import corpus, describe
from zellige.backend.wasm.link import ConstantSegment, LinkOptions, link
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.validate import validate
from zellige.backend.wasm.writer import write
from zellige.support.errors import ZelligeError


@dataclass(frozen=True)
class Program:
    """Named objects that link with each other."""

    objects: tuple[tuple[str, bytes], ...]
    exports: tuple[str, ...]
    profile: str

    def link(self) -> bytes:
        options = LinkOptions(self.profile, self.exports, ("simd128",))
        return link(self.objects, [ConstantSegment(0, bytes(64))], options, describe)

    def mutated(self, choice: random.Random) -> Program:
        """The same with one object changed."""
        objects = list(self.objects)
        position = choice.randrange(len(objects))
        name, content = objects[position]
        objects[position] = name, mutated(content, choice)
        return replace(self, objects=tuple(objects))


def programs() -> Sequence[Program]:
    objects = corpus()
    cases = (
        ("full", ("kernel", "shared"), ("main",)),
        ("full", ("start", "comdat"), ("get", "weak")),
        ("simd", ("control flow", "start"), ("main", "get")),
        ("simd", ("debug",), ("main",)),
        ("mvp", ("mvp",), ("shared",)),
    )
    return [Program(tuple((n, objects[n]) for n in names), exports, profile) for profile, names, exports in cases]


def mutated(content: bytes, choice: random.Random) -> bytes:
    """One to four mutations."""
    changed = bytearray(content)
    for _ in range(choice.choice((1, 1, 2, 4))):
        at = choice.randrange(len(changed) + 1)
        match choice.randrange(6):
            case 0 | 1 if at < len(changed):
                changed[at] ^= 1 << choice.randrange(8)
            case 2 if at > 8:
                del changed[at:]
            case 3:
                changed[at:at] = choice.randbytes(choice.randrange(1, 5))
            case 4:
                number = b"\xff" * choice.randrange(10) + bytes((choice.randrange(128),))
                changed[at : at + choice.randrange(6)] = number
            case _:
                changed[at : at + choice.randrange(1, 9)] = b""
    return bytes(changed)


def fuzz(inputs: Inputs) -> Seen:
    """Half of the inputs are objects, half are modules."""
    engine = wasmtime.Engine()
    good = programs()
    modules = [program.link() for program in good]
    seen = Seen()
    for index, choice in inputs:
        kind = ("object", "module")[index % 2]
        program = choice.choice(good).mutated(choice)
        module = mutated(choice.choice(modules), choice)
        started = time.monotonic()
        try:
            result = program.link() if kind == "object" else _read_and_write(module)
            wasmtime.Module.validate(engine, result)
            seen.outcomes[f"{kind}: valid module"] += 1
        except ZelligeError:
            seen.outcomes[f"{kind}: typed error"] += 1
        except wasmtime.WasmtimeError as cause:
            seen.fail(index, f"{kind} is not valid: {cause}")
        except Exception as cause:  # any other class is what this looks for
            seen.fail(index, f"{kind}: {type(cause).__name__}: {cause}")
        seen.check_time(index, started)
    return seen


def _read_and_write(content: bytes) -> bytes:
    module = read(content)
    validate(module)
    return write(module)


if __name__ == "__main__":
    sys.exit(run(fuzz, __doc__, count=10_000))
