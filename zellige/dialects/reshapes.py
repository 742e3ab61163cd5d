"""`tensor.expand_shape` and `tensor.collapse_shape` from groups of dimensions, and reshapes made of the two."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from xdsl.dialects import tensor
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, TensorType, i64
from xdsl.ir import Attribute, SSAValue

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.tensor import ExpandShapeOp

Groups = Sequence[Sequence[int]]
"""For each dimension of the collapsed tensor the dimensions of the expanded one, in order."""


def groups_of(op: tensor.CollapseShapeOp | tensor.ExpandShapeOp) -> list[list[int]]:
    return [[int(dim.value.data) for dim in group.data] for group in op.reassociation.data]


def _reassociation(groups: Groups) -> ArrayAttr[ArrayAttr[IntegerAttr]]:
    return ArrayAttr([ArrayAttr([IntegerAttr(dim, i64) for dim in group]) for group in groups])


def collapse(source: SSAValue, groups: Groups, result_type: TensorType[Attribute]) -> tensor.CollapseShapeOp:
    return tensor.CollapseShapeOp(
        operands=[source], result_types=[result_type], properties={"reassociation": _reassociation(groups)}
    )


def expand(
    source: SSAValue, groups: Groups, result_type: TensorType[Attribute], sizes: Sequence[SSAValue] = ()
) -> ExpandShapeOp:
    """`sizes` are those that the result type leaves open."""
    return ExpandShapeOp(source, sizes, _reassociation(groups), result_type.get_shape(), result_type)


def reshape(forms: FormBuilder, value: SSAValue, shape: Sequence[int]) -> SSAValue:
    """The elements of `value` in row-major order in another static shape of as many elements.

    Neighbouring dimensions are only joined and split where the shapes differ.
    """
    source = tensor_type(value)
    target = TensorType(source.element_type, shape)
    if source.get_shape() == target.get_shape():
        return value
    groups = _common_groups(source.get_shape(), target.get_shape())
    joined = TensorType(source.element_type, [prod(source.get_shape()[dim] for dim in dims) for dims, _ in groups])
    if source.get_shape() != joined.get_shape():
        value = forms.insert(collapse(value, [dims for dims, _ in groups], joined)).result
    if joined.get_shape() != target.get_shape():
        value = forms.insert(expand(value, [dims for _, dims in groups], target)).result
    return value


def _common_groups(source: Sequence[int], target: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    """The shortest runs of dimensions of both shapes that have the same number of elements, in order.

    All dimensions are in one run where there are no elements; there is no run where a shape has no dimensions.
    """
    if not source or not target:
        return []
    if 0 in source:
        return [([*range(len(source))], [*range(len(target))])]
    groups: list[tuple[list[int], list[int]]] = []
    i = j = 0
    while i < len(source) and j < len(target):
        first_i, first_j, left, right = i, j, source[i], target[j]
        i, j = i + 1, j + 1
        while left != right:
            if left < right:
                left, i = left * source[i], i + 1
            else:
                right, j = right * target[j], j + 1
        groups.append(([*range(first_i, i)], [*range(first_j, j)]))
    groups[-1][0].extend(range(i, len(source)))  # what is left over has size 1
    groups[-1][1].extend(range(j, len(target)))
    return groups
