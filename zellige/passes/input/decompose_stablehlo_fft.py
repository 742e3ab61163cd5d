"""decompose-stablehlo-fft: a Fourier transform is products with constant matrices.

Before:  %0 = stablehlo.fft %x, type = FFT, length = [8] : (tensor<4x8xcomplex<f32>>) -> tensor<4x8xcomplex<f32>>
After:   %p = stablehlo.concatenate (stablehlo.real %x), (stablehlo.imag %x), dim = 1     : tensor<4x16xf32>
         %q = stablehlo.dot_general %p, %matrix …                                        : tensor<4x16xf32>
         %0 = stablehlo.complex (the first half of %q), (the second half of %q)

Both parts of all numbers are one row, and the matrix has the four real matrices of a complex one: one product of real
matrices. A length of more than 32 is split into factors: transforms along the one, a multiplication by roots of one,
transforms along the other. A length with a large prime factor is a convolution by transforms of a power of two.

A transform back swaps the parts before and after. That of a real signal is a product with half of the matrix where
that is small, else half of the complex transform; back, the other half of the spectrum is the conjugate one.

Leaves:  an op with a dynamic shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.constants import dtype_of
from zellige.dialects.shaped_types import has_static_shapes, tensor_type
from zellige.dialects.stablehlo.contraction_attributes import DotDimensions
from zellige.dialects.stablehlo.contractions import DotGeneralOp
from zellige.dialects.stablehlo.elementwise import NegateOp
from zellige.dialects.stablehlo.linear_algebra import FftOp, FftType
from zellige.dialects.stablehlo.shapes import PadOp, ReverseOp, shape_of
from zellige.maths import fourier
from zellige.maths.fourier import Spectrum
from zellige.passes.input.stablehlo_tensors import Tensors

Parts = tuple[SSAValue, SSAValue]
"""The real and the imaginary parts of numbers."""


HANDLED_OPS = (FftOp,)
"""What is replaced."""


class DecomposeStablehloFftPass(ModulePass):
    """Replace `stablehlo.fft` with products of matrices."""

    name = "decompose-stablehlo-fft"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for fft in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if has_static_shapes(fft):
                result = _Transform(Tensors.before(fft)).apply(fft)
                result.name_hint = fft.result.name_hint
                Rewriter.replace_op(fft, [], [result])


def _exchanged(parts: Parts) -> Parts:
    """A + ib as b + ia."""
    real, imaginary = parts
    return imaginary, real


@dataclass(frozen=True)
class _Transform:
    """Transforms along the last dimension, and along others by having them there."""

    code: Tensors

    def apply(self, op: FftOp) -> SSAValue:
        code, rank, count = self.code, len(shape_of(op.operand)), len(op.lengths)
        others = range(rank - count, rank - 1)
        if op.kind == FftType.RFFT:
            parts = self._half(op.operand)
            for dim in others:
                parts = self._along(parts, dim)
            return code.complex(*parts)
        parts = code.parts(op.operand)
        if op.kind == FftType.FFT:
            for dim in (*others, rank - 1):
                parts = self._along(parts, dim)
            return code.complex(*parts)
        # The transform back of a + ib is that of b + ia, with its parts swapped, divided by the length.
        parts = _exchanged(parts)
        for dim in others:
            parts = self._along(parts, dim)
        if op.kind == FftType.IRFFT:
            parts = self._whole(parts, op.lengths[-1])
        parts = self._along(parts, rank - 1)
        length = int(np.prod(op.lengths))
        if op.kind == FftType.IRFFT:
            return self._scaled(parts[1], length)
        return code.complex(self._scaled(parts[1], length), self._scaled(parts[0], length))

    def _scaled(self, values: SSAValue, length: int) -> SSAValue:
        factor = self._constant(np.array(1.0 / length), values)
        return self.code.multiply(values, self.code.broadcast(factor, (), shape_of(values)))

    def _constant(self, array: npt.NDArray[np.float64], like: SSAValue) -> SSAValue:
        """The numbers as a constant of elements as `like` has them."""
        element = tensor_type(like).element_type
        dtype = dtype_of(element)
        assert dtype is not None
        return self.code.constant(array.astype(dtype), element)

    def _along(self, parts: Parts, dim: int) -> Parts:
        """Transform along a dimension."""
        last = len(shape_of(parts[0])) - 1
        if dim == last:
            return self._last(parts)
        real, imaginary = self._last(self._swapped(parts, dim, last))
        return self._swapped((real, imaginary), dim, last)

    def _swapped(self, parts: Parts, one: int, other: int) -> Parts:
        return self.code.transpose(parts[0], one, other), self.code.transpose(parts[1], one, other)

    def _last(self, parts: Parts) -> Parts:
        length = shape_of(parts[0])[-1]
        if length == 1:
            return parts
        if length <= fourier.DIRECT:
            return self._product(parts, fourier.matrix(length))
        if fourier.largest_prime(length) > fourier.LARGEST_PRIME:
            return self._by_convolution(parts, length)
        factors = fourier.split(length)
        return self._product(parts, fourier.matrix(length)) if factors is None else self._split(parts, *factors)

    def _product(self, parts: Parts, matrix: Spectrum) -> Parts:
        """Rows of complex numbers with a complex matrix, as one product of real ones."""
        last = len(shape_of(parts[0])) - 1
        columns = matrix.shape[1]
        both = self.code.concatenate(parts, last)
        real = np.block([[matrix.real, matrix.imag], [-matrix.imag, matrix.real]])
        return self._halves(self._row_product(both, real), columns)

    def _row_product(self, rows: SSAValue, matrix: npt.NDArray[np.float64]) -> SSAValue:
        dims = DotDimensions(lhs_contracting=(len(shape_of(rows)) - 1,), rhs_contracting=(0,))
        weights = self._constant(matrix, rows)
        return self.code.emit(DotGeneralOp(rows, weights, dims, tensor_type(rows).element_type))

    def _halves(self, both: SSAValue, columns: int) -> Parts:
        last = len(shape_of(both)) - 1
        return self.code.slice(both, last, 0, columns), self.code.slice(both, last, columns, 2 * columns)

    def _split(self, parts: Parts, rows: int, columns: int) -> Parts:
        """Number `columns * n + m` to coefficient `k + rows * l`: along n to k, then along m to l."""
        batch = shape_of(parts[0])[:-1]
        last = len(batch) + 1
        parts = self._reshaped(parts, (*batch, rows, columns))
        parts = self._product(self._swapped(parts, last - 1, last), fourier.matrix(rows))
        parts = self._multiplied(parts, fourier.twiddles(columns, rows))
        parts = self._last(self._swapped(parts, last - 1, last))
        return self._reshaped(self._swapped(parts, last - 1, last), (*batch, rows * columns))

    def _reshaped(self, parts: Parts, shape: tuple[int, ...]) -> Parts:
        return self.code.reshape(parts[0], shape), self.code.reshape(parts[1], shape)

    def _multiplied(self, parts: Parts, factors: Spectrum) -> Parts:
        """Products with factors along the last dimensions."""
        code, (real, imaginary) = self.code, parts
        shape = shape_of(real)
        dims = range(len(shape) - factors.ndim, len(shape))
        cosine, sine = (
            code.broadcast(self._constant(part, real), dims, shape) for part in (factors.real, factors.imag)
        )
        return (
            code.subtract(code.multiply(real, cosine), code.multiply(imaginary, sine)),
            code.add(code.multiply(real, sine), code.multiply(imaginary, cosine)),
        )

    def _by_convolution(self, parts: Parts, length: int) -> Parts:
        chirp = fourier.Chirp(length)
        parts = self._multiplied(parts, chirp.factors)
        parts = self._padded(parts, chirp.padded - length)
        parts = self._multiplied(self._last(parts), chirp.filter)
        # Back, and what that does to the parts.
        imaginary, real = self._last(_exchanged(parts))
        last = len(shape_of(real)) - 1
        cut = self.code.slice(real, last, 0, length), self.code.slice(imaginary, last, 0, length)
        return self._multiplied(cut, chirp.factors)

    def _padded(self, parts: Parts, count: int) -> Parts:
        zeros = self.code.zeros(TensorType(tensor_type(parts[0]).element_type, []))
        rank = len(shape_of(parts[0]))
        low, high = [0] * rank, [0] * (rank - 1) + [count]
        real, imaginary = (self.code.emit(PadOp(part, zeros, low, high)) for part in parts)
        return real, imaginary

    def _half(self, signal: SSAValue) -> Parts:
        """The first half of the spectrum of real numbers, with its middle."""
        length = shape_of(signal)[-1]
        columns = length // 2 + 1
        if length <= fourier.DIRECT:
            matrix = fourier.matrix(length)[:, :columns]
            return self._halves(self._row_product(signal, np.hstack([matrix.real, matrix.imag])), columns)
        last = len(shape_of(signal)) - 1
        real, imaginary = self._last((signal, self.code.zeros(tensor_type(signal))))
        return self.code.slice(real, last, 0, columns), self.code.slice(imaginary, last, 0, columns)

    def _whole(self, parts: Parts, length: int) -> Parts:
        """The spectrum of `length` coefficients of which these are the first half, its parts swapped.

        The imaginary part is that of the conjugate in the second half, and counts as 0 where it is its own one.
        """
        code, last = self.code, len(shape_of(parts[0])) - 1
        imaginary, real = parts
        own = np.ones(length // 2 + 1)
        own[0] = 0.0
        if length % 2 == 0:
            own[-1] = 0.0
        mask = code.broadcast(self._constant(own, imaginary), [last], shape_of(imaginary))
        imaginary = code.multiply(imaginary, mask)
        stop = (length + 1) // 2
        if stop == 1:
            return imaginary, real
        mirrored_imaginary, mirrored_real = (
            code.emit(ReverseOp(code.slice(part, last, 1, stop), [last])) for part in (imaginary, real)
        )
        mirrored_imaginary = code.emit(NegateOp(mirrored_imaginary))
        return code.concatenate([imaginary, mirrored_imaginary], last), code.concatenate([real, mirrored_real], last)
