"""Mutated template databases: each is refused with one typed error or warning, and programs compute what they did.

    python -m tests.fuzz.template_database --count 5000 [--seed 1]

A mutation is a flipped bit, a cut, inserted bytes, a number spliced in, or another value in the index. Two thirds of
the files get a checksum that fits, so that what is behind it is reached; some of these are read, and have to come back
when they are written. The template that is mutated says that it has done the work and does nothing: where it is used,
the numbers are wrong.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np

import zellige
from tests.fuzz.command import Inputs, Seen, run
from tests.fuzz.linker import mutated
from zellige.artifact import Artifact
from zellige.backend.wasm.specialize import matching
from zellige.template_database import Check, Footprint, Template, TemplateDatabase, convention

PROGRAM = """
func.func @main(%x: tensor<64x256xf32>) -> tensor<64x256xf32> {
  %e = tensor.empty() : tensor<64x256xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<64x256xf32>) outs(%e : tensor<64x256xf32>) -> tensor<64x256xf32>
  return %y : tensor<64x256xf32>
}
"""
X = np.random.default_rng(0).standard_normal((64, 256), np.float32)

IDLE = bytes.fromhex("c70201000000 31c0 c3")
"""mov dword [rdx], 1; xor eax, eax; ret: says that the work is done."""

INDEX_START = 48
VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1,
    63,
    2**31,
    2**64,
    10**400,
    1.5,
    float("inf"),
    "",
    "avx2",
    "é",
    "\0",
    [],
    [1, 1],
    {},
)


def database(artifact: Artifact) -> TemplateDatabase:
    """What is mutated: templates for the kernel of a program."""
    (record,) = matching(artifact.module)
    template = Template(
        name=record.name,
        digest=record.digest,
        group=record.group,
        version=record.version,
        features=(),
        convention=convention("x86_64"),
        code=IDLE,
        entry_offset=0,
        scratch_bytes=4096,
        footprint=(Footprint(0, "device", 65536, "r", 4), Footprint(1, "device", 65536, "w", 4)),
        workgroups=(4, 2, 1),
        check=Check(2000, bit_equal=False, max_relative_error=1.5e-7),
    )
    return TemplateDatabase((template, replace(template, features=("avx2",), code=IDLE + bytes(200), scratch_bytes=0)))


def sealed(content: bytes) -> bytes:
    """The same with a checksum that fits."""
    return content[:8] + hashlib.sha256(content[40:]).digest() + content[40:]


def with_other_value(content: bytes, choice: random.Random) -> bytes:
    """The file with one value of the index changed, added or left out."""
    end = INDEX_START + int.from_bytes(content[40:INDEX_START], "little")
    text = json_with_other_value(content[INDEX_START:end], choice)
    code = content[-(-end // 64) * 64 :]
    padding = bytes(-(INDEX_START + len(text)) % 64)
    return content[:40] + len(text).to_bytes(8, "little") + text + padding + code


def json_with_other_value(text: bytes, choice: random.Random) -> bytes:
    """The text of an object or list with one value in it changed, added or left out."""
    value: Any = json.loads(text)
    holder, key = choice.choice(list(_places(value)))
    if isinstance(holder, dict) and choice.random() < 0.2:
        cast("dict[str, object]", holder).pop(str(key))
    else:
        holder[key] = choice.choice(VALUES)
    return json.dumps(value).encode()


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Each list or object with each of its keys, all the way down."""
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(cast("dict[str, object]", value))
    elif isinstance(value, list):
        keys = list(range(len(cast("list[object]", value))))
    places: list[tuple[Any, Any]] = []
    for key in keys:
        places += [(cast("Any", value), key), *_places(value[key])]
    return places


MUTATIONS: tuple[tuple[str, Callable[[bytes, random.Random], bytes]], ...] = (
    ("bytes", mutated),
    ("bytes, sealed", lambda content, choice: sealed(mutated(content, choice))),
    ("index, sealed", lambda content, choice: sealed(with_other_value(content, choice))),
)


@cache
def program() -> Artifact:
    return zellige.compile(PROGRAM)


def fuzz(inputs: Inputs) -> Seen:
    """Read and load mutated files of a database."""
    good = database(program()).to_bytes()
    artifact = program().with_template_database(hashlib.sha256(good).digest())
    seen = Seen()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zellige.load(artifact, cache=folder) as portable:
            expected = portable["main"](X)
        for index, choice in inputs:
            kind, mutate = MUTATIONS[index % len(MUTATIONS)]
            content = mutate(good, choice)
            if content == good:
                continue
            started = time.monotonic()
            try:
                seen.outcomes[f"{kind}: {_read(content)}"] += 1
                _check_refused(artifact, content, folder, expected)
            except Exception as cause:  # any other class than is expected is what this looks for
                seen.fail(index, f"{type(cause).__name__}: {cause}")
            seen.check_time(index, started)
    return seen


def _read(content: bytes) -> str:
    try:
        found = TemplateDatabase.from_bytes(content)
    except zellige.RuntimeTrap as trap:
        if trap.code != "templates":
            raise
        return "typed error"
    if TemplateDatabase.from_bytes(found.to_bytes()) != found:
        raise AssertionError("another database comes back when it is written")
    return "read"


def _check_refused(artifact: Artifact, content: bytes, folder: Path, expected: object) -> None:
    (folder / "model.hwdb").write_bytes(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loaded = zellige.load(artifact, specialize="native", templates=folder / "model.hwdb", cache=folder)
    with loaded:
        if [warning.category for warning in caught] != [zellige.SpecializeWarning]:
            raise AssertionError(f"expected one warning, got {[str(warning.message) for warning in caught]}")
        if not np.array_equal(loaded["main"](X), cast("Any", expected)):
            raise AssertionError("other numbers")


if __name__ == "__main__":
    sys.exit(run(fuzz, __doc__, count=5_000))
