"""tensor: xDSL's dialect, with what it refuses of upstream's text.

`tensor.expand_shape` makes dimensions of size 1 from a tensor without dimensions, with an empty reassociation.
"""

from __future__ import annotations

from xdsl.dialects import tensor
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Dialect
from xdsl.utils.hints import isa

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


Tensor = Dialect(
    "tensor",
    [ExpandShapeOp if op is tensor.ExpandShapeOp else op for op in tensor.Tensor.operations],
    [*tensor.Tensor.attributes],
)
