"""f16, bf16 and f8: storage with exact conversions, arithmetic in f32. The oracle is ml_dtypes (numpy for f16)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige
from zellige.element_types import NUMPY_DTYPES

Array = npt.NDArray[Any]

SMALL = ("f16", "bf16", "f8E3M4", "f8E4M3", "f8E4M3FN", "f8E4M3FNUZ", "f8E4M3B11FNUZ", "f8E5M2", "f8E5M2FNUZ")


def run(text: str, *arguments: Array, profile: str = "full") -> Any:
    with zellige.load(zellige.compile(text, profile=profile), cache=False) as program:
        return program["main"](*arguments)


def conversion(op: str, size: int, source: str, target: str) -> str:
    return f"""
        func.func @main(%x: tensor<{size}x{source}>) -> tensor<{size}x{target}> {{
          %e = tensor.empty() : tensor<{size}x{target}>
          %0 = linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                               iterator_types = ["parallel"]}}
              ins(%x : tensor<{size}x{source}>) outs(%e : tensor<{size}x{target}>) {{
          ^bb0(%a: {source}, %o: {target}):
            %r = {op} %a : {source} to {target}
            linalg.yield %r : {target}
          }} -> tensor<{size}x{target}>
          return %0 : tensor<{size}x{target}>
        }}"""


def assert_same_bits(got: Array, expected: Array) -> None:
    """Equal bit by bit, but for the bits of NaN."""
    assert got.dtype == expected.dtype
    bits = f"u{got.itemsize}"
    is_nan = np.isnan(expected)
    np.testing.assert_array_equal(np.isnan(got), is_nan)
    np.testing.assert_array_equal(got.view(bits)[~is_nan], expected.view(bits)[~is_nan])


def every(name: str) -> Array:
    dtype = NUMPY_DTYPES[name]
    bits = 8 * dtype.itemsize
    return np.arange(1 << bits, dtype=np.uint32).astype(f"u{dtype.itemsize}").view(dtype)


def hard_to_round(name: str) -> Array:
    """All numbers of the type, the middles between neighbours, what is next to these, and numbers from all over f32."""
    numbers = every(name).astype(np.float32)
    numbers = np.unique(numbers[np.isfinite(numbers)])
    middles = (numbers[1:] / 2 + numbers[:-1] / 2).astype(np.float32)
    bits = middles.view(np.uint32)
    around = np.concatenate([bits - 1, bits, bits + 1]).view(np.float32)
    spread = np.arange(0, 1 << 32, 131071, dtype=np.uint64).astype(np.uint32).view(np.float32)
    return np.concatenate([numbers, around, spread])


@pytest.mark.parametrize("name", SMALL)
def test_widening_is_exact(name: str) -> None:
    values = every(name)
    got = run(conversion("arith.extf", values.size, name, "f32"), values)
    with np.errstate(invalid="ignore"):
        assert_same_bits(got, values.astype(np.float32))


@pytest.mark.parametrize("name", SMALL)
def test_narrowing_rounds_to_the_nearest(name: str) -> None:
    values = hard_to_round(name)
    got = run(conversion("arith.truncf", values.size, "f32", name), values)
    with np.errstate(over="ignore", invalid="ignore"):
        assert_same_bits(got, values.astype(NUMPY_DTYPES[name]))


@pytest.mark.parametrize("name", ["f16", "bf16"])
def test_f64_is_rounded_once(name: str) -> None:
    dtype = NUMPY_DTYPES[name]
    with np.errstate(invalid="ignore"):
        numbers = every(name).astype(np.float32).astype(np.float64)
    numbers = np.unique(numbers[np.isfinite(numbers)])
    middles = (numbers[1:] + numbers[:-1]) / 2
    values = np.concatenate([np.nextafter(middles, np.inf), np.nextafter(middles, -np.inf), middles])
    got = run(conversion("arith.truncf", values.size, "f64", name), values)
    # The middles are numbers of f32; a tiny bit more or less has to decide as the next number of f32 does.
    singles = middles.astype(np.float32)
    up, down = np.float32(np.inf), np.float32(-np.inf)
    expected = np.concatenate([np.nextafter(singles, up), np.nextafter(singles, down), singles])
    with np.errstate(over="ignore"):
        assert_same_bits(got, expected.astype(dtype))


def test_integers_are_rounded_once() -> None:
    dtype = NUMPY_DTYPES["bf16"]
    middles = (np.arange(129, 256, dtype=np.int64) << 22) + (1 << 21)
    values = np.concatenate([middles - 1, middles, middles + 1, -middles + 1]).astype(np.int32)
    got = run(conversion("arith.sitofp", values.size, "i32", "bf16"), values)
    expected = [
        min(((n >> 22) + d for d in (0, 1)), key=lambda q: (abs((q << 22) - n), q & 1)) << 22 for n in values.tolist()
    ]
    assert_same_bits(got, np.array(expected, np.float64).astype(np.float32).astype(dtype))


def matmul(name: str) -> str:
    return f"""
        func.func @main(%a: tensor<33x70x{name}>, %b: tensor<70x20x{name}>) -> tensor<33x20x{name}> {{
          %zero = arith.constant 0.0 : {name}
          %e = tensor.empty() : tensor<33x20x{name}>
          %f = linalg.fill ins(%zero : {name}) outs(%e : tensor<33x20x{name}>) -> tensor<33x20x{name}>
          %0 = linalg.matmul ins(%a, %b : tensor<33x70x{name}>, tensor<70x20x{name}>)
                             outs(%f : tensor<33x20x{name}>) -> tensor<33x20x{name}>
          return %0 : tensor<33x20x{name}>
        }}"""


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
@pytest.mark.parametrize("name", ["f16", "bf16"])
def test_sums_are_kept_in_f32(name: str, profile: str) -> None:
    dtype = NUMPY_DTYPES[name]
    random = np.random.default_rng(5)
    a, b = (random.standard_normal(shape).astype(np.float32).astype(dtype) for shape in ((33, 70), (70, 20)))
    got = run(matmul(name), a, b, profile=profile)
    exact = a.astype(np.float64) @ b.astype(np.float64)
    # One rounding to the type (half a unit in the last place), and sums in f32 far below it.
    unit = 2.0 ** -(11 if name == "f16" else 8)
    np.testing.assert_allclose(got.astype(np.float64), exact, rtol=unit * 1.01, atol=1e-5)


def test_functions_constants_and_choices() -> None:
    text = """
        func.func @main(%x: tensor<50xf16>) -> tensor<50xf16> {
          %w = arith.constant dense<0.099975586> : tensor<50xf16>
          %e = tensor.empty() : tensor<50xf16>
          %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                               iterator_types = ["parallel"]}
              ins(%x, %w : tensor<50xf16>, tensor<50xf16>) outs(%e : tensor<50xf16>) {
          ^bb0(%a: f16, %b: f16, %o: f16):
            %half = arith.constant 0.5 : f16
            %is_large = arith.cmpf ogt, %a, %half : f16
            %s = arith.select %is_large, %a, %b : f16
            %t = math.tanh %s : f16
            linalg.yield %t : f16
          } -> tensor<50xf16>
          return %0 : tensor<50xf16>
        }"""
    x = np.linspace(-2, 2, 50).astype(np.float16)
    expected = np.tanh(np.where(x > 0.5, x, np.float16(0.099975586)).astype(np.float64)).astype(np.float16)
    np.testing.assert_array_max_ulp(run(text, x), expected, maxulp=1)
