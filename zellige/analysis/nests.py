"""Which ops of a kernel share one loop nest: a producer joins its consumer when each of its tiles is computed once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Operation, SSAValue

from zellige.analysis.structured import Structured, structured


@dataclass(frozen=True)
class Member:
    """An op of a nest. `root_loops[i]` is the loop of the root that loop i of this op is; None for a reduction."""

    op: GenericOp
    view: Structured
    root_loops: tuple[int | None, ...]


@dataclass(frozen=True)
class Nest:
    """Ops that run in one loop nest over the parallel loops of the last of them."""

    members: tuple[Member, ...]

    @property
    def root(self) -> Member:
        return self.members[-1]

    @property
    def dominant(self) -> Member:
        """The member with the most iterations; of equals the one with reductions, then the last."""

        def work(member: Member) -> tuple[int, bool]:
            iterations = 1
            for extent in member.view.assumed_extents:
                iterations *= extent
            return iterations, bool(member.view.reduction_loops)

        return max(reversed(self.members), key=work)


def producer(value: SSAValue) -> GenericOp | None:
    """The generic that computes a value, if one does."""
    return value.owner if isinstance(value.owner, GenericOp) else None


def form_nests(ops: Sequence[GenericOp]) -> tuple[Nest, ...]:
    """Partition the generics of a block, given in program order, into nests in program order."""
    views = {op: structured(op) for op in ops}
    taken: set[Operation] = set()
    nests: list[Nest] = []
    for op in reversed(ops):
        if op in taken:
            continue
        view = views[op]
        loops = tuple(i if is_parallel else None for i, is_parallel in enumerate(view.parallel))
        members = [Member(op, view, loops)]
        taken.add(op)
        for member in members:
            for joined in _joining(member, view, views, taken):
                taken.add(joined.op)
                members.append(joined)
        order = {candidate: i for i, candidate in enumerate(ops)}
        members.sort(key=lambda member: order[member.op])
        nests.append(Nest(tuple(members)))
    return tuple(reversed(nests))


def _joining(
    consumer: Member, root: Structured, views: dict[GenericOp, Structured], taken: set[Operation]
) -> Iterable[Member]:
    for operand, access in zip(consumer.op.operands, consumer.view.accesses, strict=True):
        op = producer(operand)
        if op is None or op in taken or op not in views or len(op.results) != 1 or not operand.has_one_use():
            continue
        view = views[op]
        read_loops, written_loops = access.permuted_loops, view.outputs[0].permuted_loops
        if read_loops is None or written_loops is None:
            continue
        root_loops: list[int | None] = [None] * len(view.extents)
        for read, written in zip(read_loops, written_loops, strict=True):
            root_loops[written] = consumer.root_loops[read]
        reached = {loop for loop in root_loops if loop is not None}
        needed = {loop for loop in root.parallel_loops if root.extents[loop] not in (0, 1)}
        if needed <= reached and all(root_loops[loop] is not None for loop in view.parallel_loops):
            yield Member(op, view, tuple(root_loops))
