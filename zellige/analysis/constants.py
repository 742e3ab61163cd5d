"""Constant tensors and scalars as numpy arrays, and back. Bytes are viewed, never unpacked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    AnyFloat,
    BytesAttr,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    TensorType,
)
from xdsl.ir import Attribute, Operation, SSAValue

from zellige.element_types import NUMPY_DTYPES
from zellige.maths.numerics import Array

_DTYPES: Mapping[str, np.dtype[Any]] = MappingProxyType(
    {
        **{name: NUMPY_DTYPES[name] for name in ("f16", "f32", "f64", "i1", "i8", "i16", "i32", "i64")},
        "index": np.dtype("<i8"),
    }
)
"""What is computed with when compiling; xDSL keeps `index` in 8 bytes."""


def dtype_of(element_type: Attribute) -> np.dtype[Any] | None:
    """The numpy type of constants of an element type, or None when nothing is computed with them."""
    return _DTYPES.get(str(element_type))


def array_of(attribute: Attribute) -> Array | None:
    """The value of a constant as a read-only array (0-d for scalars), or None for what numpy cannot hold.

    A dense attribute of one element that stands for many is a broadcast view.
    """
    if isinstance(attribute, IntegerAttr | FloatAttr):
        scalar = cast("IntegerAttr[IntegerType | IndexType] | FloatAttr", attribute)
        dtype = dtype_of(scalar.type)
        if dtype is None:
            return None
        if isinstance(scalar, FloatAttr):
            return np.array(scalar.value.data, dtype)
        width = dtype.itemsize * 8
        value = scalar.value.data
        return (
            np.array(bool(value & 1))
            if dtype.kind == "b"
            else np.array(value & (1 << width) - 1, f"u{width // 8}").view(dtype)
        )
    if isinstance(attribute, DenseIntOrFPElementsAttr):
        dense = cast("DenseIntOrFPElementsAttr[Any]", attribute)
        dtype = dtype_of(dense.get_element_type())
        if dtype is None:
            return None
        flat = np.frombuffer(dense.data.data, dtype)
        shape = dense.get_shape()
        return np.broadcast_to(flat.reshape(()), shape) if flat.size == 1 else flat.reshape(shape)
    return None


def attribute_of(array: Array, value_type: Attribute) -> Attribute:
    """The constant attribute of type `value_type` (a static tensor or a scalar) that holds `array`."""
    if isinstance(value_type, TensorType):
        tensor_type = cast("TensorType[Any]", value_type)
        return DenseIntOrFPElementsAttr(tensor_type, BytesAttr(np.ascontiguousarray(array).tobytes()))
    if isinstance(value_type, IntegerType | IndexType):
        return IntegerAttr(int(array), cast("IntegerType | IndexType", value_type), truncate_bits=True)
    return FloatAttr(float(array), cast("AnyFloat", value_type))


def constant_op(array: Array, value_type: Attribute, like: Operation) -> arith.ConstantOp:
    """An `arith.constant` of `array` that stands for the first result of `like`: its place and its name."""
    op = arith.ConstantOp(cast("DenseIntOrFPElementsAttr", attribute_of(array, value_type)), value_type)
    op.location = like.location
    if like.results:
        op.result.name_hint = like.results[0].name_hint
    return op


def constant_value(value: SSAValue) -> Array | None:
    """The array of an SSA value that an `arith.constant` defines, else None."""
    return array_of(value.owner.value) if isinstance(value.owner, arith.ConstantOp) else None


def splat_of(array: Array) -> Array | None:
    """The one element (0-d) that all elements of `array` are equal to, bit for bit, else None."""
    if array.size == 0:
        return None
    first = array.reshape(-1)[:1] if array.flags.c_contiguous else array[(slice(0, 1),) * array.ndim].reshape(1)
    if array.size > 1 and not all(step == 0 for step, n in zip(array.strides, array.shape, strict=True) if n > 1):
        bits = "?" if array.dtype.kind == "b" else f"u{array.dtype.itemsize}"
        probe = array[tuple(n - 1 for n in array.shape)]
        if probe.tobytes() != first.tobytes() or not bool((array.view(bits) == first.view(bits)).all()):
            return None
    return first.reshape(())
