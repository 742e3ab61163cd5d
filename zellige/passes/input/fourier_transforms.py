"""Discrete Fourier transforms as products with constant matrices.

Both parts of all numbers are one row, and the matrix has the four real matrices of a complex one: one product of real
matrices. A length of more than 32 is split into factors: transforms along the one, a multiplication by roots of one,
transforms along the other (Cooley and Tukey, 1965). A length with a large prime factor is a convolution by transforms
of a power of two (Bluestein, 1970).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zellige.maths import fourier
from zellige.maths.fourier import Spectrum
from zellige.maths.sizes import Extent
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

Parts = tuple[Tensor, ...]
"""The real parts of numbers, and the imaginary ones where there are any."""


@dataclass(frozen=True)
class FourierTransforms:
    """Transforms of f32 or f64 along one dimension, whose size has to be known; the others may be dynamic."""

    build: GraphBuilder

    def forward(self, parts: Parts, axis: int) -> Parts:
        """Numbers to coefficients."""
        return self._along(parts, axis, self._last)

    def backward(self, parts: Parts, axis: int) -> Parts:
        """Coefficients to numbers, not divided by how many there are."""
        if len(parts) == 1:
            real, imaginary = self.forward(parts, axis)
            return real, self.build.map("negate", imaginary)
        # The transform back of a + ib is that of b + ia, with its parts exchanged.
        imaginary, real = self.forward(parts[::-1], axis)
        return real, imaginary

    def of_signal(self, signal: Tensor, axis: int) -> Parts:
        """Real numbers to the first half of their coefficients, with the middle."""
        return self._along((signal,), axis, self._half)

    def to_signal(self, parts: Parts, axis: int, length: int) -> Tensor:
        """The first half of the coefficients to `length` real numbers, not divided by it."""
        whole = self._along(parts, axis, lambda moved: self._mirrored(moved, length))
        return self.backward(whole, axis)[0]

    def _along(self, parts: Parts, axis: int, transform: Callable[[Parts], Parts]) -> Parts:
        last = parts[0].rank - 1
        moved = tuple(self._swapped(part, axis, last) for part in parts)
        return tuple(self._swapped(part, axis, last) for part in transform(moved))

    def _swapped(self, part: Tensor, one: int, other: int) -> Tensor:
        order = list(range(part.rank))
        order[one], order[other] = order[other], order[one]
        return self.build.transpose(part, order)

    def _last(self, parts: Parts) -> Parts:
        """Along the last dimension."""
        length = parts[0].static_size(-1)
        if length <= 1:
            return parts if len(parts) == 2 else (*parts, self.build.like(0, parts[0]))
        if length <= fourier.DIRECT:
            return self._product(parts, fourier.matrix(length))
        if fourier.largest_prime(length) > fourier.LARGEST_PRIME:
            return self._by_convolution(parts, length)
        factors = fourier.split(length)
        return self._product(parts, fourier.matrix(length)) if factors is None else self._split(parts, *factors)

    def _product(self, parts: Parts, matrix: Spectrum) -> Parts:
        """Rows of numbers with a complex matrix, as one product of real ones."""
        build, columns = self.build, matrix.shape[1]
        rows = build.concatenate(parts, parts[0].rank - 1)
        both = np.block([[matrix.real, matrix.imag], [-matrix.imag, matrix.real]][: len(parts)])
        made = build.dot_general(rows, self._constant(both, rows), ([], []), ([rows.rank - 1], [0]), rows.element)
        return self._cut(made, 0, columns), self._cut(made, columns, 2 * columns)

    def _constant(self, numbers: npt.NDArray[np.float64], like: Tensor) -> Tensor:
        return self.build.constant(numbers.astype(like.dtype))

    def _cut(self, part: Tensor, start: int, limit: int) -> Tensor:
        return self.build.slice_axis(part, part.rank - 1, start, limit)

    def _split(self, parts: Parts, rows: int, columns: int) -> Parts:
        """Number `columns * n + m` to coefficient `k + rows * l`: along n to k, then along m to l."""
        batch = parts[0].shape[:-1]
        grid = self._reshaped(parts, (*batch, rows, columns))
        axis = len(batch)
        grid = self._along(grid, axis, lambda moved: self._product(moved, fourier.matrix(rows)))
        grid = self._multiplied(grid, fourier.twiddles(rows, columns))
        grid = self._last(grid)
        turned = tuple(self._swapped(part, axis, axis + 1) for part in grid)
        return self._reshaped(turned, (*batch, rows * columns))

    def _reshaped(self, parts: Parts, shape: tuple[Extent, ...]) -> Parts:
        return tuple(self.build.reshape(part, shape) for part in parts)

    def _multiplied(self, parts: Parts, factors: Spectrum) -> Parts:
        """Products with factors along the last dimensions."""
        map_ = self.build.map
        cosine, sine = self._constant(factors.real, parts[0]), self._constant(factors.imag, parts[0])
        real = map_("multiply", parts[0], cosine)
        imaginary = map_("multiply", parts[0], sine)
        if len(parts) == 1:
            return real, imaginary
        return (
            map_("subtract", real, map_("multiply", parts[1], sine)),
            map_("add", imaginary, map_("multiply", parts[1], cosine)),
        )

    def _by_convolution(self, parts: Parts, length: int) -> Parts:
        chirp = fourier.Chirp(length)
        padded = tuple(self._padded(part, chirp.padded - length) for part in self._multiplied(parts, chirp.factors))
        product = self._multiplied(self._last(padded), chirp.filter)
        back = self.backward(product, product[0].rank - 1)
        return self._multiplied(tuple(self._cut(part, 0, length) for part in back), chirp.factors)

    def _padded(self, part: Tensor, count: int) -> Tensor:
        none = [0] * part.rank
        return self.build.pad(part, 0, none, [*none[:-1], count])

    def _half(self, signal: Parts) -> Parts:
        length = signal[0].static_size(-1)
        columns = length // 2 + 1
        if 1 < length <= fourier.DIRECT:
            return self._product(signal, fourier.matrix(length)[:, :columns])
        real, imaginary = self._last(signal)
        return self._cut(real, 0, columns), self._cut(imaginary, 0, columns)

    def _mirrored(self, parts: Parts, length: int) -> Parts:
        """The coefficients of `length` real numbers, of which these are the first half.

        The second half is conjugate. Imaginary parts that are their own mirror image count as 0.
        """
        build, stop = self.build, (length + 1) // 2
        own = np.ones(length // 2 + 1)
        own[0] = 0.0
        if length % 2 == 0:
            own[-1] = 0.0
        whole = [parts[0], *(build.map("multiply", part, self._constant(own, part)) for part in parts[1:])]
        if stop <= 1:
            return tuple(whole)
        mirrored = [build.reverse(self._cut(part, 1, stop), [part.rank - 1]) for part in whole]
        mirrored[1:] = [build.map("negate", part) for part in mirrored[1:]]
        return tuple(build.concatenate(pair, pair[0].rank - 1) for pair in zip(whole, mirrored, strict=True))
