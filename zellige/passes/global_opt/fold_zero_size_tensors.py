"""fold-zero-size-tensors: nothing is computed where there are no elements.

Before:  %1 = linalg.generic {…sum…} ins(%a : tensor<3x0xf32>) outs(%0 : tensor<3xf32>)
         %2 = linalg.generic {…} ins(%b : tensor<0xf32>) outs(%e : tensor<0xf32>)
         %3 = tensor.insert_slice %2 into %c[0] [0] [1] : tensor<0xf32> into tensor<4xf32>
After:   (uses of %1 are uses of %0, those of %3 are of %c)
         %2 = tensor.empty() : tensor<0xf32>

A scatter of no updates is what it would have updated.

Ensures:  every `linalg.generic` runs at least once; only arguments and results of `scf` ops and `tensor.empty` are
          tensors without elements.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.dimensions import dynamic_sizes_of
from zellige.analysis.indexing import extents_of
from zellige.dialects.linalg_ext import ScatterOp, SequentialOp
from zellige.dialects.shaped_types import is_tensor


class FoldZeroSizeTensorsPass(ModulePass):
    """Replace what has no elements by what it starts from, or by an empty tensor."""

    name = "fold-zero-size-tensors"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in list(op.walk()):
            match inner:
                case GenericOp() if 0 in extents_of(inner):
                    Rewriter.replace_op(inner, [], list(inner.outputs))
                case ScatterOp() if _has_no_elements(inner.windows[0]):
                    Rewriter.replace_op(inner, [], list(inner.inputs))
                case SequentialOp() if all(_has_no_elements(result) for result in inner.results):
                    empties = [tensor.EmptyOp(dynamic_sizes_of(result), result.type) for result in inner.results]
                    for empty in empties:
                        empty.location = inner.location
                    Rewriter.replace_op(inner, empties, [empty.tensor for empty in empties])
                case tensor.InsertSliceOp() if _has_no_elements(inner.source):
                    Rewriter.replace_op(inner, [], [inner.dest])
                case _ if _makes_no_elements(inner):
                    empty = tensor.EmptyOp(dynamic_sizes_of(inner.results[0]), inner.results[0].type)
                    empty.location = inner.location
                    empty.tensor.name_hint = inner.results[0].name_hint
                    Rewriter.replace_op(inner, [empty])
                case _:
                    pass


def _makes_no_elements(op: Operation) -> bool:
    return (
        op.dialect_name() in (tensor.Tensor.name, arith.Arith.name)
        and not isinstance(op, tensor.EmptyOp)
        and len(op.results) == 1
        and _has_no_elements(op.results[0])
    )


def _has_no_elements(value: SSAValue) -> bool:
    return is_tensor(value.type) and 0 in value.type.get_shape()
