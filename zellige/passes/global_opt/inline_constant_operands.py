"""inline-constant-operands: a constant that is the same at every point is a scalar inside the body.

Before:  %half = arith.constant dense<0.5> : tensor<f32>
         %1 = linalg.generic ins(%a, %half) outs(%0) { ^bb0(%x: f32, %h: f32, %_: f32): yield %x * %h }
After:   %1 = linalg.generic ins(%a) outs(%0) { ^bb0(%x: f32, %_: f32):
              %h = arith.constant 0.5 : f32
              yield %x * %h }

Inputs that are splats, tensors of one element or scalars go; a scalar constant that the body captures is copied into
it. An input that alone gives a loop its extent stays.

Ensures: a body captures no constants.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import arith
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.constants import constant_op, constant_value, splat_of
from zellige.analysis.indexing import droppable_inputs, maps_of
from zellige.dialects.generic_operands import replace_inputs, tidy_body
from zellige.dialects.shaped_types import element_type, is_tensor
from zellige.maths.numerics import Array


class InlineConstantOperandsPass(ModulePass):
    """Put constants that do not depend on the loops into the bodies."""

    name = "inline-constant-operands"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        splats: dict[SSAValue, Array | None] = {}
        for generic in [o for o in op.walk() if isinstance(o, GenericOp)]:
            _inline_inputs(generic, splats)
            _copy_captured(generic)
            tidy_body(generic)


def _splat(value: SSAValue, seen: dict[SSAValue, Array | None]) -> Array | None:
    """The one element of a constant; each constant is looked at once."""
    if value not in seen:
        array = constant_value(value)
        seen[value] = None if array is None else splat_of(array)
    return seen[value]


def _inline_inputs(op: GenericOp, seen: dict[SSAValue, Array | None]) -> None:
    splats = [_splat(value, seen) for value in op.inputs]
    constant = {i for i, splat in enumerate(splats) if splat is not None}
    dropped = droppable_inputs(op, constant)
    if not dropped:
        return
    kept = [i for i in range(len(op.inputs)) if i not in dropped]
    becomes: list[int | SSAValue | None] = []
    for index, value in enumerate(op.inputs):
        splat = splats[index]
        if index in dropped and splat is not None:
            scalar = constant_op(splat, element_type(value.type), op)
            scalar.result.name_hint = value.name_hint
            Rewriter.insert_op(scalar, InsertPoint.at_start(op.body.block))
            becomes.append(scalar.result)
        else:
            becomes.append(kept.index(index))
    maps = maps_of(op)
    replace_inputs(op, [op.inputs[i] for i in kept], [maps[i] for i in kept], becomes)


def _copy_captured(op: GenericOp) -> None:
    block = op.body.block
    copies: dict[SSAValue, SSAValue] = {}
    for inner in list(block.ops):
        for index, operand in enumerate(inner.operands):
            source = operand.owner
            if not isinstance(source, arith.ConstantOp) or source.parent is block:
                continue
            if is_tensor(operand.type):
                continue
            if operand not in copies:
                copy = source.clone()
                Rewriter.insert_op(copy, InsertPoint.at_start(block))
                copies[operand] = copy.result
            inner.operands[index] = copies[operand]
