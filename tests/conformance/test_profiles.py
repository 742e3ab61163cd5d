"""Each program in each profile, in wasmtime, against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conformance.programs import FOLDER, PROGRAMS, Program, compiled

PROFILES = ("full", "simd", "mvp")


def test_every_text_is_in_the_suite() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(PROGRAMS)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_results_are_those_of_numpy(program: Program, profile: str) -> None:
    results = program.run(compiled(program.path, profile))
    expected = program.expected()
    assert len(results) == len(expected)
    for result, right in zip(results, expected, strict=True):
        assert result.shape == right.shape
        scale = float(np.abs(right.astype("f8")).max(initial=0))
        np.testing.assert_allclose(result, right, rtol=0, atol=program.tolerance * scale)


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_deterministic_results_are_the_same_in_all_profiles(program: Program) -> None:
    first, *others = (program.run(compiled(program.path, profile, deterministic=True)) for profile in PROFILES)
    for results in others:
        assert [result.tobytes() for result in results] == [result.tobytes() for result in first]
