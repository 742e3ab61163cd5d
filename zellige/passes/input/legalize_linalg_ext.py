"""legalize-linalg-ext: ops of IREE and torch-mlir that work through rows become those of `linalg_ext`.

Before:  %1:2 = tm_tensor.scan dimension(1) inclusive(true) ins(%x : tensor<4x9xf32>)
                  outs(%e, %init : tensor<4x9xf32>, tensor<4xf32>) { … tm_tensor.yield %sum : f32 }
After:   %1 = linalg_ext.scan dimension(1) inclusive(true) reverse(false) ins(%x : tensor<4x9xf32>) {
                  … linalg_ext.yield %sum : f32 } -> tensor<4x9xf32>

What is left in the second result of a scan is the last element of the first one.

Ensures:  no op of `iree_linalg_ext` and `tm_tensor` is left.
Fails:    for a scan that has not one input, a result and an accumulator; for shapes and bodies that do not go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from zellige.dialects import linalg_ext
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.iree_linalg_ext import (
    DestinationOp,
    DestinationScanOp,
    DestinationSortOp,
    DestinationYieldOp,
)
from zellige.dialects.shaped_types import tensor_type
from zellige.support.errors import CompileError

OpT = TypeVar("OpT", bound=linalg_ext.SequentialOp)


@dataclass(frozen=True)
class LegalizeLinalgExtPass(ModulePass):
    """Replace ops that write into their `outs` by ops that make values."""

    name = "legalize-linalg-ext"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for found in [o for o in op.walk() if isinstance(o, DestinationOp)]:
            try:
                results = self._replacement(found)
            except VerifyException as error:
                raise CompileError(str(error), op=found, pass_name=self.name) from error
            for old, new in zip(found.results, results, strict=True):
                new.name_hint = old.name_hint or new.name_hint
            Rewriter.replace_op(found, [], results)

    def _replacement(self, op: DestinationOp) -> Sequence[SSAValue]:
        forms = FormBuilder(op)
        body = _own_body(op.detach_region(op.body))
        dimension = op.dimension.value.data
        match op:
            case DestinationSortOp():
                return _verified(forms, linalg_ext.SortOp(op.outputs, dimension, body)).sorted
            case DestinationScanOp():
                if len(op.inputs) != 1 or len(op.outputs) != 2:
                    raise CompileError(
                        f"expected one input and two outputs, got {len(op.inputs)} and {len(op.outputs)}",
                        op=op,
                        pass_name=self.name,
                    )
                return _scan(op, dimension, body, forms)
            case _:
                types = op.outputs.types
                return _verified(forms, linalg_ext.TopkOp(op.inputs, op.outputs, dimension, body, types)).results


def _verified(forms: FormBuilder, op: OpT) -> OpT:
    """Insert an op. Raises `VerifyException` where shapes or the body are not those of such an op."""
    op.verify_()
    return forms.insert(op)


def _own_body(body: Region) -> Region:
    terminator = body.block.last_op
    assert isinstance(terminator, DestinationYieldOp)
    Rewriter.replace_op(terminator, linalg_ext.YieldOp(*terminator.values))
    return body


def _scan(op: DestinationScanOp, dimension: int, body: Region, forms: FormBuilder) -> Sequence[SSAValue]:
    start = op.outputs[1]
    inits = [] if op.is_inclusive else [start]
    scan = linalg_ext.ScanOp(op.inputs, inits, dimension, body, inclusive=op.is_inclusive)
    result = _verified(forms, scan).results[0]
    if op.res[1].first_use is None or tensor_type(result).get_shape()[dimension] < 2:
        return result, start
    return result, _last_of_rows(result, dimension, forms)


def _last_of_rows(value: SSAValue, dimension: int, forms: FormBuilder) -> SSAValue:
    """The last element along a dimension, without that dimension."""
    whole = tensor_type(value)
    shape = whole.get_shape()
    offsets, sizes = [0] * len(shape), list(shape)
    offsets[dimension], sizes[dimension] = shape[dimension] - 1, 1
    kept = TensorType(whole.element_type, [size for d, size in enumerate(shape) if d != dimension])
    return forms.insert(tensor.ExtractSliceOp(value, offsets, sizes, [1] * len(shape), kept)).result
