"""TOSA ops that take elements from places which they compute or are given."""

from __future__ import annotations

from xdsl.dialects.builtin import StringAttr, TensorType
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def

from zellige.dialects.tosa.syntax import ResizeModeAttr, ShapeType, TosaOp


@irdl_op_definition
class GatherOp(TosaOp):
    """Rows of a matrix for each element of the batch: NKC at NW gives NWC."""

    name = "tosa.gather"

    values = operand_def(TensorType)
    indices = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class ScatterOp(TosaOp):
    """Rows replaced: NKC at NW with NWC; no index comes twice."""

    name = "tosa.scatter"

    values_in = operand_def(TensorType)
    indices = operand_def(TensorType)
    input = operand_def(TensorType)
    output = result_def(TensorType)


@irdl_op_definition
class ResizeOp(TosaOp):
    """Between the points of an image: `scale` is a numerator and a denominator for y, then for x."""

    name = "tosa.resize"

    input = operand_def(TensorType)
    scale = operand_def(ShapeType)
    offset = operand_def(ShapeType)
    border = operand_def(ShapeType)
    output = result_def(TensorType)
    mode = prop_def(ResizeModeAttr | StringAttr)


INDEXING_OPS = (
    GatherOp,
    ScatterOp,
    ResizeOp,
)
"""The ops of this file."""
