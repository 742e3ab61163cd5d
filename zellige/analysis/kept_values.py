"""Whether what the loop nests of a kernel hand to each other has a place: no local buffer has a dynamic size.

A dynamic loop that workgroups share out has a bound in each of them. A value along another one can only stand where the
result that overwrites it is going to be.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import OpResult, SSAValue

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.nests import Nest, form_nests
from zellige.analysis.workgroups import MOST_CUT, can_cut


def have_places(ops: Sequence[GenericOp], rows: int | None = None) -> bool:
    """Whether ops can be one kernel whose workgroups share out the first `rows` loops, by default all.

    The ops are in program order; all have these loops, and what they hand on has them as first dimensions.
    """
    nests = form_nests(ops)
    last = nests[-1].root
    kept = [result for nest in nests[:-1] for result in nest.root.op.results if _dynamic_sizes(result)]
    if not kept:
        return True
    shared = [loop for loop, extent in enumerate(last.view.extents[:rows]) if isinstance(extent, SSAValue)]
    unbounded = [value for value in kept if rows is not None and _dynamic_sizes(value, rows)]
    if len(shared) > MOST_CUT or len(unbounded) > 1 or not all(can_cut(last.op, loop, ops) for loop in shared):
        return False
    return all(_is_overwritten(value, nests[-1]) for value in unbounded)


def _dynamic_sizes(value: SSAValue, first: int = 0) -> list[SSAValue]:
    return [size for size in sizes_of(value)[first:] if isinstance(size, SSAValue)]


def _is_overwritten(value: OpResult, nest: Nest) -> bool:
    """Whether the last nest reads a value only in its last op, and there where that writes a result."""
    last, view = nest.root.op, nest.root.view
    uses = [use for use in value.uses if use.operation in {member.op for member in nest.members}]
    return not view.reduction_loops and any(
        result.type == value.type
        and sizes_of(result) == sizes_of(value)
        and written.permuted_loops is not None
        and all(use.operation is last and view.accesses[use.index] == written for use in uses)
        for result, written in zip(last.results, view.outputs, strict=True)
    )
