"""Systems, factors, Fourier transforms and batch normalisation of StableHLO against numpy."""

from __future__ import annotations

import numpy as np
import pytest

import zellige
from tests.conformance.programs import Array, Arrays, as_tuple


def run(text: str, *arguments: Array) -> Arrays:
    with zellige.load(zellige.compile(text), cache=False) as program:
        return as_tuple(program["main"](*arguments))


def error(got: Array, expected: Array) -> float:
    """The largest difference, in units of the largest number."""
    return float(np.abs(got - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("is_left", [True, False])
@pytest.mark.parametrize("transpose", ["NO_TRANSPOSE", "TRANSPOSE"])
@pytest.mark.parametrize(("lower", "size"), [(True, 70), (False, 5)])
def test_triangular_systems(is_left: bool, transpose: str, lower: bool, size: int) -> None:
    random = np.random.default_rng(3)
    a = np.tril(random.uniform(-1, 1, (2, size, size))) / size + np.eye(size)
    a = (a if lower else a.transpose(0, 2, 1)).astype(np.float32)
    b = random.uniform(-1, 1, (2, size, 3) if is_left else (2, 3, size)).astype(np.float32)
    other_half = np.triu(np.full((size, size), np.nan, np.float32), 1)
    matrix = f"tensor<2x{size}x{size}xf32>"
    right = f"tensor<2x{'x'.join(map(str, b.shape[1:]))}xf32>"
    (x,) = run(
        f"""
func.func @main(%a: {matrix}, %b: {right}) -> {right} {{
  %0 = "stablehlo.triangular_solve"(%a, %b) <{{left_side = {str(is_left).lower()}, lower = {str(lower).lower()},
    unit_diagonal = false, transpose_a = #stablehlo<transpose {transpose}>}}> : ({matrix}, {right}) -> {right}
  return %0 : {right}
}}""",
        a + (other_half if lower else other_half.T),
        b,
    )
    op = a.transpose(0, 2, 1) if transpose == "TRANSPOSE" else a
    product = op.astype(np.float64) @ x if is_left else x @ op.astype(np.float64)
    assert error(product, b) < 1e-6


def test_cholesky_factors() -> None:
    random = np.random.default_rng(4)
    root = random.normal(size=(2, 9, 9))
    a = (root @ root.transpose(0, 2, 1) + 9 * np.eye(9)).astype(np.float32)
    matrix = "tensor<2x9x9xf32>"
    lower, upper = run(
        f"""
func.func @main(%a: {matrix}) -> ({matrix}, {matrix}) {{
  %0 = stablehlo.cholesky %a, lower = true : {matrix}
  %1 = stablehlo.cholesky %a : {matrix}
  return %0, %1 : {matrix}, {matrix}
}}""",
        a,
    )
    expected = np.linalg.cholesky(a.astype(np.float64))
    assert error(lower, expected) < 1e-6
    assert error(upper, expected.transpose(0, 2, 1)) < 1e-6


@pytest.mark.parametrize("length", [1, 6, 60, 127, 131, 1024])
def test_transforms_of_any_length(length: int) -> None:
    random = np.random.default_rng(length)
    x = (random.normal(size=(3, length)) + 1j * random.normal(size=(3, length))).astype(np.complex64)
    half = length // 2 + 1
    numbers, halves, signal = (
        f"tensor<3x{length}xcomplex<f32>>",
        f"tensor<3x{half}xcomplex<f32>>",
        f"tensor<3x{length}xf32>",
    )
    there, back, of_signal, to_signal = run(
        f"""
func.func @main(%x: {numbers}, %h: {halves}, %s: {signal}) -> ({numbers}, {numbers}, {halves}, {signal}) {{
  %0 = stablehlo.fft %x, type = FFT, length = [{length}] : ({numbers}) -> {numbers}
  %1 = stablehlo.fft %x, type = IFFT, length = [{length}] : ({numbers}) -> {numbers}
  %2 = stablehlo.fft %s, type = RFFT, length = [{length}] : ({signal}) -> {halves}
  %3 = stablehlo.fft %h, type = IRFFT, length = [{length}] : ({halves}) -> {signal}
  return %0, %1, %2, %3 : {numbers}, {numbers}, {halves}, {signal}
}}""",
        x,
        np.ascontiguousarray(x[:, :half]),
        np.ascontiguousarray(x.real),
    )
    assert error(there, np.fft.fft(x)) < 1e-6
    assert error(back, np.fft.ifft(x)) < 1e-6
    assert error(of_signal, np.fft.rfft(x.real)) < 1e-6
    assert error(to_signal, np.fft.irfft(x[:, :half], length)) < 1e-6


def test_transforms_in_three_dimensions() -> None:
    random = np.random.default_rng(6)
    x = random.normal(size=(2, 4, 5, 6))
    there, back = run(
        """
func.func @main(%x: tensor<2x4x5x6xf64>) -> (tensor<2x4x5x4xcomplex<f64>>, tensor<2x4x5x6xf64>) {
  %0 = stablehlo.fft %x, type = RFFT, length = [4, 5, 6] : (tensor<2x4x5x6xf64>) -> tensor<2x4x5x4xcomplex<f64>>
  %1 = stablehlo.fft %0, type = IRFFT, length = [4, 5, 6] : (tensor<2x4x5x4xcomplex<f64>>) -> tensor<2x4x5x6xf64>
  return %0, %1 : tensor<2x4x5x4xcomplex<f64>>, tensor<2x4x5x6xf64>
}""",
        x,
    )
    assert error(there, np.fft.rfftn(x, axes=(1, 2, 3))) < 1e-14
    assert error(back, x) < 1e-14


def test_batch_normalisation_and_its_gradient() -> None:
    random = np.random.default_rng(8)
    x, grad = (random.normal(size=(2, 5, 4, 6)).astype(np.float32) for _ in range(2))
    scale, offset, mean = (random.normal(size=4).astype(np.float32) for _ in range(3))
    variance = random.uniform(0.5, 2, 4).astype(np.float32)
    tensor, vector = "tensor<2x5x4x6xf32>", "tensor<4xf32>"
    settings = "<{epsilon = 1.0e-3 : f32, feature_index = 2 : i64}>"
    three = f"({tensor}, {vector}, {vector})"
    got = run(
        f"""
func.func @main(%x: {tensor}, %g: {tensor}, %s: {vector}, %o: {vector}, %m: {vector}, %v: {vector})
    -> ({tensor}, {tensor}, {vector}, {vector}, {tensor}, {vector}, {vector}) {{
  %0 = "stablehlo.batch_norm_inference"(%x, %s, %o, %m, %v) {settings}
    : ({tensor}, {vector}, {vector}, {vector}, {vector}) -> {tensor}
  %1:3 = "stablehlo.batch_norm_training"(%x, %s, %o) {settings} : ({tensor}, {vector}, {vector}) -> {three}
  %2:3 = "stablehlo.batch_norm_grad"(%x, %s, %m, %v, %g) {settings}
    : ({tensor}, {vector}, {vector}, {vector}, {tensor}) -> {three}
  return %0, %1#0, %1#1, %1#2, %2#0, %2#1, %2#2 : {tensor}, {tensor}, {vector}, {vector}, {tensor}, {vector}, {vector}
}}""",
        x,
        grad,
        scale,
        offset,
        mean,
        variance,
    )

    def wide(features: Array) -> Array:
        return features.astype(np.float64)[:, None]

    def normalized(mean: Array, variance: Array) -> Array:
        return (x - wide(mean)) / np.sqrt(wide(variance) + 1e-3) * wide(scale) + wide(offset)

    axes, count = (0, 1, 3), x.size // 4
    x64 = x.astype(np.float64)
    own_mean, own_variance = x64.mean(axes), x64.var(axes)
    centered, root = x64 - wide(mean), np.sqrt(wide(variance) + 1e-3)
    share = count * grad - wide(grad.sum(axes)) - wide((grad * centered).sum(axes)) * centered / root**2
    expected = [
        normalized(mean, variance),
        normalized(own_mean, own_variance),
        own_mean,
        own_variance,
        wide(scale) / root / count * share,
        (grad * centered / root).sum(axes),
        grad.sum(axes),
    ]
    for one, other in zip(got, expected, strict=True):
        assert error(one, other) < 2e-6
