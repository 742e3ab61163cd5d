"""Names of kernels: `<function>_<n>_<kind>_<extents>_<element type>`."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from xdsl.dialects import tensor
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Attribute

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.dispatch_groups import DispatchGroup, is_contraction, is_elementwise, is_fill
from zellige.analysis.indexing import extents_of
from zellige.analysis.structured import Structured, structured
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.linalg_ext import SequentialOp
from zellige.dialects.shaped_types import tensor_type

_CONTRACTIONS = {(2, 1): "matmul", (3, 1): "batch_matmul", (1, 1): "matvec"}


def kernel_name(prefix: str, group: DispatchGroup, taken: Container[str]) -> str:
    """A name that is not taken, of letters, digits and underscores."""
    result = tensor_type(group.last.results[0])
    if isinstance(group.last, SequentialOp):
        shape = sizes_of(group.last.operands[0])
        return _free_name(prefix, group.last.name.rpartition(".")[2], shape, result.element_type, taken)
    generics = [op for op in group.ops if isinstance(op, GenericOp)]
    views = [structured(op) for op in generics]
    root = next(
        (i for i, view in enumerate(views) if is_contraction(view)),
        next((i for i, view in enumerate(views) if view.reduction_loops), len(views) - 1),
    )
    kind = _kind(generics, views, root)
    if isinstance(group.last, tensor.InsertSliceOp):
        kind = "insert" if kind == "copy" else f"{kind}_insert"
    return _free_name(prefix, kind, extents_of(generics[root]), result.element_type, taken)


def _free_name(prefix: str, kind: str, sizes: Sequence[Index], element: Attribute, taken: Container[str]) -> str:
    extents = "x".join(str(size) if isinstance(size, int) else "n" for size in sizes) or "scalar"
    name = re.sub(r"\W", "_", f"{prefix}_{kind}_{extents}_{element}", flags=re.ASCII)
    while name in taken:
        name += "_"
    return name


def _kind(generics: list[GenericOp], views: list[Structured], root: int) -> str:
    op, view = generics[root], views[root]
    if is_contraction(view):
        inputs = [access for access in view.accesses[: view.inputs] if access.forms]
        if all(access.permuted_loops is not None for access in inputs):
            return _CONTRACTIONS.get((len(view.parallel_loops), len(view.reduction_loops)), "contract")
        return "conv" if len(inputs) > 1 and not all(len(a.loops) == len(a.forms) for a in inputs) else "window"
    if sum(bool(v.reduction_loops) for v in views) > 1:
        return "rows"
    if not is_elementwise(view):
        return "reduce"
    if is_fill(op):
        return "fill"
    if len(op.inputs) == 1 and len(list(op.body.block.ops)) == 1:
        return "copy" if view.accesses[0] == view.accesses[1] else "transpose"
    return "elementwise"
