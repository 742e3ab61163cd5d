"""Ranks, indexing maps and iterator types: what the ops of linalg are described with."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, ShapedType
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Attribute, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from zellige.dialects.shaped_types import is_tensor


def tensor_types(values: Sequence[SSAValue]) -> list[Attribute]:
    """The types of the results of an op with these outputs: those that are tensors."""
    types: list[Attribute] = [value.type for value in values]
    return [type_ for type_ in types if is_tensor(type_)]


def rank(type_: Attribute) -> int:
    """The number of dimensions of a tensor or memref; 0 for a scalar."""
    return len(type_.get_shape()) if isinstance(type_, ShapedType) else 0


def iterator_types(is_reduction: Sequence[bool]) -> ArrayAttr[IteratorTypeAttr]:
    """The attribute `iterator_types`."""
    parallel, reduction = IteratorTypeAttr.parallel(), IteratorTypeAttr.reduction()
    return ArrayAttr([reduction if reduces else parallel for reduces in is_reduction])


def map_attrs(maps: Sequence[AffineMap]) -> ArrayAttr[AffineMapAttr]:
    """The attribute `indexing_maps`."""
    return ArrayAttr([AffineMapAttr(map_) for map_ in maps])


def projection(dims: int, results: Sequence[int]) -> AffineMap:
    """The map over `dims` loops to the loops `results`."""
    return AffineMap(dims, 0, tuple(AffineExpr.dimension(i) for i in results))
