"""fold-unit-reshapes: a reshape that only adds or removes dimensions of size 1 is a matter of its readers' maps.

Before:  %e = tensor.expand_shape %a [[0], [1, 2]] : tensor<4x8xf32> into tensor<4x1x8xf32>
         %1 = linalg.generic {maps = [(i, j, k) -> (i, 0, k), …]} ins(%e) …
After:   %1 = linalg.generic {maps = [(i, j, k) -> (i, k), …]} ins(%a) …

So that producers are seen through it. Two reshapes in a row that undo each other go as well. A reshape stays where its
other readers need it, or where a loop has its extent from the added dimension alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.dialects.tensor import CollapseShapeOp, ExpandShapeOp
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.indexing import loop_extents, maps_of
from zellige.dialects.generic_operands import set_inputs
from zellige.dialects.reshapes import Groups, groups_of
from zellige.dialects.shaped_types import tensor_type


class FoldUnitReshapesPass(ModulePass):
    """Let generics read the tensors behind reshapes of dimensions of size 1."""

    name = "fold-unit-reshapes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in list(op.walk()):
            if isinstance(inner, CollapseShapeOp | ExpandShapeOp):
                _cancel(inner)
            elif isinstance(inner, GenericOp):
                for index in range(len(inner.inputs)):
                    while _read_through(inner, index):
                        pass
        for inner in reversed(list(op.walk())):
            if isinstance(inner, CollapseShapeOp | ExpandShapeOp) and inner.result.first_use is None:
                Rewriter.erase_op(inner)


def _cancel(op: CollapseShapeOp | ExpandShapeOp) -> None:
    """A reshape back to what was there before."""
    before = op.src.owner
    if not isinstance(before, CollapseShapeOp | ExpandShapeOp) or before.src.type != op.result.type:
        return
    if sizes_of(before.src) == sizes_of(op.result):
        op.result.replace_all_uses_with(before.src)


def _read_through(op: GenericOp, index: int) -> bool:
    """Let input `index` be what the reshape behind it reads; false when there is none, or it has to stay."""
    reshape = op.inputs[index].owner
    if not isinstance(reshape, CollapseShapeOp | ExpandShapeOp):
        return False
    maps, shapes = list(maps_of(op)), [sizes_of(operand) for operand in op.operands]
    extents = loop_extents(maps, shapes)
    exprs = _through(reshape, maps[index].results)
    if exprs is None:
        return False
    maps[index] = AffineMap(maps[index].num_dims, 0, tuple(exprs))
    shapes[index] = sizes_of(reshape.src)
    if loop_extents(maps, shapes) != extents:
        return False
    inputs: list[SSAValue] = list(op.inputs)
    inputs[index] = reshape.src
    set_inputs(op, inputs, maps[: len(inputs)])
    return True


def _through(reshape: CollapseShapeOp | ExpandShapeOp, exprs: Sequence[AffineExpr]) -> list[AffineExpr] | None:
    """The position in the source of the reshape, from the position in its result; None for other reshapes."""
    is_collapse = isinstance(reshape, CollapseShapeOp)
    expanded = tensor_type(reshape.src if is_collapse else reshape.result).get_shape()
    groups = groups_of(reshape)
    leaders = _leaders(groups, expanded)
    if leaders is None:
        return None
    zero = AffineExpr.constant(0)
    if not is_collapse:
        return [exprs[leader] for leader in leaders]
    source = [zero] * len(expanded)
    for leader, expr in zip(leaders, exprs, strict=True):
        source[leader] = expr
    return source


def _leaders(groups: Groups, expanded: Sequence[int]) -> list[int] | None:
    """The dimension of each group that holds all its elements; None when a group has two such, or no dimension."""
    leaders: list[int] = []
    for group in groups:
        large = [dim for dim in group if expanded[dim] != 1]
        if len(large) > 1 or not group:
            return None
        leaders.append(large[0] if large else group[0])
    return leaders
