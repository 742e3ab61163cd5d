"""Tuples that a program takes, carries through a loop, and gives."""

from __future__ import annotations

import numpy as np

import zellige

PROGRAM = """
!pair = tuple<tensor<i32>, tensor<6xf32>>
func.func @main(%t: tuple<tensor<6xf32>, !pair>) -> tuple<tensor<6xf32>, tensor<i32>> {
  %a = stablehlo.get_tuple_element %t[0] : (tuple<tensor<6xf32>, !pair>) -> tensor<6xf32>
  %p = stablehlo.get_tuple_element %t[1] : (tuple<tensor<6xf32>, !pair>) -> !pair
  %w = "stablehlo.while"(%p) ({
  ^bb0(%q: !pair):
    %n = stablehlo.get_tuple_element %q[0] : (!pair) -> tensor<i32>
    %most = stablehlo.constant dense<5> : tensor<i32>
    %less = stablehlo.compare LT, %n, %most : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %less : tensor<i1>
  }, {
  ^bb0(%q: !pair):
    %n = stablehlo.get_tuple_element %q[0] : (!pair) -> tensor<i32>
    %v = stablehlo.get_tuple_element %q[1] : (!pair) -> tensor<6xf32>
    %one = stablehlo.constant dense<1> : tensor<i32>
    %m = stablehlo.add %n, %one : tensor<i32>
    %u = stablehlo.add %v, %v : tensor<6xf32>
    %r = stablehlo.tuple %m, %u : !pair
    stablehlo.return %r : !pair
  }) : (!pair) -> !pair
  %m = stablehlo.get_tuple_element %w[0] : (!pair) -> tensor<i32>
  %u = stablehlo.get_tuple_element %w[1] : (!pair) -> tensor<6xf32>
  %s = stablehlo.add %u, %a : tensor<6xf32>
  %r = stablehlo.tuple %s, %m : tuple<tensor<6xf32>, tensor<i32>>
  return %r : tuple<tensor<6xf32>, tensor<i32>>
}
"""


def test_a_tuple_is_its_values() -> None:
    a, b = np.arange(6, dtype=np.float32), np.ones(6, np.float32)
    with zellige.load(zellige.compile(PROGRAM), cache=False) as program:
        total, count = program["main"](a, np.int32(2), b)
    np.testing.assert_array_equal(total, a + 8 * b)
    assert count == 5
