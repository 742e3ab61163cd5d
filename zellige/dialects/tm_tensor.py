"""tm_tensor: the ops of torch-mlir that linalg has not, as torch-mlir prints them; they mean what those of IREE do."""

from __future__ import annotations

from xdsl.ir import Dialect
from xdsl.irdl import irdl_op_definition

from zellige.dialects.iree_linalg_ext import DestinationScanOp, DestinationSortOp, DestinationYieldOp


@irdl_op_definition
class SortOp(DestinationSortOp):
    """`tm_tensor.sort dimension(1) outs(%x : tensor<4x8xf32>) { … } -> tensor<4x8xf32>`"""

    name = "tm_tensor.sort"


@irdl_op_definition
class ScanOp(DestinationScanOp):
    """`tm_tensor.scan dimension(1) inclusive(true) ins(%x : …) outs(%e, %init : …) { … } -> …`"""

    name = "tm_tensor.scan"


@irdl_op_definition
class YieldOp(DestinationYieldOp):
    """`tm_tensor.yield %sum : f32`"""

    name = "tm_tensor.yield"


TmTensor = Dialect("tm_tensor", [SortOp, ScanOp, YieldOp], [])
