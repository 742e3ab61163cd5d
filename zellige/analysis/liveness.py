"""When the tensors of a program function live, on one line of time.

Ops are numbered in the order of the text; an op with regions has a time at which it starts and one at which it ends.
A value lives from its definition to its last use, ends included: what an op reads and what it makes live together. A
value that a loop uses from outside lives until the loop has ended. Times are even, so that a value that ends at one op
and a value that begins at the next one do not touch.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects import scf
from xdsl.ir import Block, Operation, SSAValue

from zellige.dialects.shaped_types import is_tensor

LoopOp = scf.ForOp | scf.WhileOp


@dataclass(frozen=True)
class Timeline:
    """Start and end of each op, and the beginning of each block."""

    start: dict[Operation, int]
    end: dict[Operation, int]
    begin: dict[Block, int]

    def definition(self, value: SSAValue) -> int:
        owner = value.owner
        return self.begin[owner] if isinstance(owner, Block) else self.end[owner]

    def last_use(self, value: SSAValue) -> int:
        """The last time at which the value is needed: its definition when it is not used."""
        owner = value.owner
        home = owner if isinstance(owner, Block) else owner.parent
        last = self.definition(value)
        for use in value.uses:
            time = self.start[use.operation]
            op = use.operation
            while op.parent is not home:
                parent = op.parent_op()
                assert parent is not None
                op = parent
                if isinstance(op, LoopOp):
                    time = self.end[op]
            last = max(last, time)
        return last


def timeline(body: Block) -> Timeline:
    """Number the ops of a function."""
    result = Timeline({}, {}, {})
    now = 0

    def visit(block: Block) -> None:
        nonlocal now
        result.begin[block] = now
        for op in block.ops:
            now += 2
            result.start[op] = now
            regions = [region for region in op.regions if region.blocks]
            for region in regions:
                now += 2
                visit(region.block)
            if regions:
                now += 2
            result.end[op] = now

    visit(body)
    return result


def tensor_values(body: Block) -> list[SSAValue]:
    """All tensors of a function: arguments of blocks, and results."""
    values: list[SSAValue] = list(body.args)
    for op in body.walk():
        values += op.results
        values += [argument for region in op.regions for block in region.blocks for argument in block.args]
    return [value for value in values if is_tensor(value.type)]
