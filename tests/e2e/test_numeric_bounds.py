"""Products of narrow numbers stay within the bounds of docs/numerics.md. The oracle is numpy in f64, or in integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from onnx import parser

import zellige
from zellige.element_types import NUMPY_DTYPES

Array = npt.NDArray[Any]

F32_ROUNDING = 2.0**-24
HALF_STEP = {"f16": 2.0**-11, "bf16": 2.0**-8}
"""The largest relative error of one rounding."""


def run(source: str | bytes, *arguments: Array) -> Array:
    with zellige.load(zellige.compile(source), cache=False) as program:
        return program["main"](*arguments)


def within(got: Array, exact: Array, magnitude: Array, terms: int, rounding: float) -> None:
    """The error is that of a sum in f32 of as many terms, and of one rounding."""
    error = np.abs(got.astype(np.float64) - exact)
    bound = terms * F32_ROUNDING * magnitude + rounding * (np.abs(exact) + terms * F32_ROUNDING * magnitude)
    assert np.all(error <= bound), float((error / bound).max())


@pytest.mark.parametrize("name", ["f16", "bf16"])
def test_products_of_small_floats_round_once(name: str) -> None:
    rng = np.random.default_rng(1)
    a, b = (rng.normal(size=shape).astype(NUMPY_DTYPES[name]) for shape in ((17, 300), (300, 33)))
    text = f"""
        func.func @main(%a: tensor<17x300x{name}>, %b: tensor<300x33x{name}>) -> tensor<17x33x{name}> {{
          %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0]
              : (tensor<17x300x{name}>, tensor<300x33x{name}>) -> tensor<17x33x{name}>
          return %0 : tensor<17x33x{name}>
        }}"""
    wide = a.astype(np.float64), b.astype(np.float64)
    within(run(text, a, b), wide[0] @ wide[1], np.abs(wide[0]) @ np.abs(wide[1]), 300, HALF_STEP[name])


@pytest.mark.parametrize("name", ["f16", "bf16"])
def test_convolutions_of_small_floats_round_once(name: str) -> None:
    rng = np.random.default_rng(2)
    x, k = (rng.normal(size=shape).astype(NUMPY_DTYPES[name]) for shape in ((1, 6, 9, 9), (4, 6, 3, 3)))
    text = f"""
        func.func @main(%x: tensor<1x6x9x9x{name}>, %k: tensor<4x6x3x3x{name}>) -> tensor<1x4x7x7x{name}> {{
          %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
              window = {{stride = [1, 1]}} {{batch_group_count = 1 : i64, feature_group_count = 1 : i64}}
              : (tensor<1x6x9x9x{name}>, tensor<4x6x3x3x{name}>) -> tensor<1x4x7x7x{name}>
          return %0 : tensor<1x4x7x7x{name}>
        }}"""
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), (3, 3), (2, 3))
    kernel = k.astype(np.float64)
    exact = np.einsum("bcyxij,ocij->boyx", windows, kernel)
    magnitude = np.einsum("bcyxij,ocij->boyx", np.abs(windows), np.abs(kernel))
    within(run(text, x, k), exact, magnitude, 54, HALF_STEP[name])


@pytest.mark.parametrize("rows", [1, 9])
def test_weights_of_four_bits_with_scales_are_those_of_f32(rows: int) -> None:
    rng = np.random.default_rng(3)
    packed = rng.integers(0, 256, (40, 8, 16)).astype(np.uint8)
    scales, x = rng.random((40, 8), np.float32), rng.normal(size=(rows, 256)).astype(np.float32)
    node = "y = com.microsoft.MatMulNBits <K = 256, N = 40, bits = 4, block_size = 32> (x, w, s)"
    signature = f"float[{rows},256] x, uint8[40,8,16] w, float[40,8] s"
    head = '<ir_version: 8, opset_import: ["" : 17, "com.microsoft" : 1]>'
    model = parser.parse_model(f"{head} g ({signature}) => (float[{rows},40] y) {{ {node} }}")
    numbers = np.stack([packed & 15, packed >> 4], -1).reshape(40, 8, 32).astype(np.float64) - 8
    weights = (numbers * scales[:, :, None].astype(np.float64)).reshape(40, 256).T
    exact, magnitude = x.astype(np.float64) @ weights, np.abs(x.astype(np.float64)) @ np.abs(weights)
    within(run(model.SerializeToString(), x, packed, scales), exact, magnitude, 256 + 2, F32_ROUNDING)


def test_quantised_convolutions_are_at_most_a_step_from_the_exact_result() -> None:
    """Sums are exact; only what is nearly half way between two results may become the other one."""
    rng = np.random.default_rng(4)
    x = rng.integers(0, 256, (1, 5, 11, 11)).astype(np.uint8)
    kernel = rng.integers(-128, 128, (6, 5, 3, 3)).astype(np.int8)
    scales, bias = rng.uniform(0.001, 0.01, 6).astype(np.float32), rng.integers(-999, 999, 6).astype(np.int32)
    inputs = (
        "uint8[1,5,11,11] x, float xs, uint8 xz, int8[6,5,3,3] w, float[6] ws, int8[6] wz, float ys, uint8 yz,"
        " int32[6] b"
    )
    node = "y = QLinearConv(x, xs, xz, w, ws, wz, ys, yz, b)"
    text = f'<ir_version: 8, opset_import: ["" : 17]> g ({inputs}) => (uint8[1,6,9,9] y) {{ {node} }}'
    x_scale, x_zero, y_scale, y_zero = np.float32(0.02), np.uint8(127), np.float32(0.05), np.uint8(130)
    given = [np.asarray(v) for v in (x, x_scale, x_zero, kernel, scales, np.zeros(6, np.int8), y_scale, y_zero, bias)]
    got = run(parser.parse_model(text).SerializeToString(), *given)
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.int64) - 127, (3, 3), (2, 3))
    sums = np.einsum("bcyxij,ocij->boyx", windows, kernel.astype(np.int64)) + bias.reshape(-1, 1, 1)
    exact = sums * (np.float64(x_scale) * scales.astype(np.float64) / np.float64(y_scale)).reshape(-1, 1, 1) + 130
    off = np.abs(got.astype(np.float64) - np.clip(exact, 0, 255))
    assert got.dtype == np.uint8
    assert off.max() <= 0.5 + 1e-3
