"""Which arguments of a kernel may lend their bytes to its result."""

from __future__ import annotations

from xdsl.dialects import func
from xdsl.dialects.linalg.ops import GenericOp

from zellige.analysis.nests import form_nests
from zellige.analysis.structured import structured
from zellige.dialects import flow
from zellige.dialects.linalg_ext import ScanOp, SequentialOp, SortOp
from zellige.dialects.shaped_types import has_static_shapes


def in_place_arguments(executable: flow.ExecutableOp) -> tuple[int, ...]:
    """Arguments that result 0 may overwrite, when nobody needs them afterwards.

    The last op reads such an argument exactly where it writes its result, and no other op of the kernel reads it. A
    scan, and a sort of rows that are one run, read each element before they write its place. Where loop nests hand on
    values of dynamic size there is none: these values may have to stand in the result.
    """
    kernel = executable.kernel
    terminator = kernel.body.block.last_op
    assert isinstance(terminator, func.ReturnOp)
    if len(terminator.arguments) != 1:
        return ()
    last = terminator.arguments[0].owner
    if isinstance(last, SequentialOp):
        return (0,) if _goes_along(last) else ()
    if not isinstance(last, GenericOp):
        return ()
    view = structured(last)
    if not has_static_shapes(last) and len(form_nests(_generics(kernel))) > 1:
        return ()
    if view.reduction_loops or view.outputs[0].permuted_loops is None:
        return ()
    return tuple(
        argument.index
        for argument in kernel.args
        if argument.type == last.results[0].type
        and argument.first_use is not None
        and all(use.operation is last and view.accesses[use.index] == view.outputs[0] for use in argument.uses)
    )


def _generics(kernel: func.FuncOp) -> list[GenericOp]:
    return [op for op in kernel.body.block.ops if isinstance(op, GenericOp)]


def _goes_along(op: SequentialOp) -> bool:
    if not isinstance(op, ScanOp | SortOp) or op.inputs[0].type != op.results[0].type:
        return False
    return op.inputs[0].get_unique_use() is not None
