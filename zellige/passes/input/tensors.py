"""Tensors while StableHLO is built: their types, and what is known of their numbers.

An unsigned integer is `ui8`, a signed one `i8`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import Any, cast

import ml_dtypes
import numpy as np
import numpy.typing as npt
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyDenseElement,
    BFloat16Type,
    BytesAttr,
    ComplexType,
    DenseIntOrFPElementsAttr,
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
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.hints import isa

from zellige.dialects.shaped_types import tensor_type
from zellige.element_types import NUMPY_DTYPES
from zellige.maths.sizes import Extent
from zellige.support.errors import CompileError

Array = npt.NDArray[Any]
TensorLike = TensorType[Attribute]


_ELEMENTS = (
    *(Float16Type(), BFloat16Type(), Float32Type(), Float64Type()),
    *(Float8E4M3FNType(), Float8E4M3FNUZType(), Float8E5M2Type(), Float8E5M2FNUZType()),
    i1,
    *(
        IntegerType(width, sign)
        for sign in (Signedness.SIGNLESS, Signedness.UNSIGNED)
        for width in (2, 4, 8, 16, 32, 64)
    ),
)
_COMPLEX = (ComplexType(Float32Type()), ComplexType(Float64Type()))
"""What tensors of a graph may have on the way; no frontend brings numbers of these types."""

_DTYPES: Mapping[Attribute, np.dtype[Any]] = MappingProxyType(
    {element: NUMPY_DTYPES[str(element)] for element in (*_ELEMENTS, *_COMPLEX)}
)
_OF_DTYPE: Mapping[np.dtype[Any], Attribute] = MappingProxyType(
    {NUMPY_DTYPES[str(element)]: element for element in _ELEMENTS}
)


def dtype_of(element: Attribute) -> np.dtype[Any]:
    return _DTYPES[element]


def element_of_dtype(dtype: np.dtype[Any]) -> Attribute:
    """Raises `CompileError` for numbers that no tensor of ours holds."""
    if dtype not in _OF_DTYPE:
        raise CompileError(f"tensors of {dtype.name} are not supported")
    return _OF_DTYPE[dtype]


def is_supported(dtype: np.dtype[Any]) -> bool:
    """Whether tensors of ours hold such numbers."""
    return dtype in _OF_DTYPE


def is_float(element: Attribute) -> bool:
    return not isa(element, IntegerType)


def limits_of(element: Attribute) -> tuple[int, int]:
    """The smallest and the largest number of an integer type."""
    limits = ml_dtypes.iinfo(dtype_of(element))
    return int(limits.min), int(limits.max)


def is_unsigned(element: Attribute) -> bool:
    return isa(element, IntegerType) and element.signedness.data == Signedness.UNSIGNED


def type_of(element: Attribute, shape: Sequence[Extent]) -> TensorLike:
    """The tensor type with these sizes: those that only the running program knows are dynamic."""
    return TensorType(element, [size if isinstance(size, int) else DYNAMIC_INDEX for size in shape])


@dataclass(eq=False)
class Tensor:
    """A tensor of the graph: a value in the IR, or numbers that are known and become a constant when an op needs it.

    `name` is what the model calls such numbers, if it does.
    `sizes` are those of a tensor whose type leaves some open. `elements` are the numbers of a small tensor of integers
    as sizes, where they are no constants: they become a tensor when an op needs it.
    """

    type: TensorLike
    value: SSAValue | None = None
    known: Array | None = None
    name: str = ""
    sizes: tuple[Extent, ...] | None = None
    elements: Array | None = None

    @staticmethod
    def of(numbers: Array) -> Tensor:
        """A tensor whose numbers are known."""
        return Tensor(TensorType(element_of_dtype(numbers.dtype), numbers.shape), known=numbers)

    @staticmethod
    def of_sizes(sizes: Array, element: Attribute) -> Tensor:
        """A tensor of integers, given as an array of Python objects; a constant where none depends on the run."""
        if all(isinstance(size, int) for size in sizes.reshape(-1)):
            return Tensor.of(sizes.astype(dtype_of(element)))
        return Tensor(TensorType(element, sizes.shape), elements=sizes)

    @staticmethod
    def computed(value: SSAValue, shape: Sequence[Extent] | None = None) -> Tensor:
        """A tensor that the program computes; its sizes have to be given where its type leaves some open."""
        type_ = tensor_type(value)
        if type_.has_static_shape():
            return Tensor(type_, value)
        assert shape is not None, f"the sizes of {type_} are not given"
        return Tensor(type_, value, sizes=tuple(shape))

    @property
    def shape(self) -> tuple[Extent, ...]:
        return self.type.get_shape() if self.sizes is None else self.sizes

    @property
    def is_static(self) -> bool:
        """Whether all sizes are known."""
        return self.sizes is None

    @property
    def static_shape(self) -> tuple[int, ...]:
        """Raises `CompileError` where a size is known only when the program runs."""
        return tuple(self.static_size(axis) for axis in range(self.rank))

    @property
    def static_space(self) -> tuple[int, ...]:
        """The sizes behind batch and channels. Raises `CompileError` where one is known only when the program runs."""
        return tuple(self.static_size(axis) for axis in range(2, self.rank))

    def static_size(self, axis: int) -> int:
        """Raises `CompileError` where the size is known only when the program runs."""
        return static(self.shape[axis], f"dimension {axis % self.rank} of {self.type}")

    @property
    def form(self) -> tuple[Attribute, tuple[Extent, ...]]:
        """Type of elements and sizes: what two tensors have in common that may stand for each other."""
        return self.element, self.shape

    @property
    def rank(self) -> int:
        return self.type.get_num_dims()

    @property
    def size(self) -> Extent:
        return prod(self.shape)

    @property
    def element(self) -> Attribute:
        return self.type.element_type

    @property
    def dtype(self) -> np.dtype[Any]:
        return dtype_of(self.element)


def static(size: Extent, what: str) -> int:
    """The number. Raises `CompileError` where it is known only when the program runs."""
    if not isinstance(size, int):
        raise CompileError(f"{what} is '{size}', expected a size that is known when compiling")
    return size


def constant_attribute(tensor: Tensor) -> DenseIntOrFPElementsAttr:
    """The bytes of known numbers."""
    assert tensor.known is not None
    type_ = cast("TensorType[AnyDenseElement]", tensor.type)  # to ask is dear, and there are many constants
    return DenseIntOrFPElementsAttr(type_, BytesAttr(_bytes_of(tensor.known)))


def _bytes_of(numbers: Array) -> bytes:
    """The elements in order; where the array is a view of all of a `bytes`, that, without a copy."""
    base = cast("object", numbers.base)
    while isinstance(base, np.ndarray):
        base = cast("object", cast("Array", base).base)
    if isinstance(base, bytes) and len(base) == numbers.nbytes and numbers.flags.c_contiguous:
        return base
    return numbers.tobytes()
