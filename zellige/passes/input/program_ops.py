"""Which StableHLO ops of a program work on tensors, and which only say what another op does with scalars."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation


def program_ops(module: ModuleOp) -> Iterator[Operation]:
    """All ops but those in regions of StableHLO ops, such as `reduce` and `sort`, which inline regions themselves.

    The ops are those of the module as it was before the iteration, in order.
    """
    ops: list[Operation] = []
    stack: list[Operation] = [module]
    while stack:
        op = stack.pop()
        ops.append(op)
        if op.dialect_name() != "stablehlo":
            stack.extend(reversed([inner for region in op.regions for block in region.blocks for inner in block.ops]))
    return iter(ops)
