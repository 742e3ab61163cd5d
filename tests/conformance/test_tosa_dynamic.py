"""TOSA with dynamic sizes, compiled once and run at several, against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige
from zellige.support.errors import CompileError

Array = npt.NDArray[Any]

CLASSIFIER = """
func.func @main(%x: tensor<?x6x6x2xf32>, %w: tensor<4x3x3x2xf32>, %b: tensor<4xf32>)
    -> (tensor<?x4xf32>, tensor<?xi32>) {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>,
       stride = array<i64: 2, 2>}
       : (tensor<?x6x6x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x3x3x4xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x3x3x4xf32>) -> tensor<?x3x3x4xf32>
  %2 = tosa.avg_pool2d %1, %z, %z {acc_type = f32, kernel = array<i64: 3, 3>, pad = array<i64: 0, 0, 0, 0>,
       stride = array<i64: 1, 1>} : (tensor<?x3x3x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x4xf32>
  %s = tosa.const_shape {values = dense<[-1, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %3 = tosa.reshape %2, %s : (tensor<?x1x1x4xf32>, !tosa.shape<2>) -> tensor<?x4xf32>
  %4 = tosa.argmax %3 {axis = 1 : i32} : (tensor<?x4xf32>) -> tensor<?xi32>
  return %3, %4 : tensor<?x4xf32>, tensor<?xi32>
}
"""

ATTENTION = """
func.func @main(%q: tensor<2x?x8xf32>, %k: tensor<2x?x8xf32>) -> (tensor<2x?x8xf32>, tensor<4x?x8xf32>) {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.matmul_t %q, %k, %z, %z : (tensor<2x?x8xf32>, tensor<2x?x8xf32>, tensor<1xf32>, tensor<1xf32>)
       -> tensor<2x?x?xf32>
  %1 = tosa.reduce_max %0 {axis = 2 : i32} : (tensor<2x?x?xf32>) -> tensor<2x?x1xf32>
  %2 = tosa.sub %0, %1 : (tensor<2x?x?xf32>, tensor<2x?x1xf32>) -> tensor<2x?x?xf32>
  %3 = tosa.exp %2 : (tensor<2x?x?xf32>) -> tensor<2x?x?xf32>
  %4 = tosa.reduce_sum %3 {axis = 2 : i32} : (tensor<2x?x?xf32>) -> tensor<2x?x1xf32>
  %5 = tosa.reciprocal %4 : (tensor<2x?x1xf32>) -> tensor<2x?x1xf32>
  %h = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %6 = tosa.mul %3, %5, %h : (tensor<2x?x?xf32>, tensor<2x?x1xf32>, tensor<1xi8>) -> tensor<2x?x?xf32>
  %7 = tosa.matmul %6, %k, %z, %z : (tensor<2x?x?xf32>, tensor<2x?x8xf32>, tensor<1xf32>, tensor<1xf32>)
       -> tensor<2x?x8xf32>
  %t = tosa.const_shape {values = dense<[2, 1, 1]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %8 = tosa.tile %7, %t : (tensor<2x?x8xf32>, !tosa.shape<3>) -> tensor<4x?x8xf32>
  return %7, %8 : tensor<2x?x8xf32>, tensor<4x?x8xf32>
}
"""


def test_images_of_any_batch() -> None:
    random = np.random.default_rng(1)
    w, b = random.normal(size=(4, 3, 3, 2)).astype(np.float32), random.normal(size=4).astype(np.float32)
    with zellige.load(zellige.compile(CLASSIFIER), cache=False) as program:
        for batch in (1, 3, 8):
            x = random.normal(size=(batch, 6, 6, 2)).astype(np.float32)
            padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
            image = np.empty((batch, 3, 3, 4))
            for i, j in np.ndindex(3, 3):
                window = padded[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
                image[:, i, j] = np.einsum("nhwc,ohwc->no", window, w) + b
            scores = np.clip(image, 0, 6).mean((1, 2))
            means, places = program["main"](x, w, b)
            np.testing.assert_allclose(means, scores, rtol=1e-5, atol=1e-5)
            np.testing.assert_array_equal(places, scores.argmax(1))


def test_rows_of_any_length() -> None:
    random = np.random.default_rng(2)
    with zellige.load(zellige.compile(ATTENTION), cache=False) as program:
        for queries, keys in ((1, 1), (5, 17), (16, 3)):
            q, k = (random.normal(size=(2, length, 8)).astype(np.float32) for length in (queries, keys))
            weights = np.exp(q @ k.transpose(0, 2, 1))
            expected = weights / weights.sum(-1, keepdims=True) @ k
            mixed, tiled = program["main"](q, k)
            np.testing.assert_allclose(mixed, expected, rtol=1e-5, atol=1e-5)
            np.testing.assert_array_equal(tiled, np.concatenate([mixed, mixed]))


def test_a_size_in_space_that_a_mean_needs() -> None:
    text = CLASSIFIER.replace("x6x6x2x", "x?x6x2x").replace("x3x3x4xf32>, tensor<1", "x?x3x4xf32>, tensor<1")
    text = text.replace("-> tensor<?x3x3x4xf32>", "-> tensor<?x?x3x4xf32>").replace(
        "(tensor<?x3x3x4xf32>) ->", "(tensor<?x?x3x4xf32>) ->"
    )
    with pytest.raises(CompileError, match=r"'tosa\.avg_pool2d': dimension 1 of .* when compiling"):
        zellige.compile(text)


def test_a_result_type_that_the_operands_contradict() -> None:
    text = "func.func @main(%x: tensor<3xf32>) -> tensor<4xf32> { %0 = tosa.abs %x : (tensor<3xf32>) -> tensor<4xf32>\n"
    with pytest.raises(CompileError, match=r"'tosa\.abs': expected a result of type tensor<3xf32>, got tensor<4xf32>"):
        zellige.compile(text + "return %0 : tensor<4xf32> }")
