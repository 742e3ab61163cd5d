"""A tensor in device memory."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt

from zellige.runtime.memory import Allocation, DeviceMemory
from zellige.runtime.packed_arrays import stored_form, unpacked
from zellige.support.errors import UsageError


class DeviceBuffer:
    """A dense tensor in device memory that programs read and write in place.

    Made by `Device.array` and `Device.empty`. `address` is where it begins. The bytes are given back when the buffer is
    closed or collected and no array over it is left.
    """

    __slots__ = ("_allocation", "address", "dtype", "shape")

    def __init__(self, allocation: Allocation, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
        self._allocation: Allocation | None = allocation
        self.address = allocation.address
        self.dtype = dtype
        self.shape = shape

    @property
    def nbytes(self) -> int:
        """Size of the elements in bytes."""
        return self._open().size_bytes

    @property
    def memory(self) -> DeviceMemory:
        """The device memory that holds it."""
        return self._open().memory

    def numpy(self) -> npt.NDArray[Any]:
        """A writable array over the same bytes: no copy. It stays usable as long as it is referenced.

        Of integers of 2 and 4 bits, which arrays have a byte each for, it is a read-only copy.
        """
        return unpacked(self.stored(), self.dtype, self.shape)

    def stored(self) -> npt.NDArray[Any]:
        """A writable array over the same bytes: elements, or bytes of several elements each."""
        return self._open().view(*stored_form(self.dtype, self.shape))

    def close(self) -> None:
        """Let go of the memory. Arrays that `numpy` gave stay usable."""
        self._allocation = None

    def _open(self) -> Allocation:
        if self._allocation is None:
            raise UsageError("the device buffer is closed")
        return self._allocation

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "" if self._allocation is not None else ", closed"
        return f"DeviceBuffer(shape={self.shape}, dtype={self.dtype.name}, address={self.address:#x}{state})"
