"""Regions of scalars in programs: constants of all kinds in them, and values from around them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]

CASES = [
    ("i1", "dense<true>", "xor", np.array([True, False]), np.array([False, True])),
    ("i8", "dense<-3>", "add", np.array([1, 127], np.int8), np.array([-2, 124], np.int8)),
    ("ui8", "dense<200>", "maximum", np.array([1, 255], np.uint8), np.array([200, 255], np.uint8)),
    ("f32", "dense<0xFF800000>", "maximum", np.array([1, -2], np.float32), np.array([1, -2], np.float32)),
    ("complex<f32>", "dense<(1.0, 2.0)>", "add", np.ones(2, np.complex64), np.full(2, 2 + 2j, np.complex64)),
]


@pytest.mark.parametrize(("kind", "constant", "op", "x", "expected"), CASES, ids=[kind for kind, *_ in CASES])
def test_constants_in_a_region(kind: str, constant: str, op: str, x: Array, expected: Array) -> None:
    text = f"""
    func.func @main(%x: tensor<2x{kind}>) -> tensor<2x{kind}> {{
      %0 = "stablehlo.map"(%x) <{{dimensions = array<i64: 0>}}> ({{
      ^bb0(%a: tensor<{kind}>):
        %c = stablehlo.constant {constant} : tensor<{kind}>
        %b = stablehlo.{op} %a, %c : tensor<{kind}>
        stablehlo.return %b : tensor<{kind}>
      }}) : (tensor<2x{kind}>) -> tensor<2x{kind}>
      return %0 : tensor<2x{kind}>
    }}
    """
    np.testing.assert_array_equal(np.asarray(zellige.load(zellige.compile(text))["main"](x)), expected)


def test_values_from_around_a_region() -> None:
    text = """
    func.func @main(%x: tensor<4xf32>, %y: tensor<f32>) -> tensor<4xf32> {
      %0 = "stablehlo.map"(%x) <{dimensions = array<i64: 0>}> ({
      ^bb0(%a: tensor<f32>):
        %b = stablehlo.multiply %a, %y : tensor<f32>
        stablehlo.return %b : tensor<f32>
      }) : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    """
    x, y = np.arange(4, dtype=np.float32), np.float32(1.5)
    np.testing.assert_array_equal(np.asarray(zellige.load(zellige.compile(text))["main"](x, np.array(y))), x * y)
