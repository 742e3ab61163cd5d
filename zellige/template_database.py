r"""Templates of built-in functions in a file beside a module: machine code, and what a runtime has to know before it
uses it (`docs/design/builtins.md`).

    \0hwdb\1\0\0         8 bytes: name and version of the format
    SHA-256             32 bytes: of all that follows
    length              u64, little-endian: bytes of the index
    index               JSON, UTF-8: {"templates": [the fields of each `Template`; `code` is its number of bytes]}
    code                of each template, in the index's order, at a multiple of 64; between them zeros

Where code stands follows from the index, so that two templates cannot overlap and nothing can be hidden between them.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from reprlib import repr as shortened
from typing import Any, Literal, cast

from zellige.support.errors import RuntimeTrap, UsageError

DATABASE_HEADER = b"\0hwdb\1\0\0"
DATABASE_SUFFIX = ".hwdb"
CODE_ALIGNMENT_BYTES = 64
MAX_SCRATCH_BYTES = 1 << 30
"""More than this is no template of ours: a loaded program holds the largest scratch for as long as it lives."""

_KERNEL_CONVENTION = "sysv wasmtime-unchecked 1"
"""How native functions of this version are called, behind the architecture: `docs/design/builtins.md`, "The call"."""

_DIGEST_BYTES = 32
_INDEX_OFFSET = len(DATABASE_HEADER) + _DIGEST_BYTES + 8
_FEATURE = re.compile(r"[a-z0-9_.]+")
_MEMORIES = ("device", "constant")
_ACCESSES = ("r", "w", "rw")


def convention(architecture: str) -> str:
    """The calling convention of templates for an architecture (`x86_64`, `aarch64`)."""
    return f"{architecture}-{_KERNEL_CONVENTION}"


@dataclass(frozen=True)
class Footprint:
    """The bytes that a pointer parameter reads or writes: `size_bytes` from the pointer on, which is a multiple of
    `alignment`.
    """

    parameter: int
    memory: Literal["device", "constant"]
    size_bytes: int
    access: Literal["r", "w", "rw"]
    alignment: int


@dataclass(frozen=True)
class Check:
    """How a template was compared with the portable body: on how many inputs, whether all results were equal bit by
    bit (any NaN equals any NaN), and the largest relative error of one.
    """

    inputs: int
    bit_equal: bool
    max_relative_error: float


@dataclass(frozen=True)
class Template:
    """Machine code for a built-in function.

    `digest` is that of the portable body that it replaces; `features` are those that the processor must have, as
    /proc/cpuinfo spells them; `convention` is how it is called, for instance `x86_64-sysv wasmtime-unchecked 1`.
    `code` is position independent, its entry at `entry_offset`.
    """

    name: str
    digest: bytes
    group: str
    version: int
    features: tuple[str, ...]
    convention: str
    code: bytes
    entry_offset: int
    scratch_bytes: int
    footprint: tuple[Footprint, ...]
    workgroups: tuple[int, int, int]
    check: Check


@dataclass(frozen=True)
class TemplateDatabase:
    """Templates, for any number of functions and processors; at most one for each of both."""

    templates: tuple[Template, ...]

    def to_bytes(self) -> bytes:
        """The file. Equal templates in the same order give equal bytes."""
        records = [_record(template) for template in self.templates]
        index = json.dumps({"templates": records}, separators=(",", ":"), ensure_ascii=False).encode()
        content = bytearray(len(index).to_bytes(8, "little") + index)
        start = len(DATABASE_HEADER) + _DIGEST_BYTES
        for template in self.templates:
            content.extend(bytes(-(start + len(content)) % CODE_ALIGNMENT_BYTES))
            content.extend(template.code)
        return DATABASE_HEADER + hashlib.sha256(content).digest() + bytes(content)

    @staticmethod
    def from_bytes(content: bytes) -> TemplateDatabase:
        """The templates of a file. Raises `RuntimeTrap` (code `templates`) for any other content."""
        index_end = _check_frame(content)
        try:
            parsed: object = json.loads(content[_INDEX_OFFSET:index_end])
        except (ValueError, RecursionError) as cause:
            raise _error("the index is not JSON") from cause
        if not isinstance(parsed, dict):
            raise _error("the index is not an object with 'templates'")
        try:
            records = _fields(cast("dict[str, object]", parsed), ("templates",))[0]
            return _templates(_list(records), content, index_end)
        except (TypeError, ValueError) as cause:
            raise _error(str(cause)) from cause

    def save(self, path: str | Path) -> None:
        """Write the file. Raises `UsageError` when it cannot be written."""
        try:
            Path(path).write_bytes(self.to_bytes())
        except OSError as cause:
            raise UsageError(f"cannot write '{path}': {(cause.strerror or str(cause)).lower()}") from cause

    @staticmethod
    def load(path: str | Path) -> TemplateDatabase:
        """Read a file that `save` wrote. Raises `UsageError` for the file and `RuntimeTrap` for its content."""
        return TemplateDatabase.from_bytes(read_database(path))


def read_database(path: str | Path) -> bytes:
    """The bytes of a file. Raises `UsageError` when it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as cause:
        raise UsageError(f"cannot read '{path}': {(cause.strerror or str(cause)).lower()}") from cause


def _record(template: Template) -> dict[str, Any]:
    check = asdict(template.check) | {"max_relative_error": float(template.check.max_relative_error)}
    return asdict(template) | {"digest": template.digest.hex(), "code": len(template.code), "check": check}


def _check_frame(content: bytes) -> int:
    """Check what stands around the index, and the checksum; the offset where the index ends."""
    if content[: len(DATABASE_HEADER)] != DATABASE_HEADER:
        if content[:5] == DATABASE_HEADER[:5]:
            found, known = content[5:8].hex(), DATABASE_HEADER[5:].hex()
            raise _error(f"its format has version {found or 'none'}, this runtime knows {known}")
        raise _error(f"it begins with {content[:8]!r}, expected {DATABASE_HEADER!r}")
    if len(content) < _INDEX_OFFSET:
        raise _error(f"it is cut short: it has {len(content)} bytes, its head alone has {_INDEX_OFFSET}")
    start = len(DATABASE_HEADER) + _DIGEST_BYTES
    if hashlib.sha256(memoryview(content)[start:]).digest() != content[len(DATABASE_HEADER) : start]:
        raise _error("its checksum differs from its content: it is cut short, damaged or was changed")
    index_end = _INDEX_OFFSET + int.from_bytes(content[start:_INDEX_OFFSET], "little")
    if index_end > len(content):
        raise _error(f"the index ends at {index_end}, the file at {len(content)}")
    return index_end


def _templates(records: list[object], content: bytes, index_end: int) -> TemplateDatabase:
    templates: list[Template] = []
    end = index_end
    for position, record in enumerate(records):
        try:
            start = end + -end % CODE_ALIGNMENT_BYTES
            template = _template(record, content, start)
        except (TypeError, ValueError) as cause:
            raise ValueError(f"template {position}: {cause}") from cause
        if any(content[end:start]):
            raise ValueError(f"bytes {end} to {start}, before the code of template {position}, are not zero")
        end = start + len(template.code)
        templates.append(template)
    if end != len(content):
        raise ValueError(f"the last template ends at {end}, the file at {len(content)}")
    same = Counter((t.name, t.digest, t.features, t.convention) for t in templates)
    for (name, _, features, _), count in same.items():
        if count > 1:
            raise ValueError(f"{count} templates for '{name}' with features {list(features)}, expected one")
    return TemplateDatabase(tuple(templates))


def _template(record: object, content: bytes, start: int) -> Template:
    name, digest, group, version, features, convention, code_bytes, *rest = _fields(
        record, tuple(Template.__dataclass_fields__)
    )
    entry_offset, scratch_bytes, footprint, workgroups, check = rest
    size_bytes = _count(code_bytes, "code", least=1)
    if start + size_bytes > len(content):
        raise ValueError(f"its code ends at {start + size_bytes}, the file at {len(content)}")
    return Template(
        name=_text(name, "name"),
        digest=_digest(digest),
        group=_text(group, "group"),
        version=_count(version, "version"),
        features=tuple(_feature(word) for word in _list(features)),
        convention=_text(convention, "convention"),
        code=content[start : start + size_bytes],
        entry_offset=_count(entry_offset, "entry_offset", most=size_bytes - 1),
        scratch_bytes=_count(scratch_bytes, "scratch_bytes", most=MAX_SCRATCH_BYTES),
        footprint=tuple(_footprint(item) for item in _list(footprint)),
        workgroups=_workgroups(_list(workgroups)),
        check=_check(check),
    )


def _footprint(record: object) -> Footprint:
    parameter, memory, size_bytes, access, alignment = _fields(record, tuple(Footprint.__dataclass_fields__))
    if memory not in _MEMORIES:
        raise ValueError(f"'memory' is {shortened(memory)}, expected one of {', '.join(_MEMORIES)}")
    if access not in _ACCESSES:
        raise ValueError(f"'access' is {shortened(access)}, expected one of {', '.join(_ACCESSES)}")
    step = _count(alignment, "alignment", least=1)
    if step & (step - 1):
        raise ValueError(f"'alignment' is {step}, expected a power of two")
    return Footprint(
        _count(parameter, "parameter"),
        memory,
        _count(size_bytes, "size_bytes"),
        access,
        step,
    )


def _check(record: object) -> Check:
    inputs, bit_equal, error = _fields(record, tuple(Check.__dataclass_fields__))
    if not isinstance(bit_equal, bool):
        raise TypeError(f"'bit_equal' is {shortened(bit_equal)}, expected true or false")
    if not isinstance(error, float) or not math.isfinite(error) or error < 0:
        raise ValueError(f"'max_relative_error' is {shortened(error)}, expected a number that is not negative")
    return Check(_count(inputs, "inputs"), bit_equal, error)


def _fields(record: object, names: Iterable[str]) -> list[object]:
    """The values of an object that has exactly these names, in their order."""
    names = tuple(names)
    if not isinstance(record, dict):
        raise TypeError(f"got {shortened(record)}, expected an object with {', '.join(names)}")
    values = cast("dict[str, object]", record)
    if set(values) != set(names):
        raise ValueError(f"its fields are {shortened(sorted(values))}, expected {', '.join(names)}")
    return [values[name] for name in names]


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"got {shortened(value)}, expected a list")
    return cast("list[object]", value)


def _count(value: object, name: str, *, least: int = 0, most: int = 2**32) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"'{name}' is {shortened(value)}, expected a number from {least} to {most}")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.isprintable() or not value:
        raise ValueError(f"'{name}' is {shortened(value)}, expected a text")
    return value


def _feature(value: object) -> str:
    if not isinstance(value, str) or _FEATURE.fullmatch(value) is None:
        raise ValueError(f"a feature is {shortened(value)}, expected a word of a-z, 0-9, '_' and '.'")
    return value


def _digest(value: object) -> bytes:
    if not isinstance(value, str) or re.fullmatch(f"[0-9a-f]{{{2 * _DIGEST_BYTES}}}", value) is None:
        raise ValueError(f"'digest' is {shortened(value)}, expected {2 * _DIGEST_BYTES} hexadecimal digits")
    return bytes.fromhex(value)


def _workgroups(values: list[object]) -> tuple[int, int, int]:
    if len(values) != 3:
        raise ValueError(f"'workgroups' is {shortened(values)}, expected three numbers")
    x, y, z = (_count(value, "workgroups", least=1) for value in values)
    return x, y, z


def _error(what: str) -> RuntimeTrap:
    return RuntimeTrap(f"the template database is not one that this runtime can read: {what}", code="templates")
