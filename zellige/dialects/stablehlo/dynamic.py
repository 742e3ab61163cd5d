"""StableHLO ops whose amounts are tensors: the ops of `shapes` with operands in the place of attributes.

Contract. A vector of amounts is a tensor of integers or index values of one dimension, as long as the tensor that it
is about has dimensions. Where the result type is static, the shape that an operand gives is that of the result.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    DenseArrayBase,
    IndexType,
    IntegerAttr,
    IntegerType,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
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
from zellige.dialects.stablehlo.shapes import (
    expect_dimension,
    expect_result,
    integers,
    shape_of,
    verify_broadcast,
    verify_pad,
    verify_reshape,
)


def expect_amounts(what: str, amounts: SSAValue, count: int) -> None:
    """Raise `VerifyException` unless `amounts` is a vector of `count` whole numbers."""
    type_ = tensor_type(amounts)
    is_whole = isinstance(type_.element_type, IntegerType | IndexType)
    if not is_whole or type_.get_num_dims() != 1 or type_.get_shape()[0] not in (count, DYNAMIC_INDEX):
        raise VerifyException(f"expected {what} to be {count} integers, one a dimension, got {type_}")


@irdl_op_definition
class DynamicBroadcastInDimOp(IRDLOperation):
    """`broadcast_in_dim` to a shape that is an operand.

    ```mlir
    %2 = stablehlo.dynamic_broadcast_in_dim %0, %shape, dims = [1] : (tensor<3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
    ```
    """

    name = "stablehlo.dynamic_broadcast_in_dim"

    operand = operand_def(TensorType)
    output_dimensions = operand_def(TensorType)
    broadcast_dimensions = prop_def(DenseArrayBase.constr(i64))
    known_expanding_dimensions = opt_prop_def(DenseArrayBase.constr(i64))
    known_nonexpanding_dimensions = opt_prop_def(DenseArrayBase.constr(i64))
    result = result_def(TensorType)
    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)

    def __init__(
        self, operand: SSAValue, output_dimensions: SSAValue, dims: Sequence[int], result_type: TensorType[Attribute]
    ) -> None:
        super().__init__(
            operands=[operand, output_dimensions],
            result_types=[result_type],
            properties={"broadcast_dimensions": integers(dims)},
        )

    assembly_format = (
        "$operand `,` $output_dimensions `,` `dims` `=` $broadcast_dimensions attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        expect_amounts("the output dimensions", self.output_dimensions, len(shape_of(self.result)))
        verify_broadcast(self.operand, self.broadcast_dimensions.get_values(), self.result)


@irdl_op_definition
class DynamicReshapeOp(IRDLOperation):
    """`reshape` to a shape that is an operand.

    ```mlir
    %2 = stablehlo.dynamic_reshape %0, %shape : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<3x2xf32>
    ```
    """

    name = "stablehlo.dynamic_reshape"

    operand = operand_def(TensorType)
    output_shape = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$operand `,` $output_shape attr-dict `:` functional-type(operands, results)"

    def __init__(self, operand: SSAValue, output_shape: SSAValue, shape: Sequence[int]) -> None:
        result_type = TensorType(tensor_type(operand).element_type, shape)
        super().__init__(operands=[operand, output_shape], result_types=[result_type])

    def verify_(self) -> None:
        expect_amounts("the output shape", self.output_shape, len(shape_of(self.result)))
        verify_reshape(self.operand, self.result)


@irdl_op_definition
class DynamicIotaOp(IRDLOperation):
    """`iota` of a shape that is an operand.

    ```mlir
    %1 = stablehlo.dynamic_iota %shape, dim = 0 : (tensor<2xi64>) -> tensor<4x5xi64>
    ```
    """

    name = "stablehlo.dynamic_iota"

    output_shape = operand_def(TensorType)
    iota_dimension = prop_def(IntegerAttr[I64])
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$output_shape `,` `dim` `=` $iota_dimension attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        rank = len(shape_of(self.result))
        expect_amounts("the output shape", self.output_shape, rank)
        expect_dimension(self.iota_dimension.value.data, rank)


@irdl_op_definition
class DynamicPadOp(IRDLOperation):
    """`pad` by amounts that are operands.

    ```mlir
    %2 = stablehlo.dynamic_pad %0, %zero, %low, %high, %interior
         : (tensor<4xf32>, tensor<f32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<6xf32>
    ```
    """

    name = "stablehlo.dynamic_pad"

    operand = operand_def(TensorType)
    padding_value = operand_def(TensorType)
    edge_padding_low = operand_def(TensorType)
    edge_padding_high = operand_def(TensorType)
    interior_padding = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$operand `,` $padding_value `,` $edge_padding_low `,` $edge_padding_high `,` $interior_padding attr-dict "
        "`:` functional-type(operands, results)"
    )

    @property
    def amounts(self) -> tuple[SSAValue, SSAValue, SSAValue]:
        """Low, high and interior amounts."""
        return self.edge_padding_low, self.edge_padding_high, self.interior_padding

    def verify_(self) -> None:
        verify_pad(self.operand, self.padding_value)
        for what, amounts in zip(("low", "high", "interior"), self.amounts, strict=True):
            expect_amounts(f"the {what} amounts", amounts, len(shape_of(self.operand)))
        expect_same_rank(self.operand, self.result)


@irdl_op_definition
class RealDynamicSliceOp(IRDLOperation):
    """`slice` with ranges that are operands.

    ```mlir
    %1 = stablehlo.real_dynamic_slice %0, %start, %limit, %strides
         : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2xf32>
    ```
    """

    name = "stablehlo.real_dynamic_slice"

    operand = operand_def(TensorType)
    start_indices = operand_def(TensorType)
    limit_indices = operand_def(TensorType)
    strides = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$operand `,` $start_indices `,` $limit_indices `,` $strides attr-dict `:` functional-type(operands, results)"
    )

    @property
    def amounts(self) -> tuple[SSAValue, SSAValue, SSAValue]:
        """Start indices, limit indices and strides."""
        return self.start_indices, self.limit_indices, self.strides

    def verify_(self) -> None:
        for what, amounts in zip(("start indices", "limit indices", "strides"), self.amounts, strict=True):
            expect_amounts(f"the {what}", amounts, len(shape_of(self.operand)))
        expect_same_rank(self.operand, self.result)


def expect_same_rank(operand: SSAValue, result: SSAValue) -> None:
    """Raise `VerifyException` unless both have the same elements and number of dimensions."""
    source = tensor_type(operand)
    expect_result(result, [DYNAMIC_INDEX] * source.get_num_dims(), source.element_type)


DYNAMIC_OPS = (DynamicBroadcastInDimOp, DynamicReshapeOp, DynamicIotaOp, DynamicPadOp, RealDynamicSliceOp)
"""The ops of this file."""
