"""Tensors of ONNX: their types and their bytes, in the model or in files beside it."""

from __future__ import annotations

from math import prod
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    BFloat16Type,
    Float8E4M3FNType,
    Float8E4M3FNUZType,
    Float8E5M2FNUZType,
    Float8E5M2Type,
    Float16Type,
    Float32Type,
    Float64Type,
    IntegerType,
    Signedness,
    TensorType,
    i1,
)
from xdsl.ir import Attribute

from zellige.dialects.small_integers import is_small_integer
from zellige.maths.packed_integers import unpacked
from zellige.passes.input.tensors import Array, Tensor, TensorLike, dtype_of
from zellige.support.errors import CompileError

SMALL_ELEMENTS = 1 << 14
"""Numbers that are computed from known numbers stay known up to this many elements."""


def _unsigned(width: int) -> IntegerType:
    return IntegerType(width, Signedness.UNSIGNED)


_OF_CODE: MappingProxyType[int, Attribute] = MappingProxyType(
    {
        TensorProto.FLOAT: Float32Type(),
        TensorProto.DOUBLE: Float64Type(),
        TensorProto.FLOAT16: Float16Type(),
        TensorProto.BFLOAT16: BFloat16Type(),
        TensorProto.FLOAT8E4M3FN: Float8E4M3FNType(),
        TensorProto.FLOAT8E4M3FNUZ: Float8E4M3FNUZType(),
        TensorProto.FLOAT8E5M2: Float8E5M2Type(),
        TensorProto.FLOAT8E5M2FNUZ: Float8E5M2FNUZType(),
        TensorProto.BOOL: i1,
        TensorProto.INT2: IntegerType(2),
        TensorProto.INT4: IntegerType(4),
        TensorProto.INT8: IntegerType(8),
        TensorProto.INT16: IntegerType(16),
        TensorProto.INT32: IntegerType(32),
        TensorProto.INT64: IntegerType(64),
        TensorProto.UINT2: _unsigned(2),
        TensorProto.UINT4: _unsigned(4),
        TensorProto.UINT8: _unsigned(8),
        TensorProto.UINT16: _unsigned(16),
        TensorProto.UINT32: _unsigned(32),
        TensorProto.UINT64: _unsigned(64),
    }
)
_CODES: MappingProxyType[Attribute, int] = MappingProxyType({element: code for code, element in _OF_CODE.items()})


def element_of_code(code: int) -> Attribute:
    """The element type that ONNX numbers so. Raises `CompileError` for one that is not supported."""
    if code not in _OF_CODE:
        name = TensorProto.DataType.Name(code).lower() if code in TensorProto.DataType.values() else str(code)
        raise CompileError(f"tensors of {name} are not supported")
    return _OF_CODE[code]


def code_of(element: Attribute) -> int:
    """The number that ONNX has for an element type."""
    return _CODES[element]


Value = Tensor | tuple[Tensor, ...]
"""What a name of a graph stands for: a tensor, or a sequence whose length is known."""


def tensor_of_proto(proto: TensorProto, folder: Path | None) -> Tensor:
    """The numbers of an initialiser or an attribute; external data is mapped, not read.

    Raises `CompileError` for element types without numbers, and where bytes are missing.
    """
    element = element_of_code(proto.data_type)
    type_ = TensorType(element, proto.dims)
    dtype = dtype_of(element)
    if proto.data_location == TensorProto.EXTERNAL:
        return Tensor(type_, known=_mapped(proto, type_, folder))
    if proto.HasField("raw_data"):
        content, expected = proto.raw_data, _size_bytes(type_)
        if len(content) != expected:
            raise CompileError(f"tensor '{proto.name}' has {len(content)} bytes, its type {type_} has {expected}")
        return Tensor(type_, known=_numbers(np.frombuffer(content, np.uint8), type_))
    try:
        return Tensor(type_, known=numpy_helper.to_array(proto).astype(dtype, copy=False))
    except ValueError as cause:
        raise CompileError(f"tensor '{proto.name}' does not have the numbers of its type {type_}") from cause


def _size_bytes(type_: TensorLike) -> int:
    """The bytes of a tensor in a file, where small integers are packed."""
    element, count = type_.element_type, prod(type_.get_shape())
    return -(-count * element.bitwidth // 8) if is_small_integer(element) else count * dtype_of(element).itemsize


def _numbers(content: Array, type_: TensorLike) -> Array:
    """The tensor that bytes of a file stand for: a view, but for small integers."""
    element, shape = type_.element_type, type_.get_shape()
    if is_small_integer(element):
        content = unpacked(content, element.bitwidth, prod(shape)).astype(dtype_of(element))
    return content.view(dtype_of(element).newbyteorder("<")).reshape(shape)


def _mapped(proto: TensorProto, type_: TensorLike, folder: Path | None) -> Array:
    """The numbers in a file beside the model."""
    entries = {entry.key: entry.value for entry in proto.external_data}
    location = entries.get("location", "")
    if folder is None:
        raise CompileError(f"tensor '{proto.name}' is in the file '{location}', which is beside a model that is a file")
    size = _size_bytes(type_)
    try:
        path = (folder / location).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise CompileError(f"tensor '{proto.name}' is in the file '{location}', expected one beside the model")
        offset, length = int(entries.get("offset", 0)), int(entries.get("length", size))
        status = path.stat()
        available = status.st_size - offset if S_ISREG(status.st_mode) else 0
    except OSError as cause:
        reason = (cause.strerror or str(cause)).lower()
        raise CompileError(f"tensor '{proto.name}': cannot read the file '{location}': {reason}") from cause
    except ValueError as cause:
        raise CompileError(f"tensor '{proto.name}' is not in a file as {entries} says: {cause}") from cause
    if length != size or available < size or offset < 0:
        raise CompileError(
            f"tensor '{proto.name}' needs {size} bytes of the file '{location}', got {min(length, max(available, 0))}"
        )
    if not size:
        return np.empty(type_.get_shape(), dtype_of(type_.element_type))
    return _numbers(np.memmap(path, np.uint8, "r", offset, (size,)), type_)


def declared_type(proto: onnx.TypeProto) -> TensorLike | None:
    """The tensor type that a model declares, when it has an element type and a shape.

    A size that is unknown, or below 0, is dynamic.
    Raises `CompileError` for element types that are not supported.
    """
    if not proto.HasField("tensor_type") or not proto.tensor_type.HasField("shape"):
        return None
    if proto.tensor_type.elem_type == TensorProto.UNDEFINED:
        return None
    element = element_of_code(proto.tensor_type.elem_type)
    sizes = [
        size.dim_value if size.HasField("dim_value") and size.dim_value >= 0 else DYNAMIC_INDEX
        for size in proto.tensor_type.shape.dim
    ]
    return TensorType(element, sizes)
