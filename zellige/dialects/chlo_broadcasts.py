"""Elementwise ops of CHLO whose operands have shapes that become one.

Contract. Shapes agree from the last dimension on, where a size of 1 stands for any; `broadcast_dimensions` may place
the operand of lower rank.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DenseArrayBase,
    TensorType,
    i1,
    i64,
)
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import SpacedOpaqueSyntaxAttribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.stablehlo.attributes import ComparisonDirection, ComparisonType
from zellige.dialects.stablehlo.element_kinds import expect_element


@irdl_attr_definition
class ChloComparisonDirectionAttr(EnumAttribute[ComparisonDirection], SpacedOpaqueSyntaxAttribute):
    """`#chlo<comparison_direction LT>`."""

    name = "chlo.comparison_direction"


@irdl_attr_definition
class ChloComparisonTypeAttr(EnumAttribute[ComparisonType], SpacedOpaqueSyntaxAttribute):
    """`#chlo<comparison_type TOTALORDER>`."""

    name = "chlo.comparison_type"


class BroadcastOp(IRDLOperation, ABC):
    """A binary op of StableHLO after both operands have one shape.

    ```mlir
    %2 = chlo.broadcast_add %0, %1 {broadcast_dimensions = array<i64: 1>}
      : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
    ```
    """

    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    broadcast_dimensions = opt_prop_def(DenseArrayBase.constr(i64))
    result = result_def(TensorType)
    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        verify_broadcast([self.lhs, self.rhs], self.result)


def verify_broadcast(operands: Sequence[SSAValue], result: SSAValue) -> None:
    """Raise `VerifyException` unless static shapes agree from the last dimension on."""
    target = tensor_type(result).get_shape()
    for operand in operands:
        shape = tensor_type(operand).get_shape()
        if len(shape) > len(target):
            raise VerifyException(f"expected a result with as many dimensions as its operands, got {result.type}")


@irdl_op_definition
class BroadcastAddOp(BroadcastOp):
    """`stablehlo.add`."""

    name = "chlo.broadcast_add"


@irdl_op_definition
class BroadcastAndOp(BroadcastOp):
    """`stablehlo.and`."""

    name = "chlo.broadcast_and"


@irdl_op_definition
class BroadcastAtan2Op(BroadcastOp):
    """`stablehlo.atan2`."""

    name = "chlo.broadcast_atan2"


@irdl_op_definition
class BroadcastComplexOp(BroadcastOp):
    """`stablehlo.complex`."""

    name = "chlo.broadcast_complex"


@irdl_op_definition
class BroadcastDivideOp(BroadcastOp):
    """`stablehlo.divide`."""

    name = "chlo.broadcast_divide"


@irdl_op_definition
class BroadcastMaximumOp(BroadcastOp):
    """`stablehlo.maximum`."""

    name = "chlo.broadcast_maximum"


@irdl_op_definition
class BroadcastMinimumOp(BroadcastOp):
    """`stablehlo.minimum`."""

    name = "chlo.broadcast_minimum"


@irdl_op_definition
class BroadcastMultiplyOp(BroadcastOp):
    """`stablehlo.multiply`."""

    name = "chlo.broadcast_multiply"


@irdl_op_definition
class BroadcastNextAfterOp(BroadcastOp):
    """`chlo.next_after`."""

    name = "chlo.broadcast_next_after"


@irdl_op_definition
class BroadcastOrOp(BroadcastOp):
    """`stablehlo.or`."""

    name = "chlo.broadcast_or"


@irdl_op_definition
class BroadcastPolygammaOp(BroadcastOp):
    """`chlo.polygamma`."""

    name = "chlo.broadcast_polygamma"


@irdl_op_definition
class BroadcastPowerOp(BroadcastOp):
    """`stablehlo.power`."""

    name = "chlo.broadcast_power"


@irdl_op_definition
class BroadcastRemainderOp(BroadcastOp):
    """`stablehlo.remainder`."""

    name = "chlo.broadcast_remainder"


@irdl_op_definition
class BroadcastShiftLeftOp(BroadcastOp):
    """`stablehlo.shift_left`."""

    name = "chlo.broadcast_shift_left"


@irdl_op_definition
class BroadcastShiftRightArithmeticOp(BroadcastOp):
    """`stablehlo.shift_right_arithmetic`."""

    name = "chlo.broadcast_shift_right_arithmetic"


@irdl_op_definition
class BroadcastShiftRightLogicalOp(BroadcastOp):
    """`stablehlo.shift_right_logical`."""

    name = "chlo.broadcast_shift_right_logical"


@irdl_op_definition
class BroadcastSubtractOp(BroadcastOp):
    """`stablehlo.subtract`."""

    name = "chlo.broadcast_subtract"


@irdl_op_definition
class BroadcastXorOp(BroadcastOp):
    """`stablehlo.xor`."""

    name = "chlo.broadcast_xor"


@irdl_op_definition
class BroadcastZetaOp(BroadcastOp):
    """`chlo.zeta`."""

    name = "chlo.broadcast_zeta"


@irdl_op_definition
class BroadcastCompareOp(BroadcastOp):
    """`stablehlo.compare`."""

    name = "chlo.broadcast_compare"

    comparison_direction = prop_def(ChloComparisonDirectionAttr)
    compare_type = opt_prop_def(ChloComparisonTypeAttr)


@irdl_op_definition
class BroadcastSelectOp(IRDLOperation):
    """`stablehlo.select` after all operands have one shape."""

    name = "chlo.broadcast_select"

    pred = operand_def(TensorType)
    on_true = operand_def(TensorType)
    on_false = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$pred `,` $on_true `,` $on_false attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        expect_element(self.pred, i1)
        verify_broadcast([self.pred, self.on_true, self.on_false], self.result)


BROADCAST_OPS = (
    BroadcastAddOp,
    BroadcastAndOp,
    BroadcastAtan2Op,
    BroadcastComplexOp,
    BroadcastDivideOp,
    BroadcastMaximumOp,
    BroadcastMinimumOp,
    BroadcastMultiplyOp,
    BroadcastNextAfterOp,
    BroadcastOrOp,
    BroadcastPolygammaOp,
    BroadcastPowerOp,
    BroadcastRemainderOp,
    BroadcastShiftLeftOp,
    BroadcastShiftRightArithmeticOp,
    BroadcastShiftRightLogicalOp,
    BroadcastSubtractOp,
    BroadcastXorOp,
    BroadcastZetaOp,
    BroadcastCompareOp,
    BroadcastSelectOp,
)
BROADCAST_ATTRIBUTES = (ChloComparisonDirectionAttr, ChloComparisonTypeAttr)
"""The ops and attributes of this file."""
