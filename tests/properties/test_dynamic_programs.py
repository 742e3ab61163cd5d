"""A program is compiled once, and gives numpy's numbers for all sizes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import zellige
from tests.dynamic_programs import Drawn, dynamic_programs

SIZES = st.fixed_dictionaries({letter: st.sampled_from([0, 1, 2, 3, 17, 40]) for letter in "nmk"})


@settings(max_examples=15)
@given(dynamic_programs(), st.lists(SIZES, min_size=3, max_size=3))
def test_one_module_runs_at_all_sizes(drawn: Drawn, sizes: list[dict[str, int]]) -> None:
    generator = np.random.default_rng(5)
    with zellige.load(zellige.compile(drawn.text), cache=False) as program:
        main = program["main"]
        for env in sizes:
            arguments = drawn.inputs(env, generator)
            got = main(*arguments)
            results = got if len(main.results) > 1 else (got,)
            for compute, result in zip(drawn.computes, results, strict=True):
                expected = compute(arguments, env)
                assert result.shape == expected.shape
                np.testing.assert_allclose(result, expected, rtol=1e-5)
