"""legalize-scf: what scf has besides loops and branches becomes these.

Before:  %1 = scf.forall (%i) in (4) shared_outs(%out = %0) -> (tensor<8x6xf32>) {
           %part = …
           scf.forall.in_parallel {
             tensor.parallel_insert_slice %part into %out[%r, 0] [2, 6] [1, 1] : tensor<2x6xf32> into tensor<8x6xf32>
           }
         }
         %2 = scf.index_switch %n -> tensor<4xf32> case 2 {A} case 5 {B} default {C}
After:   %1 = scf.for %i = %c0 to %c4 step %c1 iter_args(%out = %0) -> (tensor<8x6xf32>) {
           %part = …
           %next = tensor.insert_slice %part into %out[%r, 0] [2, 6] [1, 1] : tensor<2x6xf32> into tensor<8x6xf32>
           scf.yield %next
         }
         %2 = scf.if %n == 2 {A} else { scf.if %n == 5 {B} else {C} }

An iteration of a forall reads the shared tensors as they were before the loop. Where it reads the very slice that it
replaces, it may read the carried tensor, so that the loop works in place. The mapping to workers has no meaning here.

Leaves:  an `scf.execute_region` of several blocks, and `scf.parallel`.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.context import Context
from xdsl.dialects import arith, scf, tensor
from xdsl.dialects.builtin import IntegerAttr, ModuleOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index, type_index
from zellige.dialects.scf import ForallOp, InParallelOp
from zellige.dialects.slices import insert_slice, offsets_of, slice_sizes_of, steps_of
from zellige.dialects.tensor import ParallelInsertSliceOp

REPLACED_OPS = (ForallOp, InParallelOp, ParallelInsertSliceOp, scf.IndexSwitchOp, scf.ExecuteRegionOp)
"""What is replaced, or erased with what it belongs to."""


class LegalizeScfPass(ModulePass):
    """Replace `scf.forall`, `scf.index_switch` and `scf.execute_region`."""

    name = "legalize-scf"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in [o for o in op.walk() if isinstance(o, ForallOp | scf.IndexSwitchOp | scf.ExecuteRegionOp)]:
            match inner:
                case ForallOp():
                    values = _loops(inner)
                case scf.IndexSwitchOp():
                    values = _choice(inner)
                case scf.ExecuteRegionOp():
                    if len(inner.region.blocks) > 1:
                        continue
                    values = _spliced(inner.detach_region(inner.region), inner)
            for old, new in zip(inner.results, values, strict=True):
                new.name_hint = new.name_hint or old.name_hint
            Rewriter.replace_op(inner, [], values)


def _loops(forall: ForallOp) -> Sequence[SSAValue]:
    """A loop for each counter, around each other; gives the values that they leave."""
    forms = FormBuilder(forall)
    bounds = [
        [forms.index(bound) for bound in (lower, upper, step)]
        for lower, upper, step in zip(forall.lower_bounds, forall.upper_bounds, forall.steps, strict=True)
    ]
    if not bounds:
        ops, values = _iteration(forall, forall.outputs)
        Rewriter.insert_op(ops, InsertPoint.before(forall))
        return values
    blocks = [Block(arg_types=[type_index, *forall.res.types]) for _ in bounds]
    for counter, block in zip(forall.region.block.args[: len(blocks)], blocks, strict=True):
        block.args[0].name_hint = counter.name_hint
        counter.replace_all_uses_with(block.args[0])
    ops, values = _iteration(forall, blocks[-1].args[1:])
    blocks[-1].add_ops([*ops, _yield(values, forall)])
    starts: list[Sequence[SSAValue]] = [forall.outputs, *(block.args[1:] for block in blocks[:-1])]
    loops = [
        scf.ForOp(lower, upper, step, start, Region(block))
        for (lower, upper, step), start, block in zip(bounds, starts, blocks, strict=True)
    ]
    for loop in loops:
        loop.location = forall.location
    for loop, block in zip(loops[1:], blocks, strict=False):
        block.add_ops([loop, _yield(loop.results, forall)])
    Rewriter.insert_op(loops[0], InsertPoint.before(forall))
    return loops[0].results


def _yield(values: Sequence[SSAValue], at: Operation) -> scf.YieldOp:
    op = scf.YieldOp(*values)
    op.location = at.location
    return op


def _iteration(forall: ForallOp, carried: Sequence[SSAValue]) -> tuple[list[Operation], list[SSAValue]]:
    """The ops of the body, apart from it, and the carried tensors after its insertions."""
    body, terminator = forall.region.block, forall.terminator
    shared = body.args[len(body.args) - len(carried) :]
    insertions = terminator.insertions
    ops = [op for op in body.ops if op is not terminator]
    after: dict[SSAValue, SSAValue] = dict(zip(shared, carried, strict=True))
    for insertion in insertions:
        placed = insert_slice(
            insertion.source,
            after[insertion.dest],
            offsets_of(insertion),
            slice_sizes_of(insertion),
            steps_of(insertion),
        )
        placed.location = insertion.location
        after[insertion.dest] = placed.result
        ops.append(placed)
    for argument, outside, inside in zip(shared, forall.outputs, carried, strict=True):
        inside.name_hint = argument.name_hint
        places = [_place(op) for op in insertions if op.dest is argument]
        for use in [use for use in argument.uses if not isinstance(use.operation, ParallelInsertSliceOp)]:
            reader = use.operation
            is_own = isinstance(reader, tensor.ExtractSliceOp) and places == [_place(reader)]
            reader.operands[use.index] = inside if is_own else outside
    Rewriter.erase_op(terminator)
    for op in ops:
        if op.parent is not None:
            op.detach()
    return ops, [after[argument] for argument in shared]


def _place(op: tensor.ExtractSliceOp | ParallelInsertSliceOp) -> list[Index]:
    """What two ops on the same slice have in common."""
    return [*offsets_of(op), *slice_sizes_of(op), *steps_of(op)]


def _choice(switch: scf.IndexSwitchOp) -> Sequence[SSAValue]:
    """Branches that compare with one case after the other."""
    default, *cases = [switch.detach_region(region) for region in list(switch.regions)]
    chosen = default
    for number, region in reversed(list(zip(switch.cases.get_values(), cases, strict=True))):
        constant = arith.ConstantOp(IntegerAttr(int(number), type_index))
        is_here = arith.CmpiOp(switch.arg, constant, "eq")
        branch = scf.IfOp(is_here, switch.result_types, region, chosen)
        ops = [constant, is_here, branch, scf.YieldOp(*branch.results)]
        for op in ops:
            op.location = switch.location
        chosen = Region(Block(ops))
    return _spliced(chosen, switch)


def _spliced(region: Region, before: Operation) -> Sequence[SSAValue]:
    """Move the ops of a region before an op; gives what it yields."""
    *ops, terminator = region.block.ops
    assert isinstance(terminator, scf.YieldOp)
    values = list(terminator.arguments)
    Rewriter.erase_op(terminator)
    for op in ops:
        op.detach()
    Rewriter.insert_op(ops, InsertPoint.before(before))
    return values
