"""Mutations of modules that zellige made: what damage does, and what someone does who also makes the digests fit."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

import wasmtime

from tests.fuzz.linker import mutated
from tests.fuzz.template_database import json_with_other_value
from tests.native_host import with_records
from zellige.artifact import PROGRAM_SECTION, WASM_HEADER, Artifact, sections
from zellige.backend.wasm import template_section
from zellige.backend.wasm.builtin_section import FUNCTION, BuiltinRecord
from zellige.backend.wasm.digest import BodyDigests
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import CodeSection, CustomSection, Module
from zellige.backend.wasm.specialize import builtin_records
from zellige.backend.wasm.template_section import TEMPLATES_SECTION
from zellige.backend.wasm.writer import write
from zellige.support.errors import ZelligeError

Mutate = Callable[[bytes, random.Random], bytes]

TRIES = 40
"""Of these many mutations, the first is taken that an engine accepts."""

_NUMBER = re.compile(r"\b\d+\b")
_WORD = re.compile(r"[A-Za-z_][\w.]*")


def in_a_section(content: bytes, choice: random.Random) -> bytes:
    """Bits of one section flip, so that all sizes stay right; the name of a custom section is part of it."""
    _, start, end = choice.choice([place for place in sections(content) if place[1] < place[2]])
    return _flipped(content, start, end, choice)


def whole_sections(content: bytes, choice: random.Random) -> bytes:
    """A section goes, is there twice, is empty, stands elsewhere, or has the content of another one."""
    starts = [len(WASM_HEADER), *(end for _, _, end in sections(content))]
    pieces = [content[start:end] for start, end in pairwise(starts)]
    at, other = choice.randrange(len(pieces)), choice.randrange(len(pieces))
    match choice.randrange(5):
        case 0:
            del pieces[at]
        case 1:
            pieces.insert(other, pieces[at])
        case 2:
            pieces[at] = pieces[at][:1] + b"\0"
        case 3:
            pieces.insert(other, pieces.pop(at))
        case _:
            pieces[at] = pieces[at][:1] + pieces[other][1:]
    return WASM_HEADER + b"".join(pieces)


def valid(mutate: Mutate) -> Mutate:
    """The same, but where possible a module that an engine accepts."""

    def first_valid(content: bytes, choice: random.Random) -> bytes:
        changed = content
        for _ in range(TRIES):
            changed = mutate(content, choice)
            if changed != content and is_valid(changed):
                break
        return changed

    return first_valid


def in_code(content: bytes, choice: random.Random) -> bytes:
    """Bits of function bodies flip."""
    start, end = next((start, end) for kind, start, end in sections(content) if kind == CodeSection.id)
    return _flipped(content, start, end, choice)


def in_description(content: bytes, choice: random.Random) -> bytes:
    """Another value stands in the description of the program."""
    return _with_custom(content, PROGRAM_SECTION, lambda old: json_with_other_value(old, choice))


def in_records(content: bytes, choice: random.Random) -> bytes:
    """Records of built-in functions trade digests, names or places, or are for another group or version."""
    records = list(builtin_records(content))
    at, other = choice.randrange(len(records)), choice.randrange(len(records))
    one, two = records[at], records[other]
    match choice.randrange(5):
        case 0 if one.kind == two.kind:
            records[at], records[other] = replace(one, digest=two.digest), replace(two, digest=one.digest)
        case 1:
            records[at], records[other] = replace(one, name=two.name), replace(two, name=one.name)
        case 2:
            records[at] = replace(one, function_index=two.function_index)
            records[other] = replace(two, function_index=one.function_index)
        case 3:
            records[at] = replace(one, version=choice.choice((0, 2, 2**32 - 1)))
        case _:
            records[at] = replace(one, group=choice.choice(("", "group", one.name)))
    return with_records(content, *records)


def with_fitting_digests(content: bytes, choice: random.Random) -> bytes:
    """Bits of bodies flip, and the records have the digests of what comes out."""
    changed = in_code(content, choice)
    if not is_valid(changed):
        return changed
    parsed = read(changed)
    digests = BodyDigests(parsed, Artifact(changed).program.constant_base)
    return with_records(changed, *(_on_record(record, digests) for record in builtin_records(changed)))


def with_another_text(content: bytes, choice: random.Random) -> bytes:
    """The text that templates are made from is another one, of which the section has the digest."""
    return _with_custom(content, TEMPLATES_SECTION, lambda old: _another_text(old, choice))


def is_valid(module: bytes) -> bool:
    """Whether wasmtime accepts a module."""
    try:
        wasmtime.Module.validate(_engine(), module)
    except wasmtime.WasmtimeError:
        return False
    return True


@cache
def _engine() -> wasmtime.Engine:
    return wasmtime.Engine()


def _flipped(content: bytes, start: int, end: int, choice: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(choice.choice((1, 1, 1, 2, 3))):
        changed[choice.randrange(start, end)] ^= 1 << choice.randrange(8)
    return bytes(changed)


def _on_record(record: BuiltinRecord, digests: BodyDigests) -> BuiltinRecord:
    if record.kind != FUNCTION:
        return record
    try:
        return replace(record, digest=digests.of(record.function_index))
    except ZelligeError:  # the body has no digest any more
        return record


def _with_custom(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The module with another content of one custom section."""
    changed = [
        replace(section, content=change(bytes(section.content)))
        if isinstance(section, CustomSection) and section.name == name
        else section
        for section in read(content).sections
    ]
    return write(Module(tuple(changed)))


def _another_text(old: bytes, choice: random.Random) -> bytes:
    text = template_section.decode(old)
    for _ in range(choice.choice((1, 1, 2))):
        text = _edited(text, choice)
    return bytes(template_section.encode(text).content)


def _edited(text: str, choice: random.Random) -> str:
    """Another number or word, a line that is there twice, or not at all, or bytes as they come."""
    lines = text.splitlines(keepends=True)
    at, other = choice.randrange(len(lines)), choice.randrange(len(lines))
    match choice.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines.insert(other, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            return mutated(text.encode(), choice).decode(errors="replace")
        case 4:
            return _with_another(_WORD, text, choice.choice(_WORD.findall(text)), choice)
        case _:
            known = choice.choice(_NUMBER.findall(text))
            numbers = (known, int(known) + 1, int(known) * 2, 0, 1, 3, 64, 4096, 2**31, 2**40)
            return _with_another(_NUMBER, text, str(choice.choice(numbers)), choice)
    return "".join(lines)


def _with_another(pattern: re.Pattern[str], text: str, new: str, choice: random.Random) -> str:
    found = choice.choice(list(pattern.finditer(text)))
    return text[: found.start()] + new + text[found.end() :]
