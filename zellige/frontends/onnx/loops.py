"""Loops that operators are made of, where one step needs what the step before has made."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects.builtin import i64

from zellige.maths.sizes import Extent
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor


def repeat(
    build: GraphBuilder,
    count: Extent,
    carried: Sequence[Tensor],
    make: Callable[[GraphBuilder, Tensor, Sequence[Tensor]], Sequence[Tensor]],
) -> Sequence[Tensor]:
    """A loop over the numbers below `count`; `make` makes what is carried from what was."""
    start = [build.scalar(0, i64), *carried]
    forms = [tensor.form for tensor in start]
    body, (index, *before) = build.branch(forms)
    test, (at, *_) = build.branch(forms)
    after = make(body, index, before)
    region = body.ended([body.map_with("add", index, 1), *after])
    is_going = test.compare("LT", at, build.scalar(count, i64))
    return build.op("while", start, forms, regions=[test.ended([is_going]), region])[1:]
