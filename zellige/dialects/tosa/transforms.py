"""Fourier transforms of TOSA, along the last two of three dimensions."""

from __future__ import annotations

from xdsl.dialects.builtin import BoolAttr, TensorType
from xdsl.irdl import irdl_op_definition, operand_def, opt_prop_def, prop_def, result_def

from zellige.dialects.tosa.syntax import TosaOp


@irdl_op_definition
class Fft2dOp(TosaOp):
    """The transform of complex numbers; back, it is divided by the number of elements."""

    name = "tosa.fft2d"

    input_real = operand_def(TensorType)
    input_imag = operand_def(TensorType)
    output_real = result_def(TensorType)
    output_imag = result_def(TensorType)
    inverse = prop_def(BoolAttr)
    local_bound = opt_prop_def(BoolAttr)


@irdl_op_definition
class Rfft2dOp(TosaOp):
    """The transform of real numbers: along the last dimension the first half, with the middle."""

    name = "tosa.rfft2d"

    input_real = operand_def(TensorType)
    output_real = result_def(TensorType)
    output_imag = result_def(TensorType)
    local_bound = opt_prop_def(BoolAttr)


TRANSFORM_OPS = (Fft2dOp, Rfft2dOp)
"""The ops of this file."""
