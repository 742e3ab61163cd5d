"""Which value inside a kernel may stand where a result of the kernel is going to be.

A softmax reads its exponentials twice: for their sum, and when it divides them. The last op overwrites each of them
with its quotient, so they need no memory of their own, and what the last op writes is in the cache already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xdsl.dialects import func, memref
from xdsl.ir import BlockArgument, Operation, OpResult, SSAValue

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.nests import Nest, producer
from zellige.analysis.structured import structured
from zellige.dialects.bufferization import MaterializeInDestinationOp
from zellige.dialects.shaped_types import memref_type


def lent_destinations(kernel: func.FuncOp, nests: Sequence[Nest]) -> dict[SSAValue, MaterializeInDestinationOp]:
    """Values of the kernel, one at most for each result -> the op that writes that result.

    The nest that computes the result reads such a value at the place that it writes, and nowhere else; nothing reads
    the destination, and no other buffer has its bytes.
    """
    nest_of: dict[Operation, Nest] = {member.op: nest for nest in nests for member in nest.members}
    lent: dict[SSAValue, MaterializeInDestinationOp] = {}
    for store in kernel.body.block.ops:
        if isinstance(store, MaterializeInDestinationOp) and _is_untouched(kernel, store):
            for value in _overwritten(store.source, nest_of):
                if value not in lent and _is_known_before(store.dest, value):
                    lent[value] = store
                    break
    return lent


def _is_untouched(kernel: func.FuncOp, store: MaterializeInDestinationOp) -> bool:
    """Whether the buffer is an argument that shares no bytes with others, and only this op works on it.

    A buffer of static size under another shape is not looked at: a value of such a size has local memory.
    """
    view = store.dest
    is_static = memref_type(view).has_static_shape()
    views = memref.SubviewOp if is_static else memref.SubviewOp | memref.ReinterpretCastOp
    while view.has_one_use() and isinstance(view.owner, views):
        view = view.owner.source
    attributes = kernel.arg_attrs.data if kernel.arg_attrs is not None else ()
    return (
        view.has_one_use()
        and isinstance(view, BlockArgument)
        and view.index < len(attributes)
        and "llvm.noalias" in attributes[view.index].data
    )


def _is_known_before(destination: SSAValue, value: SSAValue) -> bool:
    """Whether the destination is there when the value is computed."""
    place, maker = destination.owner, value.owner
    assert isinstance(maker, Operation)
    return not isinstance(place, Operation) or place.is_before_in_block(maker)


def _overwritten(result: SSAValue, nest_of: Mapping[Operation, Nest]) -> Iterable[SSAValue]:
    """Values from other nests that the op behind a result reads exactly where it writes, like nobody in its nest."""
    last = producer(result)
    if last is None or not result.has_one_use():
        return
    nest, view = nest_of[last], structured(last)
    assert isinstance(result, OpResult)
    written = view.outputs[result.index]
    if nest.root.op is not last or view.reduction_loops or written.permuted_loops is None:
        return
    for operand in last.inputs:
        op = producer(operand)
        if op is None or nest_of[op] is nest or operand.type != result.type or sizes_of(operand) != sizes_of(result):
            continue
        uses = [use for use in operand.uses if nest_of.get(use.operation) is nest]
        if all(use.operation is last and view.accesses[use.index] == written for use in uses):
            yield operand
