"""TOSA ops that combine elements along a dimension or in windows."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr, StringAttr, TensorType
from xdsl.ir import Attribute
from xdsl.irdl import irdl_op_definition, operand_def, opt_prop_def, prop_def, result_def

from zellige.dialects.tosa.syntax import NanModeAttr, ShapeType, TosaOp


class ReduceOp(TosaOp, ABC):
    """Combines all elements along a dimension, which keeps the size 1."""

    input = operand_def(TensorType)
    output = result_def(TensorType)
    axis = prop_def(IntegerAttr)


@irdl_op_definition
class ReduceAllOp(ReduceOp):
    """All are true."""

    name = "tosa.reduce_all"


@irdl_op_definition
class ReduceAnyOp(ReduceOp):
    """One is true."""

    name = "tosa.reduce_any"


@irdl_op_definition
class ReduceProductOp(ReduceOp):
    """The product."""

    name = "tosa.reduce_product"


@irdl_op_definition
class ReduceSumOp(ReduceOp):
    """The sum."""

    name = "tosa.reduce_sum"


@irdl_op_definition
class ReduceMaxOp(ReduceOp):
    """The greatest."""

    name = "tosa.reduce_max"

    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class ReduceMinOp(ReduceOp):
    """The least."""

    name = "tosa.reduce_min"

    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class ArgMaxOp(TosaOp):
    """Where the first greatest element along a dimension is; the dimension goes away."""

    name = "tosa.argmax"

    input = operand_def(TensorType)
    output = result_def(TensorType)
    axis = prop_def(IntegerAttr)
    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class AvgPool2dOp(TosaOp):
    """Means of windows; what is outside of the input does not count."""

    name = "tosa.avg_pool2d"

    input = operand_def(TensorType)
    input_zp = operand_def(TensorType)
    output_zp = operand_def(TensorType)
    output = result_def(TensorType)
    kernel = prop_def(DenseArrayBase)
    stride = prop_def(DenseArrayBase)
    pad = prop_def(DenseArrayBase)
    acc_type = prop_def(Attribute)


@irdl_op_definition
class AvgPool2dAdaptiveOp(TosaOp):
    """`avg_pool2d` with kernel, stride and pad as shapes."""

    name = "tosa.avg_pool2d_adaptive"

    input = operand_def(TensorType)
    input_zp = operand_def(TensorType)
    output_zp = operand_def(TensorType)
    kernel = operand_def(ShapeType)
    stride = operand_def(ShapeType)
    pad = operand_def(ShapeType)
    output = result_def(TensorType)
    acc_type = prop_def(Attribute)


@irdl_op_definition
class MaxPool2dOp(TosaOp):
    """The greatest elements of windows."""

    name = "tosa.max_pool2d"

    input = operand_def(TensorType)
    output = result_def(TensorType)
    kernel = prop_def(DenseArrayBase)
    stride = prop_def(DenseArrayBase)
    pad = prop_def(DenseArrayBase)
    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


@irdl_op_definition
class MaxPool2dAdaptiveOp(TosaOp):
    """`max_pool2d` with kernel, stride and pad as shapes."""

    name = "tosa.max_pool2d_adaptive"

    input = operand_def(TensorType)
    kernel = operand_def(ShapeType)
    stride = operand_def(ShapeType)
    pad = operand_def(ShapeType)
    output = result_def(TensorType)
    nan_mode = opt_prop_def(NanModeAttr | StringAttr)


REDUCTION_OPS = (
    ReduceAllOp,
    ReduceAnyOp,
    ReduceProductOp,
    ReduceSumOp,
    ReduceMaxOp,
    ReduceMinOp,
    ArgMaxOp,
    AvgPool2dOp,
    AvgPool2dAdaptiveOp,
    MaxPool2dOp,
    MaxPool2dAdaptiveOp,
)
"""The ops of this file."""
