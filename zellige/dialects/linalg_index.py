"""linalg.index: the number of the iteration, in the body of any structured op."""

from __future__ import annotations

from dataclasses import replace

from xdsl.dialects.linalg import ops
from xdsl.dialects.linalg.abstract_ops import LinalgStructuredOperation
from xdsl.irdl import traits_def
from xdsl.utils.exceptions import VerifyException


class IndexOp(ops.IndexOp):
    """The `linalg.index` of xDSL, in the body of any structured op: passes name that class.

    ```mlir
    %1 = linalg.map outs(%0 : tensor<4xindex>) () {
      %i = linalg.index 0 : index
      linalg.yield %i : index
    }
    ```
    """

    def verify_(self) -> None:
        parent = self.parent_op()
        if not isinstance(parent, LinalgStructuredOperation):
            around = "nothing" if parent is None else f"'{parent.name}'"
            raise VerifyException(f"expected the body of a structured op of linalg around it, got {around}")
        _INDEX_DEFINITION.verify(self)


_INDEX_DEFINITION = replace(ops.IndexOp.get_irdl_definition(), traits=traits_def())
"""Without the trait that the op stands in a `linalg.generic`."""
