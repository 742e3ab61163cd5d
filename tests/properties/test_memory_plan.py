"""Programs give the same numbers as dispatches, and on the bytes that the memory plan gives them."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from tests.interpreter import Interpreter
from tests.placed_interpreter import DispatchInterpreter, PlacedInterpreter
from tests.random_programs import programs
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.universe import context, known_passes

DISPATCH = (
    "fold-empty-tensors,replace-unread-inits,materialize-slices,outline-dispatches,"
    "mark-constant-operands,deduplicate-executables,check-dispatch"
)
MEMORY = "insert-copies,plan-memory,insert-barriers"


def run_passes(module: ModuleOp, text: str) -> None:
    known = context()
    for pass_ in Pipeline.parse(text, known_passes()).passes:
        pass_.apply(known, module)
        module.verify()


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs(), st.integers(0, 3))
def test_same_numbers_as_dispatches_and_on_planned_bytes(text: str, rounds: int) -> None:
    arguments = [
        np.arange(16, dtype=np.int32).reshape(4, 4) - 7,
        np.arange(16, dtype=np.int32).reshape(4, 4)[::-1].copy(),
        np.array([3, -1, 0, 5], np.int32),
    ]
    module = Parser(context(), text).parse_module()
    module.verify()
    expected = Interpreter(module).call("main", *arguments, np.array(rounds, np.int64))
    run_passes(module, DISPATCH)
    dispatched = DispatchInterpreter(module).call("main", *arguments, np.array(rounds, np.int64))
    for got, want in zip(dispatched, expected, strict=True):
        np.testing.assert_array_equal(got, want)
    run_passes(module, MEMORY)
    placed = PlacedInterpreter(module).run("main", *arguments, np.array(rounds, np.int32))
    for got, want in zip(placed, expected, strict=True):
        np.testing.assert_array_equal(got, want)
    run_passes(module, "bind-executable-buffers,check-memory,bufferize-host-functions")
