"""Kernels with dynamic sizes give numpy's numbers for all sizes, 0 and 1 among them, and write no other bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import dynamic_kernel_cases, dynamic_movement_cases
from tests.dynamic_kernel_forms import Case
from tests.dynamic_kernels import DTYPES, Array, Runner

CASES = {**dynamic_kernel_cases.CASES, **dynamic_movement_cases.CASES}


@pytest.mark.parametrize("name", CASES)
def test_numbers_of_numpy(name: str) -> None:
    _try_sizes(CASES[name](), "full", 12)


@pytest.mark.parametrize("name", ["softmax of dynamic rows", "matmul, all dynamic", "convolution of an image"])
def test_without_vectors(name: str) -> None:
    _try_sizes(CASES[name](), "mvp", 6)


@pytest.mark.parametrize(
    "name",
    [
        "two dynamic loops",
        "all dynamic",
        "softmax of dynamic rows",
        "softmax in a batch",
        "layer norm",
        "matmul with dynamic rows",
        "matmul, all dynamic",
        "scores of attention",
        "transpose",
        "convolution of an image",
        "dot product of bytes",
    ],
)
def test_last_workgroups_are_short(name: str) -> None:
    _try_sizes(CASES[name](), "full", 6, part=3)


def _try_sizes(case: Case, profile: str, examples: int, part: int | None = None) -> None:
    names = case.kernel.free_sizes
    size = st.one_of(st.sampled_from([0, 1]), st.integers(1, case.most))
    slow = [HealthCheck.filter_too_much, HealthCheck.too_slow]
    with Runner(case.kernel, profile, part) as run:

        @settings(max_examples=examples, deadline=None, suppress_health_check=slow)
        @given(st.fixed_dictionaries(dict.fromkeys(names, size)), st.integers(0, 99))
        def try_sizes(sizes: dict[str, int], seed: int) -> None:
            _check(case, run, case.kernel.all_sizes(sizes), seed)

        try_sizes()


def _check(case: Case, run: Runner, sizes: dict[str, int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    inputs: list[Array] = []
    for buffer in case.kernel.inputs:
        shape, dtype = buffer.shape(sizes), DTYPES[buffer.element]
        is_number = buffer.element == "i64"
        numbers = generator.integers(0, 30, shape) if is_number else generator.normal(0, 1, shape)
        inputs.append((numbers * 20 if buffer.element == "i8" else numbers).astype(dtype))
    result, *_ = run(sizes, inputs)
    np.testing.assert_allclose(result, case.compute(inputs), rtol=case.tolerance, atol=case.tolerance)
