"""Tensors, memrefs and vectors: telling them apart, for the reader and for the type checker.

`isinstance` with a generic class leaves the element type unknown to the type checker; these say that it is an
attribute.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType, TensorType, VectorType
from xdsl.ir import Attribute, Operation, SSAValue


def is_tensor(type_: Attribute) -> TypeGuard[TensorType[Attribute]]:
    return isinstance(type_, TensorType)


def is_memref(type_: Attribute) -> TypeGuard[MemRefType[Attribute]]:
    return isinstance(type_, MemRefType)


def is_vector(type_: Attribute) -> TypeGuard[VectorType[Attribute]]:
    return isinstance(type_, VectorType)


def tensor_type(value: SSAValue) -> TensorType[Attribute]:
    """The type of a value that is known to be a tensor."""
    assert is_tensor(value.type)
    return value.type


def memref_type(value: SSAValue) -> MemRefType[Attribute]:
    """The type of a value that is known to be a memref."""
    assert is_memref(value.type)
    return value.type


def vector_type(value: SSAValue) -> VectorType[Attribute]:
    """The type of a value that is known to be a vector."""
    assert is_vector(value.type)
    return value.type


def element_type(type_: Attribute) -> Attribute:
    """The type of one element of a tensor, memref or vector; a scalar's own type."""
    return type_.element_type if is_tensor(type_) or is_memref(type_) or is_vector(type_) else type_


def with_element_type(type_: Attribute, element: Attribute) -> Attribute:
    """The tensor, memref or vector type of the same shape with other elements; of a scalar, the other element."""
    if is_vector(type_):
        return VectorType(element, type_.shape, type_.scalable_dims)
    if is_tensor(type_):
        return TensorType(element, type_.shape, type_.encoding)
    if is_memref(type_):
        return MemRefType(element, type_.shape, type_.layout, type_.memory_space)
    return element


def kept_dimensions(sizes: Sequence[int], shape: Sequence[int]) -> list[int]:
    """The dimensions of a slice of these sizes that its type has, which may leave out some of size 1."""
    if len(sizes) == len(shape):
        return [*range(len(sizes))]
    kept: list[int] = []
    for dimension, size in enumerate(sizes):
        if len(kept) < len(shape) and size == shape[len(kept)]:
            kept.append(dimension)
    assert len(kept) == len(shape), "a slice leaves out dimensions of size 1 only"
    return kept


def agree(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two shapes may be the same; a dynamic size agrees with any."""
    return len(one) == len(other) and all(a == b or DYNAMIC_INDEX in (a, b) for a, b in zip(one, other, strict=True))


def has_static_shapes(op: Operation) -> bool:
    """Whether the sizes of all tensors among the operands and results are known."""
    return all(value.type.has_static_shape() for value in (*op.operands, *op.results) if is_tensor(value.type))
