"""Contractions whose inputs are copied into panels, against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

import zellige
from zellige.compiler.driver import lower
from zellige.compiler.options import CompileOptions
from zellige.support.printing import module_text

Array = np.ndarray[Any, np.dtype[np.float32]]


def schedules(text: str) -> str:
    """The pipeline's IR with the schedules that were chosen."""
    return module_text(lower(text, CompileOptions(), "input", "tiling"))


def run(text: str, *inputs: Array) -> Array:
    result = zellige.load(zellige.compile(text), cache=False)["main"](*inputs)
    assert not isinstance(result, tuple)
    return result


SQUARE = """
func.func @main(%x: tensor<128x128xf32>) -> tensor<128x128xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<128x128xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<128x128xf32>) -> tensor<128x128xf32>
  %0 = linalg.matmul ins(%x, %x : tensor<128x128xf32>, tensor<128x128xf32>)
                     outs(%f : tensor<128x128xf32>) -> tensor<128x128xf32>
  %1 = linalg.add ins(%0, %x : tensor<128x128xf32>, tensor<128x128xf32>)
                  outs(%e : tensor<128x128xf32>) -> tensor<128x128xf32>
  func.return %1 : tensor<128x128xf32>
}
"""

WINDOWS = """
#in = affine_map<(f, w, c, k) -> (w + k, c)>
#filter = affine_map<(f, w, c, k) -> (f, c, k)>
#out = affine_map<(f, w, c, k) -> (f, w)>
func.func @main(%x: tensor<103x24xf32>, %w: tensor<64x24x5xf32>) -> tensor<64x99xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x99xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<64x99xf32>) -> tensor<64x99xf32>
  %0 = linalg.generic {indexing_maps = [#in, #filter, #out],
                       iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
       ins(%x, %w : tensor<103x24xf32>, tensor<64x24x5xf32>) outs(%f : tensor<64x99xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<64x99xf32>
  func.return %0 : tensor<64x99xf32>
}
"""

TRANSPOSED = """
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @main(%x: tensor<70x33xf32>, %y: tensor<45x33xf32>) -> tensor<70x45xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<70x45xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<70x45xf32>) -> tensor<70x45xf32>
  %0 = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
       ins(%x, %y : tensor<70x33xf32>, tensor<45x33xf32>) outs(%f : tensor<70x45xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %acc, %p : f32
    linalg.yield %s : f32
  } -> tensor<70x45xf32>
  func.return %0 : tensor<70x45xf32>
}
"""


def random(*shape: int) -> Array:
    return np.random.default_rng(7).standard_normal(shape, dtype=np.float32)


def test_an_input_that_is_read_twice_is_not_replaced_by_its_panels():
    x = random(128, 128)
    np.testing.assert_allclose(run(SQUARE, x), x @ x + x, rtol=1e-4, atol=1e-3)


def test_windows_along_rows_that_are_far_apart_are_packed():
    assert "pack [0]" in schedules(WINDOWS)
    x, w = random(103, 24), random(64, 24, 5)
    windows = np.lib.stride_tricks.sliding_window_view(x, 5, axis=0)
    np.testing.assert_allclose(run(WINDOWS, x, w), np.einsum("wck,fck->fw", windows, w), rtol=1e-4, atol=1e-3)


def test_a_transposed_operand_is_packed():
    assert "pack [1]" in schedules(TRANSPOSED)
    x, y = random(70, 33), random(45, 33)
    np.testing.assert_allclose(run(TRANSPOSED, x, y), x @ y.T, rtol=1e-4, atol=1e-3)
