"""Sources, phases and errors of the driver."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from zellige.compiler.driver import compile, lower, pipeline_between  # noqa: A004  the public name
from zellige.compiler.options import CompileOptions
from zellige.compiler.phases import PHASE_NAMES, phases
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.support.errors import CompileError, UsageError
from zellige.support.printing import module_text

OPTIONS = CompileOptions()


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
def test_each_phase_but_link_has_a_readable_pipeline(profile: str) -> None:
    options = CompileOptions(profile)
    assert [phase.name for phase in phases(options)] == list(PHASE_NAMES[:-1])
    for first, following in pairwise(PHASE_NAMES):
        before = pipeline_between(options, first, first).passes
        after = pipeline_between(options, following, following).passes
        assert before[-1] == after[0], "a phase starts with the check that ends the one before"
        assert pipeline_between(options, first, following).passes == (*before, *after[1:])


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("inptu", "link", f"unknown phase 'inptu', phases are {', '.join(PHASE_NAMES)}; did you mean 'input'?"),
        ("vector", "memory", "phase 'vector' comes after phase 'memory'"),
    ],
)
def test_wrong_phases(first: str, last: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        pipeline_between(OPTIONS, first, last)
    assert str(caught.value) == message


def error_of(source: Any) -> str:
    with pytest.raises((UsageError, CompileError)) as caught:
        compile(source)
    return str(caught.value)


def test_missing_file() -> None:
    assert error_of("model.mlir") == "cannot read 'model.mlir': no such file or directory"
    assert error_of(Path("module.mlir")) == "cannot read 'module.mlir': no such file or directory"


def test_dimensions_of_a_text_have_no_names() -> None:
    with pytest.raises(UsageError, match="dimensions have names in ONNX models only"):
        compile("func.func @main(%x: tensor<?xf32>) {\n  return\n}", dimensions={"batch": 1})


def test_folder(tmp_path: Path) -> None:
    assert error_of(tmp_path) == f"cannot read '{tmp_path}': is a directory"


def test_empty_text_and_file(tmp_path: Path) -> None:
    file = tmp_path / "empty.mlir"
    file.touch()
    assert error_of(file) == f"{file}:1:1: error: the file is empty"
    assert error_of("") == "<text>:1:1: error: the file is empty"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "model.mlir"
    file.write_bytes(b"func\xff")
    assert error_of(file) == f"{file}:1:1: error: expected UTF-8 text, got byte 0xff at offset 4"


def test_something_else() -> None:
    assert error_of(3) == "expected a path, MLIR text, an ONNX model or a module, got int"


def test_unknown_option() -> None:
    with pytest.raises(UsageError, match="unknown option 'profle'"):
        compile("func.func @f() { return }", profle="full")


@pytest.mark.parametrize(
    "text",
    [
        "func.func @main( {",
        "module {",
        "module @m {",
        "module attributes {",
        "builtin.module {",
        "// only a comment {",
        '"func.func"() {',
        "#map = {",
        "{-# {",
    ],
)
def test_one_line_of_text_is_not_taken_for_a_path(text: str) -> None:
    assert error_of(text).startswith("<text>:1:")


def test_error_shows_the_line() -> None:
    assert error_of("module {\n  nothing.at.all\n}").splitlines()[:3] == [
        "<text>:2:3: error: op 'nothing.at.all' is not supported",
        "    nothing.at.all",
        "    ^",
    ]


def test_source_module_is_not_changed() -> None:
    module = read_module("func.func @f() { return }", "a.mlir", context())
    before = module_text(module)
    lowered = lower(module, OPTIONS, last="input")
    assert lowered is not module
    assert module_text(module) == before
