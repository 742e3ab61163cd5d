"""A program with built-in functions and choices of its own: what runs is what the module says is available."""

from pathlib import Path

import numpy as np
import pytest

import zellige
from zellige.artifact import custom_section
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION, FUNCTION, IS_AVAILABLE, decode
from zellige.compiler.driver import compile_from, lower
from zellige.compiler.options import CompileOptions
from zellige.support.printing import module_text

PROGRAM = Path(__file__).parent / "choice.mlir"
X = np.arange(16, dtype=np.float32) * np.tile(np.array([1, -1], np.float32), 8)

EXPECTED = {
    0: np.abs(X),
    1: np.concatenate([[0], np.abs(X[1:8]), X[8:]]),
    2: np.concatenate([[0], np.abs(X[1:8]), X[8:] * X[8:]]),
}
"""Newest version that is available -> results."""


def run(artifact: zellige.Artifact) -> np.ndarray:
    with zellige.Device() as device, zellige.load(artifact, cache=False, device=device) as program:
        return np.asarray(program["main"](X))


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
def test_the_portable_module_runs_the_default(profile: str) -> None:
    artifact = compile_from(PROGRAM, CompileOptions(profile), "lowering")
    np.testing.assert_array_equal(run(artifact), EXPECTED[0])


@pytest.mark.parametrize("available", EXPECTED)
def test_the_newest_available_version_runs(available: int) -> None:
    text = module_text(lower(PROGRAM, CompileOptions(), "lowering", "lowering"))
    head, mark, body = text.partition("llvm.func @squares.is_available()")
    answered = head + mark + body.replace("constant(0 : i32)", f"constant({available} : i32)", 1)
    np.testing.assert_array_equal(run(compile_from(answered, CompileOptions(), "object")), EXPECTED[available])


def test_the_module_says_what_its_built_in_functions_are() -> None:
    content = custom_section(compile_from(PROGRAM, CompileOptions(), "lowering").module, BUILTIN_SECTION)
    assert content is not None
    assert {(record.kind, record.group, record.name, record.version) for record in decode(content)} == {
        (IS_AVAILABLE, "squares", "is_available", 2),
        (FUNCTION, "squares", "magnitude", 1),
        (FUNCTION, "squares", "wide_magnitude", 1),
    }
