"""box-scalar-signatures: let program functions take and give scalars as tensors of rank 0.

Before:  func.func @main(%n: index) -> f32 {
           …
           func.return %s : f32
         }
After:   func.func @main(%n: tensor<index>) -> tensor<f32> {
           %0 = tensor.extract %n[] : tensor<index>
           …
           %e = tensor.empty() : tensor<f32>
           %1 = linalg.generic … ins(%s : f32) outs(%e) { yield %s }
           func.return %1 : tensor<f32>
         }

Ensures: arguments and results of functions are tensors, so that all are passed as addresses.
"""

from __future__ import annotations

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import func, linalg, tensor
from xdsl.dialects.builtin import AffineMapAttr, FunctionType, ModuleOp, TensorType
from xdsl.ir import Block, BlockArgument, Region, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint


class BoxScalarSignaturesPass(ModulePass):
    """Pass scalars of signatures through memory."""

    name = "box-scalar-signatures"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            block = function.body.block
            terminator = block.last_op
            assert isinstance(terminator, func.ReturnOp)
            for argument in list(block.args):
                if not isinstance(argument.type, TensorType):
                    _box_argument(argument)
            for index, value in enumerate(terminator.arguments):
                if not isinstance(value.type, TensorType):
                    terminator.operands[index] = _boxed(value, terminator)
            results = [value.type for value in terminator.arguments]
            function.function_type = FunctionType.from_lists(block.arg_types, results)


def _box_argument(argument: BlockArgument) -> None:
    block = argument.block
    box = block.insert_arg(TensorType(argument.type, []), argument.index, argument.location)
    box.name_hint = argument.name_hint
    scalar = Builder(InsertPoint.at_start(block)).insert(tensor.ExtractOp(box, [], argument.type))
    scalar.location = argument.location
    scalar.result.name_hint = argument.name_hint
    argument.replace_all_uses_with(scalar.result)
    block.erase_arg(argument)


def _boxed(value: SSAValue, before: func.ReturnOp) -> SSAValue:
    builder = Builder(InsertPoint.before(before))
    box_type = TensorType(value.type, [])
    empty = builder.insert(tensor.EmptyOp([], box_type))
    body = Block(arg_types=[value.type] * 2)
    body.add_op(linalg.YieldOp(body.args[0]))
    scalar = AffineMapAttr(AffineMap(0, 0, ()))
    box = builder.insert(linalg.GenericOp([value], [empty.tensor], Region(body), [scalar] * 2, [], [box_type]))
    empty.location = box.location = before.location
    box.results[0].name_hint = value.name_hint
    return box.results[0]
