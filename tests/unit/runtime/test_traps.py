"""A run that stops: which error, and what works afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import wasmtime

import zellige
from zellige.artifact import FAULT_ADDRESS, TensorSignature

if TYPE_CHECKING:
    from tests.unit.runtime.conftest import Handmade


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ("unreachable", "unreachable", "code that cannot be reached was reached"),
        ("(drop (i32.load $device (i32.const -4)))", "out-of-bounds", "a memory access is out of bounds"),
        ("(drop (i32.load $constant (i32.const 65536)))", "out-of-bounds", "a memory access is out of bounds"),
        ("(drop (i32.div_s (i32.const 1) (i32.const 0)))", "integer-divide-by-zero", "an integer is divided by zero"),
        (
            "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
            "integer-overflow",
            "the result of an integer operation does not fit",
        ),
        (
            "(drop (i32.trunc_f32_s (f32.const nan)))",
            "bad-conversion",
            "a float that no integer holds is converted to an integer",
        ),
        ("(call $main (local.get $state))", "stack-overflow", "the call stack is exhausted"),
    ],
)
def test_a_trap_has_a_word_and_frames(handmade: Handmade, body: str, code: str, message: str) -> None:
    with (
        zellige.load(handmade.function("main", [], [], body).artifact(), cache=False) as program,
        pytest.raises(zellige.RuntimeTrap) as error,
    ):
        program["main"]()
    assert str(error.value) == f"'main' trapped: {message}"
    assert error.value.code == code
    assert error.value.frames[0] == "main"
    assert isinstance(error.value.__cause__, wasmtime.Trap)


def test_the_innermost_function_is_named(handmade: Handmade) -> None:
    module = handmade.function("helper", [], [], "unreachable").function(
        "main", [], [], "(call $helper (local.get $state))"
    )
    with zellige.load(module.artifact(), cache=False) as program, pytest.raises(zellige.RuntimeTrap) as error:
        program["main"]()
    assert str(error.value) == "'main' trapped: code that cannot be reached was reached in 'helper'"
    assert error.value.frames == ("helper", "main")


ASSERTING = f"""(if (i32.eqz (i32.load (i32.load (i32.add (local.get $state) (i32.const 32)))))
  (then (i32.store $device (i32.const {FAULT_ADDRESS}) (i32.const 2)) unreachable))
  (if (i32.lt_s (i32.load (i32.load (i32.add (local.get $state) (i32.const 32)))) (i32.const 0)) (then unreachable))"""


def test_an_assertion_gives_its_message_and_only_where_it_trapped(handmade: Handmade) -> None:
    checked = handmade.function("main", [TensorSignature("x", "i32", ())], [], ASSERTING)
    checked = replace(checked, messages=("unused", "x must not be zero"))
    with zellige.load(checked.artifact(), cache=False) as program:
        assert program["main"](np.int32(1)) == ()
        with pytest.raises(zellige.RuntimeTrap) as error:
            program["main"](np.int32(0))
        assert str(error.value) == "'main' stopped: x must not be zero"
        assert error.value.code == "assertion"
        assert program["main"](np.int32(1)) == ()
        with pytest.raises(zellige.RuntimeTrap) as error:
            program["main"](np.int32(-1))
        assert error.value.code == "unreachable"


def test_a_trap_leaves_no_trace_in_the_module(handmade: Handmade) -> None:
    """Each call takes stack that only a return gives back: with the stack lost, the third call would run out of it."""
    leaking = handmade.function(
        "main",
        [TensorSignature("x", "i32", ())],
        [TensorSignature("stack", "i32", ())],
        """(global.set $stack (i32.sub (global.get $stack) (i32.const 30000)))
           (i32.store $local (global.get $stack) (i32.const 1))
           (if (i32.eqz (i32.load (i32.load (i32.add (local.get $state) (i32.const 32))))) (then unreachable))
           (i32.store (i32.load (i32.add (local.get $state) (i32.const 40))) (global.get $stack))
           (global.set $stack (i32.add (global.get $stack) (i32.const 30000)))""",
    )
    leaking = replace(leaking, code=f"(global $stack (mut i32) (i32.const 65536)) {leaking.code}")
    with zellige.load(leaking.artifact(), cache=False) as program:
        for _ in range(5):
            with pytest.raises(zellige.RuntimeTrap, match="reached"):
                program["main"](np.int32(0))
            assert program["main"](np.int32(1)) == 65536 - 30000


def test_after_a_trap_the_synchronisation_block_is_zero(handmade: Handmade) -> None:
    word = "(i32.load (i32.add (local.get $state) (i32.const 24)))"
    module = handmade.function(
        "main",
        [],
        [],
        f"(if (i32.load {word}) (then (drop (i32.div_u (i32.const 1) (i32.const 0)))))"
        f"(i32.store {word} (i32.const 1)) unreachable",
    )
    with zellige.load(module.artifact(), cache=False) as program:
        for _ in range(2):
            with pytest.raises(zellige.RuntimeTrap) as error:
                program["main"]()
            assert error.value.code == "unreachable"


def test_more_traps_than_the_engine_has_room_for_are_an_error(handmade: Handmade) -> None:
    with zellige.load(handmade.function("main", [], [], "unreachable").artifact(), cache=False) as program:
        program.device.memory.store.set_limits(instances=3)
        for _ in range(3):
            with pytest.raises(zellige.RuntimeTrap, match="reached"):
                program["main"]()
        with pytest.raises(zellige.RuntimeTrap) as error:
            program["main"]()
    assert str(error.value) == "the engine has no room to link the module (it is linked again after each trap)"
    assert error.value.code == "memory"
