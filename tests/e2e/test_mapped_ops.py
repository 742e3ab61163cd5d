"""`linalg.contract` and `linalg.elementwise` with maps of their own, against numpy."""

from __future__ import annotations

import numpy as np

import zellige

PROGRAM = """
#a = affine_map<(m, n, k) -> (k, m)>
#b = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
#row = affine_map<(i, j) -> (j)>
#all = affine_map<(i, j) -> (i, j)>
func.func @main(%a: tensor<7x5xf32>, %b: tensor<9x7xf32>, %c: tensor<5x9xf32>, %row: tensor<9xf32>) -> tensor<5x9xf32> {
  %0 = linalg.contract indexing_maps = [#a, #b, #mn] ins(%a, %b : tensor<7x5xf32>, tensor<9x7xf32>)
      outs(%c : tensor<5x9xf32>) -> tensor<5x9xf32>
  %1 = linalg.elementwise kind=#linalg.elementwise_kind<sub> indexing_maps = [#row, #all, #all]
      ins(%row, %0 : tensor<9xf32>, tensor<5x9xf32>) outs(%c : tensor<5x9xf32>) -> tensor<5x9xf32>
  return %1 : tensor<5x9xf32>
}
"""


def test_maps_turn_and_spread_operands() -> None:
    random = np.random.default_rng(0)
    a, b, c, row = (random.standard_normal(shape, np.float32) for shape in ((7, 5), (9, 7), (5, 9), (9,)))
    with zellige.load(zellige.compile(PROGRAM), cache=False) as program:
        got = program["main"](a, b, c, row)
    np.testing.assert_allclose(got, row - (c + a.T @ b.T), rtol=1e-5, atol=1e-5)
