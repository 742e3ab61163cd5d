"""What may be passed for a tensor of a signature, and the errors that say why something may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from zellige.artifact import TensorSignature
from zellige.element_types import NUMPY_DTYPES
from zellige.runtime.buffer import DeviceBuffer
from zellige.runtime.dtypes import describe, is_same_bits
from zellige.runtime.memory import DeviceMemory
from zellige.runtime.packed_arrays import stored_form
from zellige.support.errors import Note, RuntimeTrap

Array = npt.NDArray[Any]


def type_text(signature: TensorSignature) -> str:
    """The tensor type without the name."""
    return str(signature).removeprefix(f"{signature.name}: ")


def names_text(signatures: Sequence[TensorSignature]) -> str:
    return ", ".join(str(signature) for signature in signatures)


@dataclass(frozen=True)
class Operand:
    """An argument or a result of a program function; `role` is `argument` or `result`."""

    function: str
    role: str
    index: int
    signature: TensorSignature

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        return NUMPY_DTYPES[self.signature.dtype]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """The sizes of an operand that is static, or has been given its shape."""
        sizes = tuple(size for size in self.signature.shape if size is not None)
        assert len(sizes) == len(self.signature.shape), f"{self} has dynamic sizes"
        return sizes

    def with_shape(self, shape: tuple[int, ...]) -> Operand:
        """The operand in a call where it has these sizes."""
        return self if self.signature.is_static else replace(self, signature=replace(self.signature, shape=shape))

    def with_sizes(self, sizes: Iterator[int]) -> Operand:
        """The same, when the next of `sizes` are those that its type leaves open."""
        return self.with_shape(tuple(next(sizes) if size is None else size for size in self.signature.shape))

    def dynamic_sizes(self, shape: tuple[int, ...]) -> Iterator[int]:
        """Of an actual shape, the sizes that the type leaves open."""
        return (size for known, size in zip(self.signature.shape, shape, strict=True) if known is None)

    @cached_property
    def stored_form(self) -> tuple[np.dtype[Any], tuple[int, ...]]:
        """The type and shape of what device memory has for it."""
        return stored_form(self.dtype, self.shape)

    @cached_property
    def size_bytes(self) -> int:
        dtype, shape = self.stored_form
        return dtype.itemsize * prod(shape)

    def __str__(self) -> str:
        name = f" ('{self.signature.name}')" if self.signature.name else ""
        return f"{self.role} {self.index}{name} of '{self.function}'"

    def admit(self, value: object, memory: DeviceMemory) -> Array | DeviceBuffer:
        """The value as an array or buffer of this type. Raises `RuntimeTrap` (code `argument`) for anything else."""
        if isinstance(value, DeviceBuffer):
            self._check_buffer(value, memory)
            return value
        if not isinstance(value, np.ndarray | np.generic) and not hasattr(value, "__array__"):
            raise self._error(
                f"is a {type(value).__name__}, expected a numpy array or a device buffer ({type_text(self.signature)})",
                f"numpy.asarray({self._variable}, dtype='{self.dtype.str}')",
            )
        array: Array = np.asarray(value)
        self._check_type(array.dtype, array.shape)
        return array

    def admit_out(self, value: object, memory: DeviceMemory) -> Array | DeviceBuffer:
        """The same for what the caller wants a result to be written to."""
        if isinstance(value, DeviceBuffer):
            self._check_buffer(value, memory)
            return value
        if not isinstance(value, np.ndarray):
            raise self._error(
                f"cannot be written to a {type(value).__name__}, expected a numpy array or a device buffer"
                f" ({type_text(self.signature)})"
            )
        array = cast("Array", value)
        self._check_type(array.dtype, array.shape)
        if not array.flags.writeable:
            raise self._error("cannot be written to a read-only array")
        return array

    def _check_buffer(self, buffer: DeviceBuffer, memory: DeviceMemory) -> None:
        if buffer.memory is not memory:
            raise self._error(
                "is in the memory of another device, expected a buffer of the program's own device",
                "program.device.array",
            )
        self._check_type(buffer.dtype, buffer.shape)

    def _check_type(self, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
        if dtype != self.dtype and not is_same_bits(dtype, self.dtype):
            raise self._error(
                f"has dtype {describe(dtype)}, expected {self.dtype.name} ({type_text(self.signature)})",
                f"{self._variable}.astype('{self.dtype.str}')",
            )
        if shape != self.signature.shape:
            self._check_shape(shape)

    def _check_shape(self, shape: tuple[int, ...]) -> None:
        expected, type_ = self.signature.shape, type_text(self.signature)
        if self.signature.is_static:
            raise self._error(f"has shape {shape}, expected {expected} ({type_})")
        if len(shape) != len(expected):
            raise self._error(f"has shape {shape}, expected rank {len(expected)} ({type_})")
        for dimension, (size, wanted) in enumerate(zip(shape, expected, strict=True)):
            if wanted is not None and size != wanted:
                raise self._error(f"has shape {shape}, expected {wanted} in dimension {dimension} ({type_})")

    @property
    def _variable(self) -> str:
        return self.signature.name if self.signature.name.isidentifier() else "x"

    def _error(self, what: str, hint: str | None = None) -> RuntimeTrap:
        return RuntimeTrap(f"{self} {what}", code="argument", notes=(Note(f"try {hint}"),) if hint else ())
