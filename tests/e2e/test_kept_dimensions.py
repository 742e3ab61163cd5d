"""Softmax as torch-mlir writes it, with reductions that keep their dimension, of any size, against numpy."""

from __future__ import annotations

import numpy as np
import pytest

import zellige

PROGRAM = """
#all = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#kept = affine_map<(d0, d1, d2) -> (d0, d1, 0)>
func.func @main(%x: tensor<?x4x?xf32>) -> tensor<?x4x?xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %b = tensor.dim %x, %c0 : tensor<?x4x?xf32>
  %t = tensor.dim %x, %c2 : tensor<?x4x?xf32>
  %e = tensor.empty(%b) : tensor<?x4x1xf32>
  %w = tensor.empty(%b, %t) : tensor<?x4x?xf32>
  %low = linalg.fill ins(%least : f32) outs(%e : tensor<?x4x1xf32>) -> tensor<?x4x1xf32>
  %max = linalg.generic {indexing_maps = [#all, #kept], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x : tensor<?x4x?xf32>) outs(%low : tensor<?x4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<?x4x1xf32>
  %exp = linalg.generic {indexing_maps = [#all, #kept, #all], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%x, %max : tensor<?x4x?xf32>, tensor<?x4x1xf32>) outs(%w : tensor<?x4x?xf32>) {
  ^bb0(%in: f32, %m: f32, %out: f32):
    %0 = arith.subf %in, %m : f32
    %1 = math.exp %0 : f32
    linalg.yield %1 : f32
  } -> tensor<?x4x?xf32>
  %none = linalg.fill ins(%zero : f32) outs(%e : tensor<?x4x1xf32>) -> tensor<?x4x1xf32>
  %sum = linalg.generic {indexing_maps = [#all, #kept], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%exp : tensor<?x4x?xf32>) outs(%none : tensor<?x4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<?x4x1xf32>
  %y = linalg.generic {indexing_maps = [#all, #kept, #all], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%exp, %sum : tensor<?x4x?xf32>, tensor<?x4x1xf32>) outs(%w : tensor<?x4x?xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %0 = arith.divf %in, %s : f32
    linalg.yield %0 : f32
  } -> tensor<?x4x?xf32>
  return %y : tensor<?x4x?xf32>
}
"""


@pytest.fixture(scope="module")
def program() -> zellige.Program:
    return zellige.load(zellige.compile(PROGRAM), cache=False)


@pytest.mark.parametrize("sizes", [(1, 1), (2, 5), (3, 33), (40, 16)])
def test_softmax_of_any_size(program: zellige.Program, sizes: tuple[int, int]) -> None:
    x = np.random.default_rng(0).standard_normal((sizes[0], 4, sizes[1]), np.float32)
    powers = np.exp(x - x.max(2, keepdims=True))
    np.testing.assert_allclose(program["main"](x), powers / powers.sum(2, keepdims=True), rtol=1e-5, atol=1e-6)
