"""legalize-scalar-signatures: scalars cross the border of a program as tensors without dimensions.

Before:  func.func @main(%n: i32) -> f32 { …; return %y : f32 }
After:   func.func @main(%0: tensor<i32>) -> tensor<f32> {
           %n = tensor.extract %0[] : tensor<i32>
           …
           %e = tensor.empty() : tensor<f32>
           %1 = linalg.generic ins(%y : f32) outs(%e) { yield }
           return %1 : tensor<f32> }

Requires: no call is left.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import is_tensor


class LegalizeScalarSignaturesPass(ModulePass):
    """Turn scalar arguments and results of functions into 0-d tensors."""

    name = "legalize-scalar-signatures"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, FuncOp) and o.body.blocks]:
            _wrap_arguments(function.body.block)
            terminator = function.body.block.last_op
            assert isinstance(terminator, ReturnOp)
            _wrap_results(terminator)
            function.update_function_type()


def _wrap_arguments(block: Block) -> None:
    """Give the function 0-d tensors and read the scalars from them."""
    reads: list[tensor.ExtractOp] = []
    for argument in block.args:
        if is_tensor(argument.type):
            continue
        wrapped = block.insert_arg(TensorType(argument.type, []), argument.index)
        wrapped.location = argument.location
        read = tensor.ExtractOp(wrapped, [], argument.type)
        read.location = argument.location
        argument.replace_all_uses_with(read.result)
        wrapped.name_hint = argument.name_hint
        block.erase_arg(argument)
        reads.append(read)
    if reads:
        Rewriter.insert_op(reads, InsertPoint.at_start(block))


def _wrap_results(terminator: ReturnOp) -> None:
    """Return 0-d tensors that hold the scalars."""
    forms = FormBuilder(terminator)
    for index, value in enumerate(terminator.arguments):
        if not is_tensor(value.type):
            terminator.operands[index] = forms.fill(value, TensorType(value.type, []))
