"""TOSA ops that sum up products: convolutions and products of matrices."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import BoolAttr, DenseArrayBase, TensorType
from xdsl.ir import Attribute
from xdsl.irdl import irdl_op_definition, operand_def, opt_prop_def, prop_def, result_def

from zellige.dialects.tosa.syntax import TosaOp


class WeightedOp(TosaOp, ABC):
    """Sums of products of an image with a weight, plus a bias: one number a channel, or one for all."""

    input = operand_def(TensorType)
    weight = operand_def(TensorType)
    bias = operand_def(TensorType)
    input_zp = operand_def(TensorType)
    weight_zp = operand_def(TensorType)
    output = result_def(TensorType)
    stride = prop_def(DenseArrayBase)
    acc_type = prop_def(Attribute)
    local_bound = opt_prop_def(BoolAttr)


class ConvolutionOp(WeightedOp, ABC):
    """Windows of the input, which is padded."""

    pad = prop_def(DenseArrayBase)
    dilation = prop_def(DenseArrayBase)


class MatrixOp(TosaOp, ABC):
    """Products of matrices, one for each element of the batch."""

    a = operand_def(TensorType)
    b = operand_def(TensorType)
    a_zp = operand_def(TensorType)
    b_zp = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class Conv2dOp(ConvolutionOp):
    """Input NHWC, weight OHWI."""

    name = "tosa.conv2d"


@irdl_op_definition
class Conv3dOp(ConvolutionOp):
    """Input NDHWC, weight ODHWI."""

    name = "tosa.conv3d"


@irdl_op_definition
class DepthwiseConv2dOp(ConvolutionOp):
    """Input NHWC, weight HWCM: M filters for each channel."""

    name = "tosa.depthwise_conv2d"


@irdl_op_definition
class TransposeConv2dOp(WeightedOp):
    """Each element of the input adds the weight, times itself, to a window of the result."""

    name = "tosa.transpose_conv2d"

    out_pad = prop_def(DenseArrayBase)


@irdl_op_definition
class MatMulOp(MatrixOp):
    """Rows of the first by columns of the second."""

    name = "tosa.matmul"


@irdl_op_definition
class MatMulTOp(MatrixOp):
    """Rows of the first by rows of the second, which may be one for all."""

    name = "tosa.matmul_t"


CONTRACTION_OPS = (
    Conv2dOp,
    Conv3dOp,
    DepthwiseConv2dOp,
    TransposeConv2dOp,
    MatMulOp,
    MatMulTOp,
)
"""The ops of this file."""
