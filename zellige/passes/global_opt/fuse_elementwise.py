"""fuse-elementwise: compute elementwise producers inside the bodies of the generics that read them.

Before:  %1 = linalg.generic {maps = [(i, j) -> (j, i), (i, j) -> (i, j)]} ins(%a) outs(…) { yield %x }
         %2 = linalg.generic {maps = [(i, j) -> (i, j), (i, j) -> (i)]} ins(%1) outs(%0) {
              ^bb0(%x: f32, %sum: f32): yield %sum + exp(%x) }
After:   %2 = linalg.generic {maps = [(i, j) -> (j, i), (i, j) -> (i)]} ins(%a) outs(%0) {
              ^bb0(%x: f32, %sum: f32): yield %sum + exp(%x) }

Consumers are visited from the last to the first, so that each body is moved once. Data movement (transposes,
broadcasts, fills) goes into every reader's map. Other producers are taken in where no element is computed more often,
or where computing again is cheaper than storing. Contractions keep their multiply-add: they take in data movement and
widening casts only. `max-ops` and `max-operands` bound what one body may become.

Ensures: the same numbers, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp, IndexOp
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineExpr
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.elementwise_fusion import (
    can_fuse,
    fused_maps,
    is_fusable_producer,
    is_only_read_by,
    pays_off,
    repeated_inputs,
)
from zellige.analysis.indexing import droppable_inputs, linear_form, maps_of, through_producer
from zellige.dialects import index_arithmetic
from zellige.dialects.generic_operands import replace_inputs, set_inputs, tidy_body
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.shaped_types import element_type
from zellige.passes.linear_indices import evaluate


@dataclass(frozen=True)
class FuseElementwisePass(ModulePass):
    """Take elementwise producers into the bodies of their consumers."""

    name = "fuse-elementwise"
    max_ops: int = 200
    max_operands: int = 16

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        generics = [o for o in op.walk() if isinstance(o, GenericOp)]
        sizes = {generic: len(generic.body.block.ops) for generic in generics}
        for consumer in reversed(generics):
            if consumer.parent is None:
                continue
            _tidy_inputs(consumer)
            grown = False
            while (found := self._producer(consumer, sizes)) is not None:
                index, producer = found
                sizes[consumer] += sizes[producer]
                _fuse(consumer, index, producer)
                _tidy_inputs(consumer)
                grown = True
            if grown:
                tidy_body(consumer)

    def _producer(self, consumer: GenericOp, sizes: dict[GenericOp, int]) -> tuple[int, GenericOp] | None:
        """The first input of `consumer` that is to be computed in its body."""
        for index, value in enumerate(consumer.inputs):
            producer = value.owner
            if (
                isinstance(producer, GenericOp)
                and producer.parent is consumer.parent
                and sizes[consumer] + sizes[producer] <= self.max_ops
                and len(consumer.operands) + len(producer.inputs) - 1 <= self.max_operands
                and is_fusable_producer(producer)
                and pays_off(consumer, index, producer)
                and can_fuse(consumer, index, producer)
            ):
                return index, producer
        return None


def _fuse(consumer: GenericOp, index: int, producer: GenericOp) -> None:
    """Compute input `index` of `consumer` in its body; the producer goes when nothing else reads it."""
    maps = maps_of(consumer)
    loops = through_producer(maps[index], maps_of(producer)[-1])
    producer_maps = fused_maps(consumer, index, producer)
    inputs, taken = list(consumer.inputs), list(producer.inputs)
    is_last_use = is_only_read_by(producer.results[0], consumer)

    block = consumer.body.block
    source = (producer.body if is_last_use else producer.body.clone()).block
    for offset, value in enumerate(taken):
        argument = block.insert_arg(element_type(value.type), index + 1 + offset)
        source.args[offset].replace_all_uses_with(argument)
    first, terminator = block.first_op, source.last_op
    assert first is not None
    assert terminator is not None
    for moved in [o for o in source.ops if o is not terminator]:
        moved.detach()
        block.insert_op_before(moved, first)
        if isinstance(moved, IndexOp):
            Rewriter.replace_op(moved, [], [_counter(loops[moved.dim.value.data], maps[index].num_dims, moved)])
    block.args[index].replace_all_uses_with(terminator.operands[0])
    block.erase_arg(block.args[index])
    Rewriter.erase_op(terminator)
    set_inputs(
        consumer,
        [*inputs[:index], *taken, *inputs[index + 1 :]],
        [*maps[:index], *producer_maps, *maps[index + 1 : len(inputs)]],
    )
    if is_last_use:
        Rewriter.erase_op(producer)


def _counter(expr: AffineExpr, loops: int, before: Operation) -> SSAValue:
    """A linear expression of the loops as a value of type index."""
    builder = Builder(InsertPoint.before(before))
    form = linear_form(expr, loops)
    assert form is not None, "can_fuse has looked"
    counters: list[Index] = [
        builder.insert(IndexOp(loop)).result if coefficient else 0 for loop, coefficient in enumerate(form.coefficients)
    ]
    return index_arithmetic.materialize(builder, evaluate(builder, form, counters))


def _tidy_inputs(op: GenericOp) -> None:
    """Read each element once, and none that the body does not use."""
    repeats = repeated_inputs(op)
    unused = {i for i in range(len(op.inputs)) if op.body.block.args[i].first_use is None} - {*repeats.values()}
    dropped = droppable_inputs(op, unused | repeats.keys())
    if not dropped:
        return
    kept = [i for i in range(len(op.inputs)) if i not in dropped]
    maps = maps_of(op)
    sources = [repeats[i] if i in dropped and i in repeats else i for i in range(len(op.inputs))]
    becomes = [None if source in dropped else kept.index(source) for source in sources]
    replace_inputs(op, [op.inputs[i] for i in kept], [maps[i] for i in kept], becomes)
