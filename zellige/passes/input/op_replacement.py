"""An op of the program replaced by the ops that a builder makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import tensor
from xdsl.ir import Block, Operation
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.dialects.shaped_types import tensor_type
from zellige.passes.input.size_values import SizeValues
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor

Make = Callable[[GraphBuilder], Sequence[Tensor]]
"""Builds what takes the place of an op: a tensor for each of its results."""


def replace_op(op: Operation, make: Make) -> None:
    """Replace an op on tensors; results keep their types, of which the tensors may know other sizes."""
    block = Block()
    build = GraphBuilder(SizeValues(block), block, op.location)
    values = [build.value(result) for result in make(build)]
    for place, old in enumerate(op.results):
        if values[place].type != old.type:
            values[place] = build.insert(tensor.CastOp(values[place], tensor_type(old))).results[0]
        values[place].name_hint = values[place].name_hint or old.name_hint
    made = list(block.ops)
    for new in made:
        new.detach()
    Rewriter.insert_op(made, InsertPoint.before(op))
    Rewriter.replace_op(op, [], values)
