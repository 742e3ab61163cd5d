"""Globals stay on the device between calls, belong to one loaded program, and start from their first values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]

DECODER = """
// Appends a row to a cache and gives the sum of the rows so far; 'peek' sees what 'step' has stored.
ml_program.global private mutable @rows(dense<0> : tensor<i32>) : tensor<i32>
ml_program.global private mutable @cache : tensor<8x4xf32>
func.func @step(%x: tensor<4xf32>) -> tensor<4xf32> {
  %one = stablehlo.constant dense<1> : tensor<i32>
  %none = stablehlo.constant dense<0> : tensor<i32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %rows = ml_program.global_load @rows : tensor<i32>
  %cache = ml_program.global_load @cache : tensor<8x4xf32>
  %row = stablehlo.reshape %x : (tensor<4xf32>) -> tensor<1x4xf32>
  %new = stablehlo.dynamic_update_slice %cache, %row, %rows, %none
      : (tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32>, tensor<i32>) -> tensor<8x4xf32>
  ml_program.global_store @cache = %new : tensor<8x4xf32>
  %more = stablehlo.add %rows, %one : tensor<i32>
  ml_program.global_store @rows = %more : tensor<i32>
  %sum = stablehlo.reduce(%new init: %zero) applies stablehlo.add across dimensions = [0]
      : (tensor<8x4xf32>, tensor<f32>) -> tensor<4xf32>
  return %sum : tensor<4xf32>
}
func.func @peek() -> (tensor<8x4xf32>, tensor<i32>) {
  %cache = ml_program.global_load @cache : tensor<8x4xf32>
  %rows = ml_program.global_load @rows : tensor<i32>
  return %cache, %rows : tensor<8x4xf32>, tensor<i32>
}
"""

SWAP = """
// Swaps two globals in a loop, and adds to one of them on a condition.
ml_program.global private mutable @a(dense<[1.0, 2.0]> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private mutable @b(dense<[3.0, 4.0]> : tensor<2xf32>) : tensor<2xf32>
func.func @initialize(%n: index, %x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<2xf32>
  scf.for %i = %c0 to %n step %c1 {
    %a = ml_program.global_load @a : tensor<2xf32>
    %b = ml_program.global_load @b : tensor<2xf32>
    ml_program.global_store @a = %b : tensor<2xf32>
    ml_program.global_store @b = %a : tensor<2xf32>
    %is_first = arith.cmpi eq, %i, %c0 : index
    scf.if %is_first {
      %c = ml_program.global_load @a : tensor<2xf32>
      %sum = linalg.add ins(%c, %x : tensor<2xf32>, tensor<2xf32>) outs(%e : tensor<2xf32>) -> tensor<2xf32>
      ml_program.global_store @a = %sum : tensor<2xf32>
    }
  }
  %first = ml_program.global_load @a : tensor<2xf32>
  %second = ml_program.global_load @b : tensor<2xf32>
  return %first, %second : tensor<2xf32>, tensor<2xf32>
}
"""

FAULTY = """
// Stores a number, but only after an assertion.
ml_program.global private mutable @state(dense<7> : tensor<1xi32>) : tensor<1xi32>
func.func @main(%x: tensor<1xi32>) -> tensor<1xi32> {
  %zero = arith.constant 0 : i32
  %c0 = arith.constant 0 : index
  %first = tensor.extract %x[%c0] : tensor<1xi32>
  %holds = arith.cmpi sge, %first, %zero : i32
  cf.assert %holds, "expected no negative number"
  %old = ml_program.global_load @state : tensor<1xi32>
  ml_program.global_store @state = %x : tensor<1xi32>
  return %old : tensor<1xi32>
}
"""


def compiled(text: str, folder: Path, profile: str = "full") -> zellige.Artifact:
    path = folder / "program.mlir"
    path.write_text(text)
    return zellige.compile(path, profile=profile)


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
def test_a_cache_grows_from_call_to_call(tmp_path: Path, profile: str) -> None:
    artifact = compiled(DECODER, tmp_path, profile)
    rows = np.arange(12, dtype="f4").reshape(3, 4)
    with zellige.load(artifact, cache=False) as program, zellige.load(artifact, cache=False) as other:
        for count in range(1, 4):
            np.testing.assert_array_equal(program["step"](rows[count - 1]), rows[:count].sum(axis=0))
        cache, length = program["peek"]()
        np.testing.assert_array_equal(cache, np.concatenate([rows, np.zeros((5, 4), "f4")]))
        assert length == 3
        np.testing.assert_array_equal(other["peek"]()[0], np.zeros((8, 4), "f4"))
        program.reset()
        np.testing.assert_array_equal(program["step"](rows[2]), rows[2])


def test_the_function_that_sets_globals_is_not_one_of_the_program(tmp_path: Path) -> None:
    artifact = compiled(DECODER, tmp_path)
    assert artifact.program.initializer == "initialize"
    assert artifact.program.globals_bytes == 64 + 128
    with zellige.load(artifact, cache=False) as program:
        assert list(program.functions) == ["step", "peek"]


def test_programs_on_one_device_have_globals_of_their_own(tmp_path: Path) -> None:
    artifact = compiled(FAULTY, tmp_path)
    with zellige.Device() as device:
        programs = [zellige.load(artifact, device=device, cache=False) for _ in range(2)]
        seven, eight = np.array([7], "i4"), np.array([8], "i4")
        np.testing.assert_array_equal(programs[0]["main"](eight), seven)
        np.testing.assert_array_equal(programs[0]["main"](seven), eight)
        np.testing.assert_array_equal(programs[1]["main"](eight), seven)


def test_globals_are_values_in_loops_and_branches(tmp_path: Path) -> None:
    x = np.array([10, 20], "f4")
    with zellige.load(compiled(SWAP, tmp_path), cache=False) as program:
        first, second = np.array([1, 2], "f4"), np.array([3, 4], "f4")
        for count in (3, 0, 2):
            got = program["initialize"](np.array(count, "i4"), x)
            for turn in range(count):
                first, second = (second + x if turn == 0 else second), first
            np.testing.assert_array_equal(got[0], first)
            np.testing.assert_array_equal(got[1], second)


def test_a_trap_leaves_globals_as_they_were(tmp_path: Path) -> None:
    with zellige.load(compiled(FAULTY, tmp_path), cache=False) as program:
        program["main"](np.array([8], "i4"))
        with pytest.raises(zellige.RuntimeTrap, match="expected no negative number"):
            program["main"](np.array([-1], "i4"))
        np.testing.assert_array_equal(program["main"](np.array([9], "i4")), [8])
