"""legalize-stablehlo-control-flow: loops and branches are those of scf; what only arranges values goes.

Before:  %r = stablehlo.while(%i = %0) : tensor<i32>
         cond { %c = stablehlo.compare LT, %i, %n …; stablehlo.return %c : tensor<i1> }
         do { %j = stablehlo.add %i, %one …; stablehlo.return %j : tensor<i32> }
         %d = "stablehlo.case"(%r) ({A}, {B}, {C}) : (tensor<i32>) -> tensor<4xf32>
         %e = stablehlo.composite "f" %d {decomposition = @f.impl} : (tensor<4xf32>) -> tensor<4xf32>
After:   %r = scf.while (%i = %0) : (tensor<i32>) -> tensor<i32> {
           %c = stablehlo.compare LT, %i, %n …
           %p = tensor.extract %c[] : tensor<i1>
           scf.condition(%p) %i
         } do { ^bb0(%i: tensor<i32>): %j = stablehlo.add %i, %one …; scf.yield %j }
         %k = tensor.extract %r[] : tensor<i32>
         %d = scf.if %k < 1 {A} else { scf.if %k < 2 {B} else {C} }
         %e = func.call @f.impl(%d)

The branch of a `case` is found by halving; the comparisons are of unsigned numbers, so that an index that is negative
or too large takes the last one. Barriers, tokens and the markers of programs for several devices (`custom_call
@Sharding`, `sdy.mesh`) have no effect. Tuples go where the values that they hold are known.

Leaves:  a `custom_call` that is no marker of where a value should be, and tuples that it takes or gives.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.context import Context
from xdsl.dialects import arith, func, scf, tensor
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i1, i32
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.program_ops import is_program_op
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.sdy import MeshOp
from zellige.dialects.stablehlo.control_flow import (
    AfterAllOp,
    CaseOp,
    CompositeOp,
    CreateTokenOp,
    CustomCallOp,
    GetTupleElementOp,
    IfOp,
    OptimizationBarrierOp,
    ReturnOp,
    TupleOp,
    WhileOp,
)

MARKERS = frozenset(
    {"Sharding", "SPMDFullToShardShape", "SPMDShardToFullShape", "annotate_device_placement", "LayoutConstraint"}
)
"""Targets of `custom_call` that say where a value should be, and return it."""


HANDLED_OPS = (
    WhileOp,
    IfOp,
    CaseOp,
    ReturnOp,
    CompositeOp,
    OptimizationBarrierOp,
    CustomCallOp,
    TupleOp,
    GetTupleElementOp,
    AfterAllOp,
    CreateTokenOp,
)
"""What is replaced, or erased with what it belongs to."""


class LegalizeStablehloControlFlowPass(ModulePass):
    """Replace StableHLO's loops, branches and arrangements of values."""

    name = "legalize-stablehlo-control-flow"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, HANDLED_OPS)]:
            if is_program_op(inner):
                _legalize(inner)
        for mesh in [o for o in op.ops if isinstance(o, MeshOp)]:
            Rewriter.erase_op(mesh)
        for inner in reversed([o for o in op.walk() if isinstance(o, TupleOp | AfterAllOp | CreateTokenOp)]):
            if inner.results[0].first_use is None:
                Rewriter.erase_op(inner)


def _legalize(op: Operation) -> None:
    match op:
        case WhileOp():
            _replace(op, _loop(op))
        case IfOp():
            condition = FormBuilder(op).insert(tensor.ExtractOp(op.pred, [], i1)).result
            true, false = (_branch(region, op) for region in list(op.regions))
            _replace(op, scf.IfOp(condition, op.result_types, true, false))
        case CaseOp():
            index = FormBuilder(op).insert(tensor.ExtractOp(op.index, [], i32)).result
            _splice(op, _choice(op, index, 0, [_branch(region, op) for region in list(op.regions)]))
        case CompositeOp():
            _replace(op, func.CallOp(op.decomposition, list(op.inputs), op.result_types))
        case OptimizationBarrierOp():
            Rewriter.replace_op(op, [], op.operand)
        case CustomCallOp() if op.call_target_name.data in MARKERS and op.operand_types == op.result_types:
            Rewriter.replace_op(op, [], op.inputs)
        case GetTupleElementOp() if isinstance(op.operand.owner, TupleOp):
            Rewriter.replace_op(op, [], [op.operand.owner.val[op.index.value.data]])
        case _:
            pass


def _replace(op: Operation, new: Operation) -> None:
    """Put `new` in the place of `op`, with its place in the source and the names of its results."""
    new.location = op.location
    for old, result in zip(op.results, new.results, strict=True):
        result.name_hint = old.name_hint
    Rewriter.replace_op(op, new)


def _terminate(block: Block, op: Operation) -> None:
    """Replace the terminator of a block by `op`."""
    terminator = block.last_op
    assert terminator is not None
    op.location = terminator.location
    Rewriter.replace_op(terminator, op, [])


def _loop(op: WhileOp) -> scf.WhileOp:
    cond, body = (op.detach_region(region) for region in list(op.regions))
    test, step = cond.block.last_op, body.block.last_op
    assert isinstance(test, ReturnOp)
    assert isinstance(step, ReturnOp)
    holds = FormBuilder(test).insert(tensor.ExtractOp(test.arguments[0], [], i1)).result
    _terminate(cond.block, scf.ConditionOp(holds, *cond.block.args))
    _terminate(body.block, scf.YieldOp(*step.arguments))
    return scf.WhileOp(list(op.arguments), op.result_types, cond, body)


def _branch(region: Region, op: Operation) -> Region:
    """The region, apart from `op`, as a branch of `scf.if`."""
    branch = op.detach_region(region)
    last = branch.block.last_op
    assert isinstance(last, ReturnOp)
    _terminate(branch.block, scf.YieldOp(*last.arguments))
    return branch


def _choice(op: CaseOp, index: SSAValue, first: int, branches: Sequence[Region]) -> Region:
    """A region that runs the branch of `index`, which is among these, counted from `first`."""
    if len(branches) == 1:
        return branches[0]
    half = len(branches) // 2
    middle = arith.ConstantOp(IntegerAttr(first + half, i32))
    is_lower = arith.CmpiOp(index, middle, "ult")
    low = _choice(op, index, first, branches[:half])
    high = _choice(op, index, first + half, branches[half:])
    choice = scf.IfOp(is_lower, op.result_types, low, high)
    ops = [middle, is_lower, choice, scf.YieldOp(*choice.results)]
    for new in ops:
        new.location = op.location
    return Region(Block(ops))


def _splice(op: CaseOp, region: Region) -> None:
    """Put the ops of the region in the place of `op`; what it yields are the results."""
    terminator = region.block.last_op
    assert isinstance(terminator, scf.YieldOp)
    values = list(terminator.arguments)
    for old, value in zip(op.results, values, strict=True):
        value.name_hint = value.name_hint or old.name_hint
    Rewriter.erase_op(terminator)
    ops = list(region.block.ops)
    for new in ops:
        new.detach()
    Rewriter.replace_op(op, ops, values)
