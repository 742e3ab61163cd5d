"""drop-invariant-carried-values: a loop does not carry what it never changes, a branch does not choose between equals.

Before:  %r:2 = scf.while (%i = %c0, %w = %weights) : … {
           …
           scf.condition(%go) %i, %w
         } do {
         ^bb0(%k: i32, %v: tensor<64x64xf32>):
           %x = linalg.generic … ins(%v) …
           scf.yield %j, %v
         }
After:   %r = scf.while (%i = %c0) : … {
           …
           scf.condition(%go) %i
         } do {
         ^bb0(%k: i32):
           %x = linalg.generic … ins(%weights) …
           scf.yield %j
         }

Weights that a loop carries would be copied into memory that can be written, and would be no constants inside of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

LoopOrBranchOp = scf.ForOp | scf.WhileOp | scf.IfOp


class DropInvariantCarriedValuesPass(ModulePass):
    """Use the values themselves that loops and branches only hand through."""

    name = "drop-invariant-carried-values"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in reversed([o for o in op.walk() if isinstance(o, LoopOrBranchOp)]):
            match inner:
                case scf.ForOp():
                    _simplify_for(inner)
                case scf.WhileOp():
                    _simplify_while(inner)
                case scf.IfOp():
                    _simplify_if(inner)


def _last(block: Block) -> Operation:
    terminator = block.last_op
    assert terminator is not None
    return terminator


def _simplify_for(op: scf.ForOp) -> None:
    carried, end = op.body.block.args[1:], _last(op.body.block)
    dropped = {
        index
        for index, (start, argument, given) in enumerate(zip(op.iter_args, carried, end.operands, strict=True))
        if given is argument or given is start
    }
    if not dropped:
        return
    for index in dropped:
        carried[index].replace_all_uses_with(op.iter_args[index])
        op.res[index].replace_all_uses_with(op.iter_args[index])
    _drop(op.body.block, [carried[index] for index in dropped], end, dropped)
    starts = _without(op.iter_args, dropped)
    _replace(op, dropped, scf.ForOp(op.lb, op.ub, op.step, starts, _detached(op)[0]))


def _simplify_while(op: scf.WhileOp) -> None:
    before, after = op.before_region.block, op.after_region.block
    condition, end = _last(before), _last(after)
    handed: dict[SSAValue, SSAValue] = dict(zip(after.args, condition.operands[1:], strict=True))
    invariant = {
        index
        for index, (start, argument, given) in enumerate(zip(op.arguments, before.args, end.operands, strict=True))
        if given is start or handed.get(given) is argument
    }
    for index in invariant:
        before.args[index].replace_all_uses_with(op.arguments[index])
    known = {index for index, value in enumerate(condition.operands[1:]) if not op.is_ancestor(value.owner)}
    if not invariant and not known:
        return
    for index in known:
        value = condition.operands[1 + index]
        after.args[index].replace_all_uses_with(value)
        op.res[index].replace_all_uses_with(value)
    _drop(before, [before.args[index] for index in invariant], end, invariant)
    _drop(after, [after.args[index] for index in known], condition, {1 + index for index in known})
    starts, types = _without(op.arguments, invariant), [value.type for value in _without(op.res, known)]
    regions = _detached(op)
    _replace(op, known, scf.WhileOp(starts, types, regions[0], regions[1]))


def _simplify_if(op: scf.IfOp) -> None:
    if not op.output:
        return
    ends = [_last(region.block) for region in op.regions]
    pairs = zip(ends[0].operands, ends[1].operands, strict=True)
    dropped = {index for index, (one, other) in enumerate(pairs) if one is other}
    if not dropped:
        return
    for index in dropped:
        op.output[index].replace_all_uses_with(ends[0].operands[index])
    for end in ends:
        end.operands = _without(end.operands, dropped)
    types = [value.type for value in _without(op.output, dropped)]
    regions = _detached(op)
    _replace(op, dropped, scf.IfOp(op.cond, types, regions[0], regions[1]))


def _without(values: Sequence[SSAValue], dropped: Collection[int]) -> list[SSAValue]:
    return [value for index, value in enumerate(values) if index not in dropped]


def _drop(block: Block, arguments: Sequence[SSAValue], giver: Operation, dropped: Collection[int]) -> None:
    """Let the block take fewer arguments, and the terminator that leads to it give fewer."""
    giver.operands = _without(giver.operands, dropped)
    for argument in [argument for argument in block.args if argument in arguments]:
        block.erase_arg(argument)


def _detached(op: Operation) -> list[Region]:
    return [op.detach_region(region) for region in list(op.regions)]


def _replace(op: Operation, dropped: Collection[int], new: Operation) -> None:
    """Put `new` in the place of `op`, of whose results some are not used any more."""
    new.location = op.location
    new.attributes |= op.attributes
    rest = iter(new.results)
    for index, old in enumerate(op.results):
        if index not in dropped:
            result = next(rest)
            result.name_hint = old.name_hint
            old.replace_all_uses_with(result)
    Rewriter.replace_op(op, new, [None] * len(op.results))
