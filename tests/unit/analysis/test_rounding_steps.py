"""Roundings are counted along the longest way."""

from __future__ import annotations

import pytest

from zellige.analysis.rounding_steps import EXPONENTIAL_STEPS, rounding_steps
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.dialects.flow import executables

KERNEL = """
flow.executable @k {{
  func.func @k(%a: tensor<4x100xf32>, %b: tensor<100xf32>) -> tensor<4xf32> {{
    %e = tensor.empty() : tensor<4xf32>
    %0 = linalg.generic {{
      indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0)>],
      iterator_types = ["parallel", "reduction"]
    }} ins(%a, %b : tensor<4x100xf32>, tensor<100xf32>) outs(%e : tensor<4xf32>) {{
    ^body(%x: f32, %y: f32, %sum: f32):
      {body}
    }} -> tensor<4xf32>
    func.return %0 : tensor<4xf32>
  }}
}}
"""


@pytest.mark.parametrize(
    ("body", "steps"),
    [
        ("%p = arith.mulf %x, %y : f32  %s = arith.addf %sum, %p : f32  linalg.yield %s : f32", 101),
        ("%m = arith.maximumf %sum, %x : f32  linalg.yield %m : f32", 0),
        (
            "%z = arith.subf %x, %y : f32  %p = math.exp %z : f32  %s = arith.addf %p, %sum : f32"
            "  linalg.yield %s : f32",
            101 + EXPONENTIAL_STEPS,
        ),
    ],
    ids=["contraction", "maximum", "sum of exponentials"],
)
def test_a_reduction_rounds_once_an_iteration(body: str, steps: int):
    module = read_module(KERNEL.format(body=body), "<text>", context())
    assert [rounding_steps(executable) for executable in executables(module)] == [steps]
