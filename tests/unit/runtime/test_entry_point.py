"""Kernels called one workgroup at a time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

import zellige
from zellige.artifact import BindingInfo

if TYPE_CHECKING:
    from tests.unit.runtime.conftest import Handmade

SCALE = """(local $i i32)
  (loop $next
    (local.set $i (i32.add (local.get $i) (i32.const 4)))
    (f32.store $device (i32.add (i32.load (i32.add (local.get $state) (i32.const 24)))
                       (i32.add (i32.mul (local.get $x) (i32.const 12)) (i32.sub (local.get $i) (i32.const 4))))
      (f32.mul (f32.load (i32.add (local.get $state) (i32.const 16)))
        (f32.mul (f32.load $constant (i32.load (i32.add (local.get $state) (i32.const 8))))
          (f32.load $device (i32.add (i32.load (local.get $state))
              (i32.add (i32.mul (local.get $x) (i32.const 12)) (i32.sub (local.get $i) (i32.const 4))))))))
    (br_if $next (i32.lt_u (local.get $i) (i32.const 12))))"""
X = np.arange(6, dtype="f4").reshape(2, 3)


@pytest.fixture
def program(handmade: Handmade) -> Iterator[zellige.Program]:
    """One kernel, `scale`: a row of `out = x * constant * factor` a workgroup."""
    module = handmade.entry_point("scale", (2, 1, 1), ["device", "constant", "f32", "device"], SCALE)
    with zellige.load(module.artifact(), cache=False) as loaded:
        yield loaded


def test_a_workgroup_does_its_tile_and_nothing_else(program: zellige.Program) -> None:
    x, out = program.device.array(X), program.device.array(np.zeros((2, 3), "f4"))
    dispatch = program.entry_points["scale"].prepare([x, 64, 2.0, out])
    dispatch(1)
    np.testing.assert_array_equal(out.numpy(), [[0, 0, 0], X[1] * 1.5 * 2])
    dispatch(0, 0, 0)
    np.testing.assert_array_equal(out.numpy(), X * 1.5 * 2)


def test_a_prepared_dispatch_keeps_its_buffers(program: zellige.Program) -> None:
    out = program.device.array(np.zeros((2, 3), "f4"))
    dispatch = program.entry_points["scale"].prepare([program.device.array(X), 64, np.float32(2), out])
    gc.collect()
    program.device.array(np.full((2, 3), -1, "f4"))
    dispatch(0)
    np.testing.assert_array_equal(out.numpy()[0], X[0] * 3)


@pytest.mark.parametrize(
    ("index", "value", "message"),
    [
        (0, 5, "binding 0 of 'scale' is 5, expected a buffer of the program's device"),
        (1, -4, "binding 1 of 'scale' is -4, expected an address in the constant memory"),
        (2, "two", "binding 2 of 'scale' is 'two', expected a number of type f32"),
    ],
)
def test_a_binding_of_another_kind_is_refused(
    program: zellige.Program, index: int, value: object, message: str
) -> None:
    buffer = program.device.array(X)
    bindings: list[object] = [buffer, 64, 2.0, buffer]
    bindings[index] = value
    with pytest.raises(zellige.RuntimeTrap) as error:
        program.entry_points["scale"].prepare(bindings)  # pyright: ignore[reportArgumentType]  the point of the test
    assert str(error.value) == message
    assert error.value.code == "argument"


def test_another_number_of_bindings_is_refused(program: zellige.Program) -> None:
    with pytest.raises(zellige.RuntimeTrap) as error:
        program.entry_points["scale"].prepare([])
    assert str(error.value) == "'scale' has 4 bindings (device, constant, f32, device), got 0"


@pytest.mark.parametrize("workgroup", [(2, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0)])
def test_a_workgroup_outside_of_the_grid_is_refused(program: zellige.Program, workgroup: tuple[int, int, int]) -> None:
    buffer = program.device.array(X)
    dispatch = program.entry_points["scale"].prepare([buffer, 64, 2.0, buffer])
    with pytest.raises(zellige.RuntimeTrap) as error:
        dispatch(*workgroup)
    assert str(error.value) == f"'scale' has no workgroup {workgroup}, its grid is (2, 1, 1)"


@pytest.mark.parametrize(("kind", "value", "bits"), [("i8", -1, 0xFF), ("i64", -1, 2**64 - 1), ("i1", True, 1)])
def test_a_scalar_is_in_the_low_bytes_of_its_slot(handmade: Handmade, kind: str, value: int, bits: int) -> None:
    module = handmade.entry_point(
        "show",
        (1, 1, 1),
        ["device", kind],
        "(i64.store (i32.load (local.get $state)) (i64.load (i32.add (local.get $state) (i32.const 8))))",
    )
    with zellige.load(module.artifact(), cache=False) as program:
        shown = program.device.array(np.zeros(1, "u8"))
        program.entry_points["show"].prepare([shown, value])(0)
        assert shown.numpy()[0] == bits


@pytest.mark.parametrize("value", [300, 2.7, np.float32(1), "1"])
def test_a_scalar_that_does_not_fit_is_refused(handmade: Handmade, value: object) -> None:
    module = handmade.entry_point("k", (1, 1, 1), ["i8"], "")
    with zellige.load(module.artifact(), cache=False) as program, pytest.raises(zellige.RuntimeTrap) as error:
        program.entry_points["k"].prepare([value])  # pyright: ignore[reportArgumentType]  the point of the test
    assert str(error.value) == f"binding 0 of 'k' is {value!r}, expected a number of type i8"


def test_a_trap_in_a_kernel_names_it(handmade: Handmade) -> None:
    module = handmade.entry_point("k", (1, 1, 1), [], "unreachable")
    with zellige.load(module.artifact(), cache=False) as program, pytest.raises(zellige.RuntimeTrap) as error:
        program.entry_points["k"].prepare([])(0)
    assert str(error.value) == "'k' trapped: code that cannot be reached was reached"


def test_a_buffer_that_is_too_small_is_refused(handmade: Handmade) -> None:
    module = handmade.entry_point("k", (1, 1, 1), [BindingInfo("device", "f32", 24, "write")], "")
    with zellige.load(module.artifact(), cache=False) as program, pytest.raises(zellige.RuntimeTrap) as error:
        program.entry_points["k"].prepare([program.device.array(np.zeros(5, "f4"))])
    assert str(error.value) == "binding 0 of 'k' has 20 bytes, expected at least 24"
