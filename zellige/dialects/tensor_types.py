"""Telling tensor and memref types apart, for the reader and for the type checker."""

from __future__ import annotations

from typing import TypeGuard

from xdsl.dialects.builtin import MemRefType, TensorType
from xdsl.ir import Attribute, SSAValue


def is_tensor(type_: Attribute) -> TypeGuard[TensorType[Attribute]]:
    return isinstance(type_, TensorType)


def is_memref(type_: Attribute) -> TypeGuard[MemRefType[Attribute]]:
    return isinstance(type_, MemRefType)


def tensor_type(value: SSAValue) -> TensorType[Attribute]:
    """The type of a value that is known to be a tensor."""
    assert is_tensor(value.type)
    return value.type
