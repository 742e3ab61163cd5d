"""Arithmetic on shapes of TOSA: an element of the result for each element of the operands."""

from __future__ import annotations

from abc import ABC

from xdsl.dialects.builtin import IntegerAttr, TensorType
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def, var_operand_def

from zellige.dialects.tosa.syntax import ShapeType, TosaOp


class UnaryShapeOp(TosaOp, ABC):
    """`%1 = tosa.exp2_shape %0 : (!tosa.shape<2>) -> !tosa.shape<2>`."""

    input = operand_def(ShapeType)
    output = result_def(ShapeType)


class BinaryShapeOp(TosaOp, ABC):
    """`%2 = tosa.add_shape %0, %1 : (!tosa.shape<2>, !tosa.shape<2>) -> !tosa.shape<2>`."""

    input1 = operand_def(ShapeType)
    input2 = operand_def(ShapeType)
    output = result_def(ShapeType)


@irdl_op_definition
class AddShapeOp(BinaryShapeOp):
    """Sums."""

    name = "tosa.add_shape"


@irdl_op_definition
class DivCeilShapeOp(BinaryShapeOp):
    """Quotients, rounded up."""

    name = "tosa.div_ceil_shape"


@irdl_op_definition
class DivFloorShapeOp(BinaryShapeOp):
    """Quotients, rounded down."""

    name = "tosa.div_floor_shape"


@irdl_op_definition
class MaxShapeOp(BinaryShapeOp):
    """The greater numbers."""

    name = "tosa.max_shape"


@irdl_op_definition
class MinShapeOp(BinaryShapeOp):
    """The smaller numbers."""

    name = "tosa.min_shape"


@irdl_op_definition
class ModShapeOp(BinaryShapeOp):
    """Remainders."""

    name = "tosa.mod_shape"


@irdl_op_definition
class MulShapeOp(BinaryShapeOp):
    """Products."""

    name = "tosa.mul_shape"


@irdl_op_definition
class SubShapeOp(BinaryShapeOp):
    """Differences."""

    name = "tosa.sub_shape"


@irdl_op_definition
class Exp2ShapeOp(UnaryShapeOp):
    """Powers of two."""

    name = "tosa.exp2_shape"


@irdl_op_definition
class Log2CeilShapeOp(UnaryShapeOp):
    """Exponents of the next powers of two that are not smaller."""

    name = "tosa.log2_ceil_shape"


@irdl_op_definition
class Log2FloorShapeOp(UnaryShapeOp):
    """Exponents of the greatest powers of two that are not greater."""

    name = "tosa.log2_floor_shape"


@irdl_op_definition
class ConcatShapeOp(TosaOp):
    """Shapes one after the other."""

    name = "tosa.concat_shape"

    input = var_operand_def(ShapeType)
    output = result_def(ShapeType)


@irdl_op_definition
class SliceShapeOp(TosaOp):
    """`size` elements of a shape, from `start` on; both are constant tensors."""

    name = "tosa.slice_shape"

    input = operand_def(ShapeType)
    start = operand_def(TensorType)
    size = operand_def(TensorType)
    output = result_def(ShapeType)


@irdl_op_definition
class DimOp(TosaOp):
    """The size of one dimension of a tensor."""

    name = "tosa.dim"

    input1 = operand_def(TensorType)
    axis = prop_def(IntegerAttr)
    output = result_def(ShapeType)


SHAPE_ARITHMETIC_OPS = (
    AddShapeOp,
    DivCeilShapeOp,
    DivFloorShapeOp,
    MaxShapeOp,
    MinShapeOp,
    ModShapeOp,
    MulShapeOp,
    SubShapeOp,
    Exp2ShapeOp,
    Log2CeilShapeOp,
    Log2FloorShapeOp,
    ConcatShapeOp,
    SliceShapeOp,
    DimOp,
)
"""The ops of this file."""
