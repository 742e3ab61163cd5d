"""Named ops whose elements follow from where they stand, against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

import zellige

Array = npt.NDArray[Any]

INDICES = """
func.func @main(%x: tensor<4x6xi64>, %e: tensor<4x6xi64>, %start: tensor<4xi64>) -> (tensor<4x6xi64>, tensor<4xi64>) {
  %0 = linalg.map ins(%x : tensor<4x6xi64>) outs(%e : tensor<4x6xi64>) (%in: i64, %init: i64) {
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %k = arith.muli %i, %j : index
    %l = arith.index_cast %k : index to i64
    %s = arith.addi %in, %l : i64
    linalg.yield %s : i64
  }
  %1 = linalg.reduce ins(%x : tensor<4x6xi64>) outs(%start : tensor<4xi64>) dimensions = [1] (%in: i64, %out: i64) {
    %j = linalg.index 1 : index
    %l = arith.index_cast %j : index to i64
    %p = arith.muli %in, %l : i64
    %s = arith.addi %p, %out : i64
    linalg.yield %s : i64
  }
  return %0, %1 : tensor<4x6xi64>, tensor<4xi64>
}
"""

RANDOM = """
func.func @main(%least: f64, %most: f64, %seed: i32) -> (tensor<5x9xf32>, tensor<3x2xi32>) {
  %e = tensor.empty() : tensor<5x9xf32>
  %0 = linalg.fill_rng_2d ins(%least, %most, %seed : f64, f64, i32) outs(%e : tensor<5x9xf32>) -> tensor<5x9xf32>
  %f = tensor.empty() : tensor<3x2xi32>
  %1 = linalg.fill_rng_2d ins(%least, %most, %seed : f64, f64, i32) outs(%f : tensor<3x2xi32>) -> tensor<3x2xi32>
  return %0, %1 : tensor<5x9xf32>, tensor<3x2xi32>
}
"""


def test_map_and_reduce_know_the_place() -> None:
    x = np.arange(24).reshape(4, 6)
    i, j = np.indices((4, 6))
    with zellige.load(zellige.compile(INDICES), cache=False) as program:
        mapped, reduced = program["main"](x, np.zeros_like(x), np.ones(4, np.int64))
    np.testing.assert_array_equal(mapped, x + i * j)
    np.testing.assert_array_equal(reduced, (x * j).sum(1) + 1)


def generated(least: float, most: float, seed: int, shape: tuple[int, int]) -> Array:
    """Upstream's generator in 64 bits, cut to 32 after each step."""

    def step(state: Array) -> Array:
        return (state * 1103515245 + 12345 + 2**31) % 2**32 - 2**31

    i, j = np.indices(shape, np.int64)
    state = step(j + step(i + seed))
    return (state + 2147483647.0) * ((most - least) * 2.3283064e-10) + least


def test_random_numbers_follow_from_seed_and_place() -> None:
    with zellige.load(zellige.compile(RANDOM), cache=False) as program:
        for least, most, seed in ((-2.0, 3.0, 42), (0.0, 100.0, -(2**31))):
            floats, integers = program["main"](np.float64(least), np.float64(most), np.int32(seed))
            np.testing.assert_array_equal(floats, generated(least, most, seed, (5, 9)).astype(np.float32))
            np.testing.assert_array_equal(integers, generated(least, most, seed, (3, 2)).astype(np.int32))
