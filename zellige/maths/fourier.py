"""Matrices and factors of discrete Fourier transforms, in f64."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Spectrum = npt.NDArray[np.complex128]

DIRECT = 32
"""A transform of at most so many numbers is one product with a matrix."""

LARGEST_PRIME = 128
"""A length with a larger prime factor is a convolution by transforms of a power of two."""


def roots(count: int, exponents: npt.NDArray[np.int64]) -> Spectrum:
    """`exp(-2 pi i k / count)` for each exponent k, reduced first so that large ones lose nothing."""
    return np.exp(-2j * np.pi * (exponents % count) / count)


def matrix(count: int) -> Spectrum:
    """Element (n, k) is what number n adds to coefficient k."""
    numbers = np.arange(count)
    return roots(count, np.outer(numbers, numbers))


def twiddles(rows: int, columns: int) -> Spectrum:
    """Element (n, k): factor n of `rows`, between the transforms along k of `columns` and along n."""
    return roots(rows * columns, np.outer(np.arange(rows), np.arange(columns)))


def split(count: int) -> tuple[int, int] | None:
    """Two factors of a length whose first is transformed by a matrix, or None for a length that has no such ones."""
    for factor in range(min(DIRECT, count - 1), 1, -1):
        if count % factor == 0:
            return factor, count // factor
    return None


def largest_prime(count: int) -> int:
    """The largest prime factor, 1 of 1."""
    largest, factor = 1, 2
    while factor * factor <= count:
        while count % factor == 0:
            largest, count = factor, count // factor
        factor += 1
    return max(largest, count)


@dataclass(frozen=True)
class Chirp:
    """A transform of any length as a convolution: n k is (n² + k² - (k - n)²) / 2."""

    count: int

    @property
    def padded(self) -> int:
        """The power of two that the convolution takes place in."""
        return 1 << (2 * self.count - 2).bit_length()

    @cached_property
    def factors(self) -> Spectrum:
        """`exp(-pi i n² / count)`, by which numbers and coefficients are multiplied."""
        numbers = np.arange(self.count)
        return roots(2 * self.count, numbers * numbers)

    @property
    def filter(self) -> Spectrum:
        """The transform of the conjugate factors, which stand around 0, divided by its length."""
        kernel = np.zeros(self.padded, np.complex128)
        kernel[: self.count] = self.factors.conj()
        kernel[self.padded - self.count + 1 :] = self.factors[:0:-1].conj()
        return np.fft.fft(kernel) / self.padded
