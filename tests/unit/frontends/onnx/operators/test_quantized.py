"""Quantised numbers: rounding, limits and scales are those of the definition, sums of products are exact."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest
from onnx import parser

import zellige

Array = npt.NDArray[Any]


def run(inputs: str, nodes: str, outputs: str, *given: Array) -> tuple[Array, ...]:
    text = f'<ir_version: 10, opset_import: ["" : 21]> g ({inputs}) => ({outputs}) {{ {nodes} }}'
    results = zellige.load(zellige.compile(parser.parse_model(text).SerializeToString()))["main"](*given)
    return cast("tuple[Array, ...]", results if isinstance(results, tuple) else (results,))


def test_rounds_to_the_nearest_even_number_and_stays_within_the_type() -> None:
    x = np.array([0.5, 1.5, 2.5, -0.5, -300, 300, 1e9], np.float32)
    (signed, unsigned) = run(
        "float[7] x, float s, int8 z, uint8 u",
        "a = QuantizeLinear(x, s, z) b = QuantizeLinear(x, s, u)",
        "int8[7] a, uint8[7] b",
        x,
        np.array(1, np.float32),
        np.array(-3, np.int8),
        np.array(3, np.uint8),
    )
    np.testing.assert_array_equal(signed, [-3, -1, -1, -3, -128, 127, 127])
    np.testing.assert_array_equal(unsigned.view(np.uint8), [3, 5, 5, 3, 0, 255, 255])


def test_scales_for_each_index_and_for_each_block() -> None:
    rng = np.random.default_rng(1)
    q = rng.integers(-128, 128, (2, 5)).astype(np.int8)
    scale, zero = rng.random(5, np.float32), rng.integers(-9, 9, 5).astype(np.int8)
    blocks, block_zero = rng.random((2, 2), np.float32), rng.integers(-9, 9, (2, 2)).astype(np.int8)
    by_index, by_block = run(
        "int8[2,5] q, float[5] s, int8[5] z, float[2,2] t, int8[2,2] y",
        "a = DequantizeLinear <axis = 1> (q, s, z) b = DequantizeLinear <axis = 1, block_size = 3> (q, t, y)",
        "float[2,5] a, float[2,5] b",
        q,
        scale,
        zero,
        blocks,
        block_zero,
    )
    np.testing.assert_allclose(by_index, (q.astype(np.float32) - zero) * scale, rtol=1e-6)
    wide, wide_zero = (np.repeat(numbers, 3, 1)[:, :5] for numbers in (blocks, block_zero))
    np.testing.assert_allclose(by_block, (q.astype(np.float32) - wide_zero) * wide, rtol=1e-6)


def test_integer_products_take_zero_points_off_rows_and_columns() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 256, (3, 70)).astype(np.uint8), rng.integers(-128, 128, (70, 4)).astype(np.int8)
    rows, columns = rng.integers(0, 256, 3).astype(np.uint8), rng.integers(-128, 128, 4).astype(np.int8)
    plain, centred = run(
        "uint8[3,70] a, int8[70,4] b, uint8[3] r, int8[4] c",
        "x = MatMulInteger(a, b) y = MatMulInteger(a, b, r, c)",
        "int32[3,4] x, int32[3,4] y",
        a,
        b,
        rows,
        columns,
    )
    left, right = a.astype(np.int32), b.astype(np.int32)
    np.testing.assert_array_equal(plain, left @ right)
    np.testing.assert_array_equal(centred, (left - rows[:, None]) @ (right - columns))


def test_edges_of_an_integer_convolution_are_the_zero_point() -> None:
    x, k = np.full((1, 1, 3, 3), 7, np.uint8), np.ones((1, 1, 3, 3), np.uint8)
    (made,) = run(
        "uint8[1,1,3,3] x, uint8[1,1,3,3] k, uint8 z",
        "y = ConvInteger <pads = [1, 1, 1, 1]> (x, k, z)",
        "int32[1,1,3,3] y",
        x,
        k,
        np.array(5, np.uint8),
    )
    np.testing.assert_array_equal(made[0, 0], [[8, 12, 8], [12, 18, 12], [8, 12, 8]])


def test_scales_that_do_not_fit_are_refused() -> None:
    with pytest.raises(zellige.CompileError, match="not one number for each of the 5 of dimension 1"):
        run("int8[2,5] q, float[4] s", "a = DequantizeLinear <axis = 1> (q, s)", "float[2,5] a")
