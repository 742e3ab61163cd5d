"""What the compiler gives the linker comes back from reader and writer byte by byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from zellige.backend.wasm.reader import read
from zellige.backend.wasm.writer import write
from zellige.compiler.driver import compile_from, lower
from zellige.compiler.options import CompileOptions
from zellige.dialects.hal import ObjectOp

PROGRAMS = sorted(Path(__file__).with_name("programs").glob("*.mlir"))


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_objects_and_modules_round_trip(path: Path, profile: str):
    options = CompileOptions(profile=profile)
    module = lower(path, options)
    objects = [op.content.data.data for op in module.walk() if isinstance(op, ObjectOp)]
    assert objects
    linked = compile_from(module, options, "link").module
    for content in (*objects, linked):
        assert write(read(content)) == content
