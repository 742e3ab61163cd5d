"""StableHLO of dynamic shapes in the forms that JAX exports: compiled once, beside numpy at several sizes."""

from __future__ import annotations

import numpy as np
import pytest

import zellige
from zellige.support.errors import RuntimeTrap

ATTENTION = """
module @jit_attention attributes {jax.uses_shape_polymorphism = true} {
  func.func public @main(%arg0: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
    %c = stablehlo.constant dense<2> : tensor<i32>
    %0 = stablehlo.get_dimension_size %arg0, dim = 0 : (tensor<?x?x8xf32>) -> tensor<i32>
    %1 = stablehlo.get_dimension_size %arg0, dim = 1 : (tensor<?x?x8xf32>) -> tensor<i32>
    %2 = stablehlo.compare GE, %1, %c, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.custom_call @shape_assertion(%2, %1) {api_version = 2 : i32,
      error_message = "Expected value >= 2 for dimension variable 's'", has_side_effect = true}
      : (tensor<i1>, tensor<i32>) -> ()
    %3 = call @_wrapped(%0, %1, %arg0) : (tensor<i32>, tensor<i32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
    return %3 : tensor<?x?x8xf32>
  }
  func.func private @_wrapped(%arg0: tensor<i32>, %arg1: tensor<i32>, %arg2: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
    %c4 = stablehlo.constant dense<4> : tensor<1xi32>
    %c2 = stablehlo.constant dense<2> : tensor<1xi32>
    %c8 = stablehlo.constant dense<8> : tensor<1xi32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.reshape %arg0 : (tensor<i32>) -> tensor<1xi32>
    %1 = stablehlo.reshape %arg1 : (tensor<i32>) -> tensor<1xi32>
    %2 = stablehlo.concatenate %0, %1, %c4, %c2, dim = 0
         : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi32>
    %3 = stablehlo.dynamic_reshape %arg2, %2 : (tensor<?x?x8xf32>, tensor<4xi32>) -> tensor<?x?x4x2xf32>
    %4 = stablehlo.transpose %3, dims = [0, 2, 1, 3] : (tensor<?x?x4x2xf32>) -> tensor<?x4x?x2xf32>
    %5 = stablehlo.dot_general %4, %4, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [3]
         : (tensor<?x4x?x2xf32>, tensor<?x4x?x2xf32>) -> tensor<?x4x?x?xf32>
    %6 = call @_causal(%arg1) : (tensor<i32>) -> tensor<?x?xi1>
    %7 = stablehlo.concatenate %0, %c4, %1, %1, dim = 0
         : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi32>
    %8 = stablehlo.dynamic_broadcast_in_dim %6, %7, dims = [2, 3]
         : (tensor<?x?xi1>, tensor<4xi32>) -> tensor<?x4x?x?xi1>
    %9 = stablehlo.dynamic_broadcast_in_dim %cst, %7, dims = [] : (tensor<f32>, tensor<4xi32>) -> tensor<?x4x?x?xf32>
    %10 = stablehlo.select %8, %5, %9 : tensor<?x4x?x?xi1>, tensor<?x4x?x?xf32>
    %11 = stablehlo.dot_general %10, %4, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [2]
         : (tensor<?x4x?x?xf32>, tensor<?x4x?x2xf32>) -> tensor<?x4x?x2xf32>
    %12 = stablehlo.transpose %11, dims = [0, 2, 1, 3] : (tensor<?x4x?x2xf32>) -> tensor<?x?x4x2xf32>
    %13 = stablehlo.concatenate %0, %1, %c8, dim = 0 : (tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<3xi32>
    %14 = stablehlo.dynamic_reshape %12, %13 : (tensor<?x?x4x2xf32>, tensor<3xi32>) -> tensor<?x?x8xf32>
    return %14 : tensor<?x?x8xf32>
  }
  func.func private @_causal(%arg0: tensor<i32>) -> tensor<?x?xi1> {
    %0 = stablehlo.reshape %arg0 : (tensor<i32>) -> tensor<1xi32>
    %1 = stablehlo.concatenate %0, %0, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
    %2 = stablehlo.dynamic_iota %1, dim = 0 : (tensor<2xi32>) -> tensor<?x?xi32>
    %3 = stablehlo.dynamic_iota %1, dim = 1 : (tensor<2xi32>) -> tensor<?x?xi32>
    %4 = stablehlo.compare GE, %2, %3, SIGNED : (tensor<?x?xi32>, tensor<?x?xi32>) -> tensor<?x?xi1>
    return %4 : tensor<?x?xi1>
  }
}
"""

MOVES = """
func.func public @main(%x: tensor<?x3xf32>, %i: tensor<?xi32>) -> (tensor<?x5xf32>, tensor<?x3xf32>, tensor<?x3xf32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %low = stablehlo.constant dense<[1, 0]> : tensor<2xi32>
  %none = stablehlo.constant dense<0> : tensor<2xi32>
  %c0 = stablehlo.constant dense<0> : tensor<1xi32>
  %c1 = stablehlo.constant dense<1> : tensor<1xi32>
  %c2 = stablehlo.constant dense<2> : tensor<1xi32>
  %c3 = stablehlo.constant dense<3> : tensor<1xi32>
  %n = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?x3xf32>) -> tensor<i32>
  %rows = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>
  %high = stablehlo.concatenate %rows, %c2, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %padded = stablehlo.dynamic_pad %x, %zero, %low, %high, %none
            : (tensor<?x3xf32>, tensor<f32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x5xf32>
  %half = stablehlo.divide %rows, %c2 : tensor<1xi32>
  %starts = stablehlo.concatenate %half, %c0, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %limits = stablehlo.concatenate %rows, %c3, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %steps = stablehlo.constant dense<[2, 1]> : tensor<2xi32>
  %sliced = stablehlo.real_dynamic_slice %x, %starts, %limits, %steps
            : (tensor<?x3xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>
  %sizes = stablehlo.concatenate %c1, %c3, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %taken = "stablehlo.dynamic_gather"(%x, %i, %sizes) <{dimension_numbers = #stablehlo.gather<offset_dims = [1],
             collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}>
           : (tensor<?x3xf32>, tensor<?xi32>, tensor<2xi32>) -> tensor<?x3xf32>
  return %padded, %sliced, %taken : tensor<?x5xf32>, tensor<?x3xf32>, tensor<?x3xf32>
}
"""

TRANSFORMS = """
func.func @main(%x: tensor<?x40xcomplex<f32>>, %s: tensor<?x40xf32>) -> (tensor<?x40xcomplex<f32>>, tensor<?x40xf32>) {
  %0 = stablehlo.fft %x, type = FFT, length = [40] : (tensor<?x40xcomplex<f32>>) -> tensor<?x40xcomplex<f32>>
  %1 = stablehlo.fft %s, type = RFFT, length = [40] : (tensor<?x40xf32>) -> tensor<?x21xcomplex<f32>>
  %2 = stablehlo.fft %1, type = IRFFT, length = [40] : (tensor<?x21xcomplex<f32>>) -> tensor<?x40xf32>
  return %0, %2 : tensor<?x40xcomplex<f32>>, tensor<?x40xf32>
}
"""

MATRICES = """
func.func @main(%a: tensor<?x5x5xf32>, %b: tensor<?x5x3xf32>, %x: tensor<?x6xf32>, %w: tensor<3x6x7xf32>,
                %n: tensor<3xi32>) -> (tensor<?x5x5xf32>, tensor<?x5x3xf32>, tensor<?x7xf32>) {
  %0 = stablehlo.cholesky %a, lower = true : tensor<?x5x5xf32>
  %1 = "stablehlo.triangular_solve"(%0, %b) <{left_side = true, lower = true, unit_diagonal = false,
       transpose_a = #stablehlo<transpose NO_TRANSPOSE>}>
       : (tensor<?x5x5xf32>, tensor<?x5x3xf32>) -> tensor<?x5x3xf32>
  %2 = "chlo.ragged_dot"(%x, %w, %n) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<
         lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1],
         lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}>
       : (tensor<?x6xf32>, tensor<3x6x7xf32>, tensor<3xi32>) -> tensor<?x7xf32>
  return %0, %1, %2 : tensor<?x5x5xf32>, tensor<?x5x3xf32>, tensor<?x7xf32>
}
"""

FEATURES = """
func.func @main(%x: tensor<?x5x6xf32>, %s: tensor<6xf32>, %o: tensor<6xf32>)
    -> (tensor<?x5x6xf32>, tensor<6xf32>, tensor<6xf32>) {
  %0:3 = "stablehlo.batch_norm_training"(%x, %s, %o) <{epsilon = 1.0e-3 : f32, feature_index = 2 : i64}>
         : (tensor<?x5x6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<?x5x6xf32>, tensor<6xf32>, tensor<6xf32>)
  return %0#0, %0#1, %0#2 : tensor<?x5x6xf32>, tensor<6xf32>, tensor<6xf32>
}
"""


def test_attention_of_any_batch_and_length() -> None:
    with zellige.load(zellige.compile(ATTENTION), cache=False) as program:
        for batch, length in ((1, 2), (3, 17), (2, 5)):
            x = np.random.default_rng(length).normal(size=(batch, length, 8)).astype(np.float32)
            heads = x.reshape(batch, length, 4, 2).transpose(0, 2, 1, 3)
            scores = np.tril(heads @ heads.transpose(0, 1, 3, 2))
            expected = (scores @ heads).transpose(0, 2, 1, 3).reshape(batch, length, 8)
            np.testing.assert_allclose(program["main"](x), expected, rtol=1e-4, atol=1e-4)


def test_an_assertion_on_sizes_says_its_message() -> None:
    with (
        zellige.load(zellige.compile(ATTENTION), cache=False) as program,
        pytest.raises(RuntimeTrap, match="Expected value >= 2 for dimension variable 's'"),
    ):
        program["main"](np.zeros((1, 1, 8), np.float32))


def test_paddings_slices_and_gathers_by_sizes() -> None:
    with zellige.load(zellige.compile(MOVES), cache=False) as program:
        for count in (1, 4, 9):
            x = np.random.default_rng(count).normal(size=(count, 3)).astype(np.float32)
            places = np.arange(count + 2, dtype=np.int32)[::-1].copy()
            padded, sliced, taken = program["main"](x, places)
            np.testing.assert_array_equal(padded, np.pad(x, ((1, count), (0, 2))))
            np.testing.assert_array_equal(sliced, x[count // 2 :: 2])
            np.testing.assert_array_equal(taken, x[np.clip(places, 0, count - 1)])


def test_transforms_of_any_batch() -> None:
    with zellige.load(zellige.compile(TRANSFORMS), cache=False) as program:
        for batch in (1, 3):
            rows = np.random.default_rng(batch).normal(size=(3, batch, 40)).astype(np.float32)
            there, back = program["main"](rows[0] + 1j * rows[1], rows[2])
            np.testing.assert_allclose(there, np.fft.fft(rows[0] + 1j * rows[1]), rtol=1e-4, atol=1e-4)
            np.testing.assert_allclose(back, rows[2], rtol=1e-4, atol=1e-5)


def test_matrices_of_any_batch_and_groups_of_any_rows() -> None:
    with zellige.load(zellige.compile(MATRICES), cache=False) as program:
        for batch in (1, 4):
            random = np.random.default_rng(batch)
            m, b, x, w = (random.normal(size=s) for s in ((batch, 5, 5), (batch, 5, 3), (11 * batch, 6), (3, 6, 7)))
            a = m @ m.transpose(0, 2, 1) + 5 * np.eye(5)
            groups = np.array([2, 5, 4], np.int32) * batch
            factor, solved, rows = program["main"](*(v.astype(np.float32) for v in (a, b, x, w)), groups)
            expected = np.linalg.cholesky(a)
            np.testing.assert_allclose(factor, expected, rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(solved, np.linalg.solve(expected, b), rtol=1e-4, atol=1e-5)
            parts = np.split(x, np.cumsum(groups)[:2])
            np.testing.assert_allclose(
                rows, np.concatenate([p @ g for p, g in zip(parts, w, strict=True)]), rtol=1e-4, atol=1e-5
            )


def test_features_of_any_batch() -> None:
    with zellige.load(zellige.compile(FEATURES), cache=False) as program:
        for batch in (1, 3):
            random = np.random.default_rng(batch)
            x, scale, offset = (random.normal(size=s).astype(np.float32) for s in ((batch, 5, 6), 6, 6))
            normal, mean, variance = program["main"](x, scale, offset)
            expected = (x - x.mean((0, 1))) / np.sqrt(x.var((0, 1)) + 1e-3) * scale + offset
            np.testing.assert_allclose(mean, x.mean((0, 1)), rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(variance, x.var((0, 1)), rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(normal, expected, rtol=1e-4, atol=1e-4)
