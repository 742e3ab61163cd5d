"""Which loop nests of a kernel may share their outermost loop, so that what one row leaves in the cache is still there.

A softmax passes over its rows four times. A block of rows does not fit the first cache, one row does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xdsl.dialects import func, memref
from xdsl.ir import BlockArgument, Operation, OpResult, SSAValue

from zellige.analysis.nests import Nest
from zellige.dialects.bufferization import MaterializeInDestinationOp, ToTensorOp
from zellige.dialects.hal import ScheduleAttr


def share_rows(kernel: func.FuncOp, nests: Sequence[Nest], alone: Collection[Operation]) -> list[list[Nest]]:
    """The nests in program order, those that may share the outermost loop of their roots side by side in one list.

    Each runs that loop step by step, and reads of what the others compute the step that it is at; nobody else reads
    that, and what they write has no bytes of other buffers. Nests whose root is in `alone` share nothing.
    """
    groups: list[list[Nest]] = []
    may_go_on = False
    for nest in nests:
        is_by_rows = nest.root.op not in alone and _is_by_rows(nest) and _writes_own_bytes(kernel, nest)
        if may_go_on and is_by_rows and _goes_on(groups[-1], nest):
            groups[-1].append(nest)
        else:
            groups.append([nest])
        may_go_on = is_by_rows
    return [part for group in groups for part in _closed(group)]


def _goes_on(group: Sequence[Nest], nest: Nest) -> bool:
    """Whether the nest runs the loop that the group begins with, and reads at each step what the group has computed."""
    if group[0].root.view.extents[0] != nest.root.view.extents[0]:
        return False
    operands = {operand for member in nest.members for operand in member.op.operands}
    reads = [(maker, result) for maker in group for result in maker.root.op.results if result in operands]
    return bool(reads) and all(_reads_same_row(maker, result, nest) for maker, result in reads)


def _is_by_rows(nest: Nest) -> bool:
    """Whether the outermost loop of the nest is a loop of several steps of 1."""
    schedules = [member.op.attributes["hal.schedule"] for member in (nest.root, nest.dominant)]
    root, dominant = (schedule for schedule in schedules if isinstance(schedule, ScheduleAttr))
    view = nest.root.view
    return (
        bool(view.extents)
        and view.parallel[0]
        and view.extents[0] not in (0, 1)
        and root.tile_sizes[0] == 1
        and not dominant.packed_inputs
    )


def _reads_same_row(maker: Nest, value: OpResult, nest: Nest) -> bool:
    """Whether the nest reads a value only where the outermost loops of both are at the same step."""
    written = maker.root.view.outputs[value.index].permuted_loops
    if written is None or 0 not in written:
        return False
    dimension = written.index(0)
    for member in nest.members:
        for operand, access in zip(member.op.operands, member.view.accesses, strict=True):
            if operand is not value:
                continue
            loop = access.forms[dimension].single_loop
            if loop is None or member.root_loops[loop] != 0:
                return False
    return True


def _closed(group: list[Nest]) -> list[list[Nest]]:
    """The group, or its nests alone where others read what it makes within."""
    inside = {member.op for nest in group for member in nest.members}
    made = [result for nest in group[:-1] for result in nest.root.op.results]
    is_closed = all(use.operation in inside for value in made for use in value.uses)
    return [group] if is_closed else [[nest] for nest in group]


def _writes_own_bytes(kernel: func.FuncOp, nest: Nest) -> bool:
    """Whether the results go to local memory, or to arguments that share bytes with nothing else."""
    stores = [use.operation for result in nest.root.op.results for use in result.uses]
    return all(_is_unshared(kernel, store.dest) for store in stores if isinstance(store, MaterializeInDestinationOp))


def _is_unshared(kernel: func.FuncOp, view: SSAValue) -> bool:
    """Whether a memref is a part of an argument that the kernel only writes, and whose bytes no other has."""
    while isinstance(view.owner, memref.SubviewOp | memref.ReinterpretCastOp):
        view = view.owner.source
    attributes = kernel.arg_attrs.data if kernel.arg_attrs is not None else ()
    if not isinstance(view, BlockArgument) or view.index >= len(attributes):
        return False
    is_read = any(isinstance(use.operation, ToTensorOp) for use in view.uses)
    return "llvm.noalias" in attributes[view.index].data and not is_read
