"""`tensor.expand_shape` and `tensor.collapse_shape` from groups of dimensions given as plain integers."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, TensorType, i64
from xdsl.dialects.tensor import CollapseShapeOp, ExpandShapeOp
from xdsl.ir import Attribute, SSAValue

Groups = Sequence[Sequence[int]]
"""For each dimension of the collapsed tensor the dimensions of the expanded one, in order."""


def groups_of(op: CollapseShapeOp | ExpandShapeOp) -> list[list[int]]:
    return [[int(dim.value.data) for dim in group.data] for group in op.reassociation.data]


def _reassociation(groups: Groups) -> ArrayAttr[ArrayAttr[IntegerAttr]]:
    return ArrayAttr([ArrayAttr([IntegerAttr(dim, i64) for dim in group]) for group in groups])


def collapse(source: SSAValue, groups: Groups, result_type: TensorType[Attribute]) -> CollapseShapeOp:
    return CollapseShapeOp(
        operands=[source], result_types=[result_type], properties={"reassociation": _reassociation(groups)}
    )


def expand(source: SSAValue, groups: Groups, result_type: TensorType[Attribute]) -> ExpandShapeOp:
    return ExpandShapeOp(source, [], _reassociation(groups), result_type.get_shape(), result_type)
