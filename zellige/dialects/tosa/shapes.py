"""TOSA ops that move elements without looking at them, and constants."""

from __future__ import annotations

from xdsl.dialects.builtin import DenseArrayBase, DenseIntOrFPElementsAttr, IntegerAttr, StringAttr, TensorType
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def, traits_def, var_operand_def
from xdsl.traits import ConstantLike, Pure

from zellige.dialects.tosa.syntax import BlockSizeAttr, ShapeType, TosaOp


@irdl_op_definition
class ConcatOp(TosaOp):
    """Tensors one after the other along a dimension."""

    name = "tosa.concat"

    input1 = var_operand_def(TensorType)
    output = result_def(TensorType)
    axis = prop_def(IntegerAttr)


@irdl_op_definition
class PadOp(TosaOp):
    """The tensor with a number around it."""

    name = "tosa.pad"

    input1 = operand_def(TensorType)
    padding = operand_def(ShapeType)
    pad_const = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class ReshapeOp(TosaOp):
    """The same elements in another shape."""

    name = "tosa.reshape"

    input1 = operand_def(TensorType)
    shape = operand_def(ShapeType)
    output = result_def(TensorType)


@irdl_op_definition
class ReshapeBlockScaledOp(TosaOp):
    """`reshape` of a tensor, with its scales if elements share them."""

    name = "tosa.reshape_block_scaled"

    input = var_operand_def(TensorType)
    new_value_shape = operand_def(ShapeType)
    output = result_def(TensorType)
    block_size = prop_def(BlockSizeAttr | StringAttr)


@irdl_op_definition
class ReverseOp(TosaOp):
    """A dimension backwards."""

    name = "tosa.reverse"

    input1 = operand_def(TensorType)
    output = result_def(TensorType)
    axis = prop_def(IntegerAttr)


@irdl_op_definition
class SliceOp(TosaOp):
    """A part."""

    name = "tosa.slice"

    input1 = operand_def(TensorType)
    start = operand_def(ShapeType)
    size = operand_def(ShapeType)
    output = result_def(TensorType)


@irdl_op_definition
class TileOp(TosaOp):
    """The tensor several times along each dimension."""

    name = "tosa.tile"

    input1 = operand_def(TensorType)
    multiples = operand_def(ShapeType)
    output = result_def(TensorType)


@irdl_op_definition
class TransposeOp(TosaOp):
    """Dimension i of the result is dimension `perms[i]` of the operand."""

    name = "tosa.transpose"

    input1 = operand_def(TensorType)
    output = result_def(TensorType)
    perms = prop_def(DenseArrayBase)


@irdl_op_definition
class ConstOp(TosaOp):
    """`"tosa.const"() <{values = dense<…> : tensor<…>}> : () -> tensor<…>`."""

    name = "tosa.const"

    values = prop_def(DenseIntOrFPElementsAttr)
    output = result_def(TensorType)
    traits = traits_def(Pure(), ConstantLike())


@irdl_op_definition
class ConstShapeOp(TosaOp):
    """`tosa.const_shape {values = dense<[3, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>`."""

    name = "tosa.const_shape"

    values = prop_def(DenseIntOrFPElementsAttr)
    output = result_def(ShapeType)
    traits = traits_def(Pure(), ConstantLike())


SHAPE_OPS = (
    ConcatOp,
    PadOp,
    ReshapeOp,
    ReshapeBlockScaledOp,
    ReverseOp,
    SliceOp,
    TileOp,
    TransposeOp,
    ConstOp,
    ConstShapeOp,
)
"""The ops of this file."""
