"""Random programs with views, slices, loops and branches give numpy's numbers as one WebAssembly module."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xdsl.parser import Parser

import zellige
from tests.interpreter import Interpreter
from tests.random_programs import programs
from zellige.compiler.universe import context


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs(), st.integers(0, 3))
def test_same_numbers_in_wasm(text: str, rounds: int) -> None:
    square = np.arange(16, dtype=np.int32).reshape(4, 4)
    arguments = [square - 7, square[::-1].copy(), np.array([3, -1, 0, 5], np.int32)]
    module = Parser(context(), text).parse_module()
    expected = Interpreter(module).call("main", *arguments, np.array(rounds, np.int64))
    program = zellige.load(zellige.compile(text), cache=False)
    results = program["main"](*arguments, np.array(rounds, np.int32))
    for got, want in zip(results, expected, strict=True):
        np.testing.assert_array_equal(got, want)
