"""Programs that compute shapes with the dialect `shape`, against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]

BROADCAST = """
func.func @main(%x: tensor<?x?xf32>, %y: tensor<?xf32>) -> (tensor<?x?xf32>, index) {
  %s = shape.shape_of %x : tensor<?x?xf32> -> tensor<2xindex>
  %t = shape.shape_of %y : tensor<?xf32> -> tensor<1xindex>
  %ok = shape.cstr_eq %s, %s : tensor<2xindex>, tensor<2xindex>
  %row = shape.const_size 1
  %last = shape.get_extent %s, %row : tensor<2xindex>, !shape.size -> !shape.size
  %of_y = shape.from_extents %last : !shape.size
  %as_tensor = shape.to_extent_tensor %of_y : !shape.shape -> tensor<1xindex>
  %same = shape.cstr_eq %as_tensor, %t : tensor<1xindex>, tensor<1xindex>
  %both = shape.assuming_all %ok, %same
  %r:2 = shape.assuming %both -> (tensor<?x?xf32>, index) {
    %b = shape.broadcast %s, %t : tensor<2xindex>, tensor<1xindex> -> tensor<2xindex>
    %z = stablehlo.dynamic_broadcast_in_dim %y, %b, dims = [1] : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
    %sum = stablehlo.add %x, %z : tensor<?x?xf32>
    %n = shape.num_elements %b : tensor<2xindex> -> index
    shape.assuming_yield %sum, %n : tensor<?x?xf32>, index
  }
  return %r#0, %r#1 : tensor<?x?xf32>, index
}
"""

FLATTEN = """
func.func @main(%x: tensor<?x3x?xf32>) -> tensor<?xf32> {
  %s = shape.shape_of %x : tensor<?x3x?xf32> -> tensor<3xindex>
  %n = shape.num_elements %s : tensor<3xindex> -> index
  %f = shape.from_extents %n : index
  %e = shape.to_extent_tensor %f : !shape.shape -> tensor<1xindex>
  %0 = tensor.reshape %x(%e) : (tensor<?x3x?xf32>, tensor<1xindex>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
"""


def numbers(*shape: int) -> Array:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def test_what_constraints_allow_runs_and_the_rest_is_a_trap() -> None:
    with zellige.load(zellige.compile(BROADCAST), cache=False) as program:
        for rows, columns in ((3, 4), (1, 1), (0, 2)):
            total, count = program["main"](numbers(rows, columns), numbers(columns))
            np.testing.assert_array_equal(total, numbers(rows, columns) + numbers(columns))
            assert count == rows * columns
        with pytest.raises(zellige.RuntimeTrap, match=r"shapes differ|dimension 0 of argument 1 \('y'\) differs"):
            program["main"](numbers(3, 4), numbers(5))


def test_a_shape_made_of_a_product() -> None:
    with zellige.load(zellige.compile(FLATTEN), cache=False) as program:
        np.testing.assert_array_equal(program["main"](numbers(2, 3, 5)), numbers(30))
