"""Arrays of integers of which a byte holds several: a byte each in numpy, without gaps in device memory.

The lowest bits of a byte are the first number, and numbers go on from row to row. Arrays of all other types are stored
as they are.
"""

from __future__ import annotations

from math import prod
from types import MappingProxyType
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

PACKED_BITS: MappingProxyType[np.dtype[Any], int] = MappingProxyType(
    {
        np.dtype(ml_dtypes.int2): 2,
        np.dtype(ml_dtypes.int4): 4,
        np.dtype(ml_dtypes.uint2): 2,
        np.dtype(ml_dtypes.uint4): 4,
    }
)
"""numpy type -> bits of an element."""


def stored_form(dtype: np.dtype[Any], shape: tuple[int, ...]) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """The type and shape of what device memory has for an array."""
    if (bits := PACKED_BITS.get(dtype)) is None:
        return dtype, shape
    return np.dtype(np.uint8), (-(-prod(shape) * bits // 8),)


def packed(array: Array) -> Array:
    """What device memory has for an array."""
    if (bits := PACKED_BITS.get(array.dtype)) is None:
        return array
    low = np.ascontiguousarray(array).view(np.uint8).reshape(-1) & ((1 << bits) - 1)
    rows = np.pad(low, (0, -low.size % (8 // bits))).reshape(-1, 8 // bits)
    return np.bitwise_or.reduce(rows << np.arange(0, 8, bits, dtype=np.uint8), axis=1, dtype=np.uint8)


def unpacked(stored: Array, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    """The array that device memory has: a read-only copy of packed numbers, else `stored` itself."""
    if (bits := PACKED_BITS.get(dtype)) is None:
        return stored
    pieces = (stored.reshape(-1, 1) >> np.arange(0, 8, bits, dtype=np.uint8)) & ((1 << bits) - 1)
    numbers = pieces.reshape(-1)[: prod(shape)].reshape(shape).astype(dtype)
    numbers.flags.writeable = False
    return numbers
