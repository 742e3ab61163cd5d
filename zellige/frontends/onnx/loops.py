"""Loops that operators are made of, where one step needs what the step before has made."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects.builtin import TensorType, i64

from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor


def repeat(
    build: GraphBuilder,
    count: int,
    carried: Sequence[Tensor],
    make: Callable[[GraphBuilder, Tensor, Sequence[Tensor]], Sequence[Tensor]],
) -> Sequence[Tensor]:
    """A loop over the numbers below `count`; `make` makes what is carried from what was."""
    start = [build.scalar(0, i64), *carried]
    types = [TensorType(tensor.element, tensor.shape) for tensor in start]
    body, test = build.branch(types), build.branch(types)
    index, *before = (Tensor.computed(argument) for argument in body.block.args)
    after = make(body, index, before)
    region = body.ended([body.map_with("add", index, 1), *after])
    is_going = test.compare("LT", Tensor.computed(test.block.args[0]), build.scalar(count, i64))
    return build.op("while", start, types, regions=[test.ended([is_going]), region])[1:]
