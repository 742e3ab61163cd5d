"""drop-unused-results: a generic does not compute results that nothing reads.

Before:  %max, %argmax = linalg.generic ins(%a) outs(%0, %1) { …; yield %m, %i }        (%argmax has no uses)
After:   %max = linalg.generic ins(%a) outs(%0) { …; yield %m }

A result stays when another one is computed from what its output held before.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, ModuleOp
from xdsl.dialects.cf import AssertOp
from xdsl.dialects.linalg.ops import GenericOp, YieldOp
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.generic_bodies import yielded
from zellige.dialects.generic_operands import tidy_body


class DropUnusedResultsPass(ModulePass):
    """Cut generics with several results down to those that are read."""

    name = "drop-unused-results"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for generic in [o for o in op.walk() if isinstance(o, GenericOp) and len(o.results) > 1]:
            kept = _kept_results(generic)
            if 0 < len(kept) < len(generic.results):
                _cut(generic, kept)


def _kept_results(op: GenericOp) -> list[int]:
    """Results that are read, and those whose outputs the body needs for them."""
    block, inputs = op.body.block, len(op.inputs)
    kept = {i for i, result in enumerate(op.results) if result.first_use is not None}
    pending: list[SSAValue] = [yielded(op).operands[i] for i in kept]
    pending += [inner.arg for inner in block.ops if isinstance(inner, AssertOp)]
    seen: set[SSAValue] = set()
    while pending:
        value = pending.pop()
        if value in seen:
            continue
        seen.add(value)
        if isinstance(value.owner, Operation):
            pending.extend(value.owner.operands if value.owner.parent is block else ())
        elif isinstance(value, BlockArgument) and value.owner is block and value.index >= inputs:
            kept.add(value.index - inputs)
            pending.append(yielded(op).operands[value.index - inputs])
    return sorted(kept)


def _cut(op: GenericOp, kept: list[int]) -> None:
    inputs, block = len(op.inputs), op.body.block
    dropped = [i for i in range(len(op.results)) if i not in kept]
    terminator = yielded(op)
    Rewriter.replace_op(terminator, YieldOp(*(terminator.operands[i] for i in kept)))
    tidy_body(op)
    for argument in [block.args[inputs + i] for i in dropped]:
        block.erase_arg(argument)
    maps = op.indexing_maps.data
    region = op.detach_region(op.body)
    smaller = GenericOp(
        op.inputs,
        [op.outputs[i] for i in kept],
        region,
        ArrayAttr([*maps[:inputs], *(maps[inputs + i] for i in kept)]),
        op.iterator_types,
        [op.results[i].type for i in kept],
        op.doc,
        op.library_call,
    )
    smaller.attributes = op.attributes
    smaller.location = op.location
    results: list[SSAValue | None] = [
        smaller.results[kept.index(i)] if i in kept else None for i in range(len(op.results))
    ]
    Rewriter.replace_op(op, smaller, results)
