"""Factors of lengths, and transforms put together from their parts as a program does it, against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from zellige.maths import fourier


@pytest.mark.parametrize("count", [1, 2, 5, 32, 97])
def test_the_matrix_is_the_transform(count: int) -> None:
    np.testing.assert_allclose(fourier.matrix(count), np.fft.fft(np.eye(count)), atol=1e-13 * count)


@pytest.mark.parametrize(("rows", "columns"), [(2, 3), (32, 3), (5, 5)])
def test_two_transforms_and_factors_between_are_one(rows: int, columns: int) -> None:
    random = np.random.default_rng(rows)
    x = random.normal(size=rows * columns) + 1j * random.normal(size=rows * columns)
    inner = x.reshape(rows, columns).T @ fourier.matrix(rows) * fourier.twiddles(columns, rows)
    result = (inner.T @ fourier.matrix(columns)).T.reshape(-1)
    np.testing.assert_allclose(result, np.fft.fft(x), atol=1e-12)


@pytest.mark.parametrize("count", [2, 3, 131, 257])
def test_a_chirp_makes_a_convolution_of_a_transform(count: int) -> None:
    chirp, random = fourier.Chirp(count), np.random.default_rng(count)
    x = random.normal(size=count) + 1j * random.normal(size=count)
    assert chirp.padded >= 2 * count - 1
    assert chirp.padded & (chirp.padded - 1) == 0
    padded = np.concatenate([x * chirp.factors, np.zeros(chirp.padded - count)])
    result = np.fft.ifft(np.fft.fft(padded) * chirp.filter * chirp.padded)[:count] * chirp.factors
    np.testing.assert_allclose(result, np.fft.fft(x), atol=1e-11)


@pytest.mark.parametrize(
    ("count", "factors", "prime"),
    [(33, (11, 3), 11), (64, (32, 2), 2), (127, None, 127), (254, (2, 127), 127), (1, None, 1), (4, (2, 2), 2)],
)
def test_factors_of_lengths(count: int, factors: tuple[int, int] | None, prime: int) -> None:
    assert fourier.split(count) == factors
    assert fourier.largest_prime(count) == prime
