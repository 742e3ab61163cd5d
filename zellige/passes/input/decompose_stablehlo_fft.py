"""decompose-stablehlo-fft: a Fourier transform is products with constant matrices.

Before:  %0 = stablehlo.fft %x, type = FFT, length = [8] : (tensor<4x8xcomplex<f32>>) -> tensor<4x8xcomplex<f32>>
After:   %p = stablehlo.concatenate (stablehlo.real %x), (stablehlo.imag %x), dim = 1     : tensor<4x16xf32>
         %q = stablehlo.dot_general %p, %matrix …                                        : tensor<4x16xf32>
         %0 = stablehlo.complex (the first half of %q), (the second half of %q)

Long transforms are several products: `fourier_transforms`. That of a real signal is half of the complex one; back, the
other half of the spectrum is the conjugate one.
"""

from __future__ import annotations

from math import prod

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.passes import ModulePass

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.stablehlo.linear_algebra import FftOp, FftType
from zellige.passes.input.fourier_transforms import FourierTransforms, Parts
from zellige.passes.input.op_replacement import replace_op
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

HANDLED_OPS = (FftOp,)
"""What is replaced."""


class DecomposeStablehloFftPass(ModulePass):
    """Replace `stablehlo.fft` with products of matrices."""

    name = "decompose-stablehlo-fft"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for fft in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            replace_op(fft, lambda build, fft=fft: [_transformed(build, fft)])


def _operand(build: GraphBuilder, op: FftOp) -> Tensor:
    """The operand, of which the sizes that are transformed are known."""
    type_ = tensor_type(op.operand)
    others = type_.get_shape()[: type_.get_num_dims() - len(op.lengths)]
    known = TensorType(type_.element_type, [*others, *op.operand_lengths])
    return build.operand(op.operand if known == type_ else build.insert(tensor.CastOp(op.operand, known)).results[0])


def _transformed(build: GraphBuilder, op: FftOp) -> Tensor:
    transforms, operand, count = FourierTransforms(build), _operand(build, op), len(op.lengths)
    last = operand.rank - 1
    others = range(operand.rank - count, last)

    def scaled(part: Tensor) -> Tensor:
        return build.map_with("multiply", part, 1.0 / prod(op.lengths))

    match op.kind:
        case FftType.FFT:
            parts: Parts = build.parts(operand)
            for axis in (*others, last):
                parts = transforms.forward(parts, axis)
        case FftType.RFFT:
            parts = transforms.of_signal(operand, last)
            for axis in others:
                parts = transforms.forward(parts, axis)
        case FftType.IFFT:
            parts = build.parts(operand)
            for axis in (*others, last):
                parts = transforms.backward(parts, axis)
            parts = tuple(scaled(part) for part in parts)
        case FftType.IRFFT:
            parts = build.parts(operand)
            for axis in others:
                parts = transforms.backward(parts, axis)
            return scaled(transforms.to_signal(parts, last, op.lengths[-1]))
    real, imaginary = parts
    return build.complex(real, imaginary)
