"""The table of named ops: notation, and what the ops compute against numpy."""

import numpy as np
import pytest
from xdsl.ir.affine import AffineMap

from tests.interpreter import Interpreter
from zellige.compiler.universe import context
from zellige.dialects.linalg_structured import STRUCTURED, Structure
from zellige.support.parsing import parse_module
from zellige.support.verification import verify_module


@pytest.mark.parametrize("name", STRUCTURED)
def test_every_loop_has_a_size(name: str) -> None:
    structure: Structure = STRUCTURED[name]
    maps = structure.maps((1,) * structure.windows, (1,) * structure.windows)
    results = [result for map_ in maps for result in map_.results]
    assert AffineMap(len(structure.loops), 0, tuple(results)).inverse_permutation() is not None


def test_windows_have_strides_and_dilations() -> None:
    (map_, *_) = STRUCTURED["conv_2d_nhwc_hwcf"].maps((2, 3), (4, 5))
    assert map_.eval([0, 1, 10, 0, 100, 1000, 7], []) == (0, 2 + 400, 30 + 5000, 7)


def test_convolution_against_numpy() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 2, 9, 8), np.float32)
    w = rng.standard_normal((3, 2, 3, 2), np.float32)
    text = """
func.func @main(%x: tensor<1x2x9x8xf32>, %w: tensor<3x2x3x2xf32>, %y: tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32> {
  %0 = linalg.conv_2d_nchw_fchw
    {strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<[1, 3]> : tensor<2xi64>}
    ins(%x, %w : tensor<1x2x9x8xf32>, tensor<3x2x3x2xf32>) outs(%y : tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  return %0 : tensor<1x3x4x5xf32>
}
"""
    module = parse_module(text, "conv.mlir", context())
    verify_module(module)
    expected = np.zeros((1, 3, 4, 5), np.float32)
    for i in range(3):
        for j in range(2):
            patch = x[:, :, i : i + 7 : 2, 3 * j : 3 * j + 5]
            expected += np.einsum("nchw,fc->nfhw", patch, w[:, :, i, j])
    (result,) = Interpreter(module).call("main", x, w, np.zeros_like(expected))
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-5)
