"""fold-constants: compute at compile time what does not depend on the arguments.

Before:  %w = arith.constant dense<…> : tensor<64x32xf32>
         %t = linalg.generic {maps = [(i, j) -> (j, i), (i, j) -> (i, j)]} ins(%w) outs(%e) { yield %x }
After:   %t = arith.constant dense<…> : tensor<32x64xf32>

Results that would make the module larger stay as they are (see `analysis.constant_folding`), and a result that is the
same everywhere becomes a fill. Branches on constants are taken, assertions that hold are dropped.

Ensures: the same numbers, bit for bit, on every machine that compiles.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.cf import AssertOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.hints import isa

from zellige.analysis.constant_folding import folded_value
from zellige.analysis.constants import constant_op, constant_value, splat_of
from zellige.dialects.generic_forms import FormBuilder
from zellige.maths.numerics import Array


class FoldConstantsPass(ModulePass):
    """Replace ops on constants with their values."""

    name = "fold-constants"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in list(op.walk()):
            if inner.parent is None:
                continue
            match inner:
                case scf.IfOp():
                    _take_branch(inner)
                case AssertOp():
                    holds = constant_value(inner.arg)
                    if holds is not None and bool(holds):
                        Rewriter.erase_op(inner)
                case _:
                    if (value := folded_value(inner)) is not None:
                        Rewriter.replace_op(inner, [], [_constant(value, inner)])


def _constant(array: Array, op: Operation) -> SSAValue:
    """The value as a constant before `op`; as a fill when it is a tensor with one value everywhere."""
    result_type = op.results[0].type
    splat = splat_of(array) if array.size > 1 else None
    if splat is not None and isa(result_type, TensorType[Attribute]):
        scalar = constant_op(splat, result_type.element_type, op)
        scalar.result.name_hint = None
        forms = FormBuilder(op)
        filled = forms.fill(forms.insert(scalar).result, result_type)
        filled.name_hint = op.results[0].name_hint
        return filled
    constant = constant_op(array, result_type, op)
    Rewriter.insert_op(constant, InsertPoint.before(op))
    return constant.result


def _take_branch(op: scf.IfOp) -> None:
    condition = constant_value(op.cond)
    if condition is None:
        return
    region = op.true_region if bool(condition) else op.false_region
    if not region.blocks:
        Rewriter.erase_op(op)
        return
    block = region.block
    terminator = block.last_op
    assert isinstance(terminator, scf.YieldOp)
    Rewriter.inline_block(block, InsertPoint.before(op))
    Rewriter.replace_op(op, [], terminator.operands)
    Rewriter.erase_op(terminator)
