"""tensor: xDSL's dialect, with what it refuses of upstream's text.

`tensor.expand_shape` makes dimensions of size 1 from a tensor without dimensions, with an empty reassociation;
`tensor.generate` is not there at all.
"""

from __future__ import annotations

from xdsl.dialects import tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, IndexType, TensorType
from xdsl.ir import Dialect
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import tensor_type
from zellige.support.op_rules import check_op


class ExpandShapeOp(tensor.ExpandShapeOp):
    """The `tensor.expand_shape` of xDSL, for tensors without dimensions too: patterns for that op match this one.

    ```mlir
    %1 = tensor.expand_shape %0 [] output_shape [1, 1] : tensor<f32> into tensor<1x1xf32>
    ```
    """

    def verify_(self) -> None:
        if isa(self.src.type, TensorType) and not self.src.type.get_shape():
            self.get_irdl_definition().verify(self)
            check_op(self)
        else:
            super().verify_()


@irdl_op_definition
class GenerateOp(IRDLOperation):
    """A tensor whose elements are computed from their indices.

    ```mlir
    %1 = tensor.generate %n {
    ^bb0(%i: index, %j: index):
      %0 = arith.addi %i, %j : index
      tensor.yield %0 : index
    } : tensor<4x?xindex>
    ```
    """

    name = "tensor.generate"

    extents = var_operand_def(IndexType())
    body = region_def("single_block")
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$extents $body attr-dict `:` type($result)"

    def verify_(self) -> None:
        type_ = tensor_type(self.result)
        if len(self.extents) != type_.get_shape().count(DYNAMIC_INDEX):
            raise VerifyException(f"expected a size for each that {type_} leaves open, got {len(self.extents)}")
        if list(self.body.block.arg_types) != [IndexType()] * type_.get_num_dims():
            raise VerifyException(f"expected a body of {type_.get_num_dims()} indices")
        terminator = self.body.block.last_op
        if not isinstance(terminator, tensor.YieldOp) or list(terminator.operand_types) != [type_.element_type]:
            raise VerifyException(f"expected a body that yields one {type_.element_type}")


Tensor = Dialect(
    "tensor",
    [*(ExpandShapeOp if op is tensor.ExpandShapeOp else op for op in tensor.Tensor.operations), GenerateOp],
    [*tensor.Tensor.attributes],
)
