"""Functions of dynamic sizes: the program is asked first what it needs, then memory is made, then it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import zellige
from tests.unit.runtime.conftest import Handmade, slot, tensor
from zellige.artifact import ProgramInfo

# Slots: 4 and 5 the arguments, 6 the result, 7 and 8 their dynamic sizes, 9 that of the result, 10 the slab's bytes.
SIZES = """
  (if (i64.ne (i64.load offset=56 (local.get $state)) (i64.load offset=64 (local.get $state)))
    (then (i32.store (i32.const 16) (i32.const 1)) (unreachable)))
  (i64.store offset=72 (local.get $state) (i64.mul (i64.const 2) (i64.load offset=56 (local.get $state))))
  (i64.store offset=80 (local.get $state) (i64.load offset=56 (local.get $state)))"""

# The last byte of the slab, then the last element of `x`, go to the end of the result.
MAIN = f"""
  (local $end i32)
  (i32.store8 (i32.add {slot(2)} (i32.sub {slot(7)} (i32.const 1))) (i32.const 7))
  (local.set $end (i32.add {slot(6)} (i32.mul {slot(7)} (i32.const 8))))
  (i32.store (i32.sub (local.get $end) (i32.const 8))
    (i32.load8_u (i32.add {slot(2)} (i32.sub {slot(7)} (i32.const 1)))))
  (i32.store (i32.sub (local.get $end) (i32.const 4))
    (i32.load (i32.sub (i32.add {slot(4)} (i32.mul {slot(7)} (i32.const 12))) (i32.const 4))))"""


@pytest.fixture
def program(handmade: Handmade) -> Iterator[zellige.Program]:
    arguments = [tensor("x", "i32", None, 3), tensor("y", "i8", None)]
    made = handmade.function("main", arguments, [tensor("r", "i32", None)], MAIN)
    sizes = f'(func $sizes (export "main.sizes") (param $state i32) {SIZES})'
    made = replace(made, code=f"{made.code}\n{sizes}", messages=("y is not as long as x",))
    with zellige.load(made.artifact(), cache=False) as loaded:
        yield loaded


def x_of(rows: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.arange(rows * 3, dtype=np.int32).reshape(rows, 3)


@pytest.mark.parametrize("rows", [1, 5, 1000])
def test_results_and_slab_have_the_sizes_that_the_program_says(program: zellige.Program, rows: int) -> None:
    result = program["main"](x_of(rows), np.zeros(rows, np.int8))
    assert result.shape == (2 * rows,)
    assert list(result[-2:]) == [7, rows * 3 - 1]


def test_buffers_are_used_in_place(program: zellige.Program) -> None:
    x, y = program.device.array(x_of(4)), program.device.array(np.zeros(4, np.int8))
    out = program.device.empty(8, np.int32)
    assert program["main"](x, y, out=out) is out
    assert list(out.numpy()[-2:]) == [7, 11]
    out.numpy()[:] = 0
    program["main"].call_unchecked(x, y, out)
    assert list(out.numpy()[-2:]) == [7, 11]


def test_an_out_has_to_have_the_shape_of_the_result(program: zellige.Program) -> None:
    with pytest.raises(zellige.RuntimeTrap) as error:
        program["main"](x_of(2), np.zeros(2, np.int8), out=np.zeros(3, np.int32))
    assert str(error.value) == "result 0 ('r') of 'main' has shape (3,), expected (4,) (tensor<4xi32>)"


@pytest.mark.parametrize(
    ("x_shape", "message"),
    [
        ((4, 2), "argument 0 ('x') of 'main' has shape (4, 2), expected 3 in dimension 1 (tensor<?x3xi32>)"),
        ((4,), "argument 0 ('x') of 'main' has shape (4,), expected rank 2 (tensor<?x3xi32>)"),
    ],
)
def test_static_sizes_and_ranks_are_checked(program: zellige.Program, x_shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(zellige.RuntimeTrap) as error:
        program["main"](np.zeros(x_shape, np.int32), np.zeros(4, np.int8))
    assert (error.value.code, str(error.value)) == ("argument", message)


def test_sizes_that_do_not_fit_together_stop_the_program(program: zellige.Program) -> None:
    with pytest.raises(zellige.RuntimeTrap) as error:
        program["main"](x_of(4), np.zeros(5, np.int8))
    assert error.value.code == "argument"
    assert str(error.value) == (
        "'main' stopped: y is not as long as x\nnote: the arguments are x: tensor<4x3xi32>, y: tensor<5xi8>"
    )
    assert program["main"](x_of(4), np.zeros(4, np.int8)).shape == (8,)


def test_a_program_without_its_function_of_sizes_is_refused(handmade: Handmade) -> None:
    made = handmade.function("main", [tensor("x", "f32", None)], [], "")
    with pytest.raises(zellige.RuntimeTrap, match=r"'main\.sizes' is declared, the module has no such export"):
        zellige.load(made.artifact(), cache=False)


def test_a_description_counts_slots(program: zellige.Program) -> None:
    info: ProgramInfo = program.info
    (main,) = info.functions
    assert (main.is_static, main.argument_sizes_slot, main.state_slots) == (False, 7, 11)
