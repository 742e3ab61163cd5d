"""`tensor.gather`, `tensor.scatter`, `tensor.reshape` and `scf.forall`, against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

import zellige

Array = npt.NDArray[Any]


def run(text: str, *arguments: Array) -> Any:
    with zellige.load(zellige.compile(text), cache=False) as program:
        return program["main"](*arguments)


def numbers(*shape: int) -> Array:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def test_gather_along_a_dimension_in_the_middle() -> None:
    text = """
        func.func @main(%x: tensor<?x5x6xf32>, %i: tensor<3x?x1xi64>) -> tensor<3x?x?x1x6xf32> {
          %0 = tensor.gather %x[%i] gather_dims([1])
            : (tensor<?x5x6xf32>, tensor<3x?x1xi64>) -> tensor<3x?x?x1x6xf32>
          return %0 : tensor<3x?x?x1x6xf32>
        }"""
    x, i = numbers(2, 5, 6), np.array([[4, 0], [2, 2], [3, 1]])
    expected = np.moveaxis(x[:, i], 0, 2)[:, :, :, None, :]
    np.testing.assert_array_equal(run(text, x, i[:, :, None]), expected)


def test_gather_at_points() -> None:
    text = """
        func.func @main(%x: tensor<5x6xf32>, %i: tensor<3x2xindex>) -> tensor<3xf32> {
          %0 = tensor.gather %x[%i] gather_dims([0, 1]) : (tensor<5x6xf32>, tensor<3x2xindex>) -> tensor<3xf32>
          return %0 : tensor<3xf32>
        }"""
    x, i = numbers(5, 6), np.array([[4, 5], [0, 0], [2, 3]], np.int32)
    np.testing.assert_array_equal(run(text, x, i), x[i[:, 0], i[:, 1]])


def test_scatter_of_as_many_rows_as_there_are() -> None:
    text = """
        func.func @main(%u: tensor<?x6xf32>, %x: tensor<5x6xf32>, %i: tensor<?x1xindex>) -> tensor<5x6xf32> {
          %0 = tensor.scatter %u into %x[%i] scatter_dims([0]) unique
            : (tensor<?x6xf32>, tensor<5x6xf32>, tensor<?x1xindex>) -> tensor<5x6xf32>
          return %0 : tensor<5x6xf32>
        }"""
    x, u, i = numbers(5, 6), -numbers(3, 6), np.array([[4], [0], [2]], np.int32)
    expected = x.copy()
    expected[i[:, 0]] = u
    np.testing.assert_array_equal(run(text, u, x, i), expected)


def test_reshape_to_computed_sizes() -> None:
    text = """
        func.func @main(%x: tensor<?x6xf32>) -> tensor<?x3xf32> {
          %c0 = arith.constant 0 : index
          %c2 = arith.constant 2 : i64
          %c3 = arith.constant 3 : i64
          %n = tensor.dim %x, %c0 : tensor<?x6xf32>
          %k = arith.index_cast %n : index to i64
          %m = arith.muli %k, %c2 : i64
          %s = tensor.from_elements %m, %c3 : tensor<2xi64>
          %0 = tensor.reshape %x(%s) : (tensor<?x6xf32>, tensor<2xi64>) -> tensor<?x3xf32>
          return %0 : tensor<?x3xf32>
        }"""
    with zellige.load(zellige.compile(text), cache=False) as program:
        for rows in (0, 1, 4):
            np.testing.assert_array_equal(program["main"](numbers(rows, 6)), numbers(rows * 2, 3))


def test_nested_foralls_over_tiles() -> None:
    text = """
        func.func @main(%x: tensor<8x6xf32>) -> tensor<8x6xf32> {
          %0 = scf.forall (%r) = (0) to (8) step (2) shared_outs(%out = %x) -> (tensor<8x6xf32>) {
            %rows = tensor.extract_slice %out[%r, 0] [2, 6] [1, 1] : tensor<8x6xf32> to tensor<2x6xf32>
            %1 = scf.forall (%c) in (2) shared_outs(%half = %rows) -> (tensor<2x6xf32>) {
              %c3 = arith.constant 3 : index
              %at = arith.muli %c, %c3 : index
              %before = tensor.extract_slice %half[0, 0] [2, 3] [1, 1] : tensor<2x6xf32> to tensor<2x3xf32>
              %own = tensor.extract_slice %half[0, %at] [2, 3] [1, 1] : tensor<2x6xf32> to tensor<2x3xf32>
              %sum = linalg.add ins(%own, %before : tensor<2x3xf32>, tensor<2x3xf32>)
                outs(%own : tensor<2x3xf32>) -> tensor<2x3xf32>
              scf.forall.in_parallel {
                tensor.parallel_insert_slice %sum into %half[0, %at] [2, 3] [1, 1]
                  : tensor<2x3xf32> into tensor<2x6xf32>
              }
            } {mapping = [#gpu.thread<x>]}
            scf.forall.in_parallel {
              tensor.parallel_insert_slice %1 into %out[%r, 0] [2, 6] [1, 1] : tensor<2x6xf32> into tensor<8x6xf32>
            }
          } {mapping = [#gpu.block<x>]}
          return %0 : tensor<8x6xf32>
        }"""
    x = numbers(8, 6)
    np.testing.assert_array_equal(run(text, x), x + np.tile(x[:, :3], 2))
