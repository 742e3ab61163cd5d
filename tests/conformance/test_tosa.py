"""TOSA programs against the formulas of its specification, computed with numpy."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]


def run(text: str, *arguments: Array) -> Array:
    with zellige.load(zellige.compile(text), cache=False) as program:
        return program["main"](*arguments)


def constant(name: str, values: str, type_: str) -> str:
    return f'{name} = "tosa.const"() <{{values = dense<{values}> : {type_}}}> : () -> {type_}\n'


@pytest.mark.parametrize("mode", ["SINGLE_ROUND", "DOUBLE_ROUND"])
def test_rescale_is_a_rounded_product(mode: str) -> None:
    text = f"""func.func @main(%x: tensor<64x2xi32>) -> tensor<64x2xi8> {{
        {constant("%m", "[1073741824, 2000000011]", "tensor<2xi32>")}
        {constant("%s", "[33, 38]", "tensor<2xi8>")}
        {constant("%i", "0", "tensor<1xi32>")}
        {constant("%o", "-5", "tensor<1xi8>")}
        %0 = tosa.rescale %x, %m, %s, %i, %o {{input_unsigned = false, output_unsigned = false, per_channel = true,
             rounding_mode = {mode}, scale32 = true}}
             : (tensor<64x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<64x2xi8>
        return %0 : tensor<64x2xi8> }}"""
    x = np.random.default_rng(2).integers(-2000, 2000, (64, 2)).astype(np.int32)
    x[:4] = [[4, 0], [12, 1], [-4, -1], [-12, 2]]
    expected = np.empty((64, 2), np.int64)
    scales = [(1073741824, 33), (2000000011, 38)]
    for (row, column), value in np.ndenumerate(x):
        multiplier, shift = scales[int(column)]
        half = 1 << (shift - 1)
        if mode == "DOUBLE_ROUND":
            half += (1 << 30) if value >= 0 else -(1 << 30)
        expected[row, column] = min(max(((int(value) * multiplier + half) >> shift) - 5, -128), 127)
    np.testing.assert_array_equal(run(text, x), expected.astype(np.int8))


def test_a_quantised_convolution() -> None:
    text = f"""func.func @main(%x: tensor<1x5x6x3xi8>, %w: tensor<4x3x2x3xi8>, %b: tensor<4xi32>)
        -> tensor<1x3x3x4xi32> {{
        {constant("%i", "7", "tensor<1xi8>")}
        {constant("%k", "-3", "tensor<1xi8>")}
        %0 = tosa.conv2d %x, %w, %b, %i, %k {{acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 0, 1>,
             stride = array<i64: 2, 2>}}
             : (tensor<1x5x6x3xi8>, tensor<4x3x2x3xi8>, tensor<4xi32>, tensor<1xi8>, tensor<1xi8>)
             -> tensor<1x3x3x4xi32>
        return %0 : tensor<1x3x3x4xi32> }}"""
    random = np.random.default_rng(4)
    x, w = (random.integers(-128, 128, shape).astype(np.int8) for shape in ((1, 5, 6, 3), (4, 3, 2, 3)))
    b = random.integers(-9999, 9999, 4).astype(np.int32)
    padded = np.pad(x.astype(np.int64) - 7, ((0, 0), (1, 1), (0, 1), (0, 0)))
    kernel = w.astype(np.int64) + 3
    expected = np.empty((1, 3, 3, 4), np.int64)
    for i, j in np.ndindex(3, 3):
        window = padded[0, 2 * i : 2 * i + 3, 2 * j : 2 * j + 2]
        expected[0, i, j] = np.einsum("hwc,ohwc->o", window, kernel) + b
    np.testing.assert_array_equal(run(text, x, w, b), expected.astype(np.int32))


def test_means_divide_by_what_is_covered() -> None:
    text = f"""func.func @main(%x: tensor<1x4x5x2xi8>) -> tensor<1x2x3x2xi8> {{
        {constant("%i", "11", "tensor<1xi8>")}
        {constant("%o", "-4", "tensor<1xi8>")}
        %0 = tosa.avg_pool2d %x, %i, %o {{acc_type = i32, kernel = array<i64: 3, 3>, pad = array<i64: 1, 1, 1, 1>,
             stride = array<i64: 2, 2>}} : (tensor<1x4x5x2xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x3x2xi8>
        return %0 : tensor<1x2x3x2xi8> }}"""
    x = np.random.default_rng(6).integers(-128, 128, (1, 4, 5, 2)).astype(np.int8)
    expected = np.empty((1, 2, 3, 2))
    for i, j in np.ndindex(2, 3):
        rows, columns = slice(max(0, 2 * i - 1), 2 * i + 2), slice(max(0, 2 * j - 1), 2 * j + 2)
        expected[0, i, j] = (x[0, rows, columns].astype(np.int64) - 11).mean((0, 1)) - 4
    got = run(text, x)
    # The specification divides by a rounded reciprocal: halves go up, all else to the nearest.
    assert np.abs(got - np.clip(expected, -128, 127)).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("mode", ["PROPAGATE", "IGNORE"])
def test_nan_is_propagated_or_ignored(mode: str) -> None:
    text = f"""func.func @main(%x: tensor<3x4xf32>) -> (tensor<3x1xf32>, tensor<3xi32>, tensor<3x4xf32>) {{
        %0 = tosa.reduce_max %x {{axis = 1 : i32, nan_mode = {mode}}} : (tensor<3x4xf32>) -> tensor<3x1xf32>
        %1 = tosa.argmax %x {{axis = 1 : i32, nan_mode = {mode}}} : (tensor<3x4xf32>) -> tensor<3xi32>
        %2 = tosa.clamp %x {{min_val = -1.0 : f32, max_val = 1.5 : f32, nan_mode = {mode}}}
             : (tensor<3x4xf32>) -> tensor<3x4xf32>
        return %0, %1, %2 : tensor<3x1xf32>, tensor<3xi32>, tensor<3x4xf32> }}"""
    nan = np.nan
    x = np.array([[1, 3, 3, -2], [nan, 2, nan, 1], [nan] * 4], np.float32)
    greatest, place, clamped = run(text, x)
    if mode == "IGNORE":
        np.testing.assert_array_equal(greatest[:, 0], np.array([3, 2, nan], np.float32))
        np.testing.assert_array_equal(place, [1, 1, 0])
        np.testing.assert_array_equal(clamped[1], np.array([-1, 1.5, -1, 1], np.float32))
    else:
        np.testing.assert_array_equal(greatest[:, 0], np.array([3, nan, nan], np.float32))
        np.testing.assert_array_equal(place, [1, 0, 0])
        np.testing.assert_array_equal(clamped[1], np.array([nan, 1.5, nan, 1], np.float32))


def test_a_bilinear_image_between_its_points() -> None:
    text = """func.func @main(%x: tensor<1x3x4x2xf32>) -> tensor<1x5x7x2xf32> {
        %s = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
        %o = tosa.const_shape {values = dense<0> : tensor<2xindex>} : () -> !tosa.shape<2>
        %0 = tosa.resize %x, %s, %o, %o {mode = BILINEAR}
             : (tensor<1x3x4x2xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x5x7x2xf32>
        return %0 : tensor<1x5x7x2xf32> }"""
    x = np.random.default_rng(8).standard_normal((1, 3, 4, 2)).astype(np.float32)
    rows = np.stack([np.interp(np.arange(5) / 2, np.arange(3), x[0, :, j, c]) for j in range(4) for c in range(2)], 1)
    rows = rows.reshape(5, 4, 2)
    expected = np.stack(
        [np.interp(np.arange(7) / 2, np.arange(4), rows[i, :, c]) for i in range(5) for c in range(2)], 0
    ).reshape(5, 2, 7)
    np.testing.assert_allclose(run(text, x)[0], expected.transpose(0, 2, 1), rtol=1e-5, atol=1e-6)


def test_a_table_of_16_bits_is_interpolated() -> None:
    numbers = np.clip(np.arange(513) * 100 - 25000, -32768, 32767)
    table = "[" + ", ".join(map(str, numbers)) + "]"
    text = f"""func.func @main(%x: tensor<200xi16>) -> tensor<200xi32> {{
        {constant("%t", table, "tensor<513xi16>")}
        %0 = tosa.table %x, %t : (tensor<200xi16>, tensor<513xi16>) -> tensor<200xi32>
        return %0 : tensor<200xi32> }}"""
    x = np.random.default_rng(9).integers(-32768, 32768, 200).astype(np.int16)
    value = x.astype(np.int64) + 32768
    base, following = numbers[value >> 7], numbers[(value >> 7) + 1]
    np.testing.assert_array_equal(run(text, x), (base << 7) + (following - base) * (value & 127))


def test_fourier_transforms_along_both_dimensions() -> None:
    image, half = "tensor<2x4x8xf32>", "tensor<2x4x5xf32>"
    text = f"""func.func @main(%a: {image}, %b: {image}) -> ({image}, {image}, {image}, {image}, {half}, {half}) {{
        %0, %1 = tosa.fft2d %a, %b {{inverse = false}} : ({image}, {image}) -> ({image}, {image})
        %2, %3 = tosa.fft2d %a, %b {{inverse = true}} : ({image}, {image}) -> ({image}, {image})
        %4, %5 = tosa.rfft2d %a : ({image}) -> ({half}, {half})
        return %0, %1, %2, %3, %4, %5 : {image}, {image}, {image}, {image}, {half}, {half} }}"""
    a, b = np.random.default_rng(9).normal(size=(2, 2, 4, 8)).astype(np.float32)
    parts = run(text, a, b)
    transforms = (np.fft.fft2(a + 1j * b), np.fft.ifft2(a + 1j * b), np.fft.rfft2(a))
    for real, imaginary, expected in zip(parts[::2], parts[1::2], transforms, strict=True):
        np.testing.assert_allclose(real + 1j * imaginary, expected, rtol=1e-4, atol=1e-5)


def test_a_loop_with_a_branch_and_a_variable() -> None:
    text = """
        tosa.variable @total = dense<10> : tensor<3xi32>
        func.func @main(%n: tensor<i32>, %x: tensor<3xi32>) -> tensor<3xi32> {
          %zero = "tosa.const"() <{values = dense<0> : tensor<i32>}> : () -> tensor<i32>
          %one = "tosa.const"() <{values = dense<1> : tensor<i32>}> : () -> tensor<i32>
          %first = tosa.variable_read @total : tensor<3xi32>
          %0:2 = tosa.while_loop (%i = %n, %t = %first) : (tensor<i32>, tensor<3xi32>) -> (tensor<i32>, tensor<3xi32>) {
            %1 = tosa.greater %i, %zero : (tensor<i32>, tensor<i32>) -> tensor<i1>
            tosa.yield %1 : tensor<i1>
          } do {
          ^bb0(%i: tensor<i32>, %t: tensor<3xi32>):
            %2 = tosa.greater %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i1>
            %3 = tosa.cond_if %2 (%a = %t, %b = %x) : tensor<i1> (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32> {
            ^bb0(%a: tensor<3xi32>, %b: tensor<3xi32>):
              %4 = tosa.add %a, %b : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32>
              tosa.yield %4 : tensor<3xi32>
            } else {
            ^bb0(%a: tensor<3xi32>, %b: tensor<3xi32>):
              %4 = tosa.sub %a, %b : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32>
              tosa.yield %4 : tensor<3xi32>
            }
            %5 = tosa.sub %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
            tosa.yield %5, %3 : tensor<i32>, tensor<3xi32>
          }
          tosa.variable_write @total, %0#1 : tensor<3xi32>
          return %0#1 : tensor<3xi32>
        }"""
    x = np.array([1, 2, 3], np.int32)
    with zellige.load(zellige.compile(text), cache=False) as program:
        for expected in (10 + 2 * x, 10 + 4 * x):  # of four rounds three add and one subtracts
            np.testing.assert_array_equal(program["main"](np.array(4, np.int32), x), expected)


def test_a_constant_of_bf16() -> None:
    text = f"""func.func @main(%x: tensor<3xbf16>) -> tensor<3xbf16> {{
        {constant("%c", "1.5", "tensor<3xbf16>")}
        %0 = tosa.add %x, %c : (tensor<3xbf16>, tensor<3xbf16>) -> tensor<3xbf16>
        return %0 : tensor<3xbf16> }}"""
    x = np.array([1, -2, 0.25], ml_dtypes.bfloat16)
    np.testing.assert_array_equal(run(text, x), (x.astype("f4") + 1.5).astype(ml_dtypes.bfloat16))


def test_sums_of_48_bits() -> None:
    text = f"""func.func @main(%a: tensor<1x3x70xi16>, %b: tensor<1x70x2xi16>)
        -> (tensor<1x3x2xi48>, tensor<1x3x2xi16>) {{
        {constant("%z", "0", "tensor<1xi16>")}
        {constant("%zero", "0", "tensor<1xi48>")}
        {constant("%m", "16384", "tensor<1xi16>")}
        {constant("%s", "36", "tensor<1xi8>")}
        %0 = tosa.matmul %a, %b, %z, %z
             : (tensor<1x3x70xi16>, tensor<1x70x2xi16>, tensor<1xi16>, tensor<1xi16>) -> tensor<1x3x2xi48>
        %1 = tosa.rescale %0, %m, %s, %zero, %z {{input_unsigned = false, output_unsigned = false, per_channel = false,
             rounding_mode = SINGLE_ROUND, scale32 = false}}
             : (tensor<1x3x2xi48>, tensor<1xi16>, tensor<1xi8>, tensor<1xi48>, tensor<1xi16>) -> tensor<1x3x2xi16>
        return %0, %1 : tensor<1x3x2xi48>, tensor<1x3x2xi16> }}"""
    a, b = (np.full(shape, -32768, np.int16) for shape in ((1, 3, 70), (1, 70, 2)))
    a[0, 1] = np.arange(70) * 100
    sums, scaled = run(text, a, b)
    expected = a.astype(np.int64) @ b.astype(np.int64)
    assert np.abs(expected).max() > 1 << 36
    np.testing.assert_array_equal(sums, expected)
    np.testing.assert_array_equal(scaled, np.clip((expected * 16384 + (1 << 35)) >> 36, -32768, 32767))
