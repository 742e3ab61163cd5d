"""Integers of a few bits, several to a byte: the first in the lowest bits, without gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def packed(numbers: Array, bits: int) -> Array:
    """Bytes of the lowest bits of bytes."""
    per_byte = 8 // bits
    low = numbers.reshape(-1) & ((1 << bits) - 1)
    rows = np.pad(low, (0, -low.size % per_byte)).reshape(-1, per_byte)
    return np.bitwise_or.reduce(rows << np.arange(0, 8, bits, dtype=np.uint8), axis=1, dtype=np.uint8)


def unpacked(content: Array, bits: int, count: int) -> Array:
    """A byte for each of the first numbers in bytes; the bits above a number are 0."""
    pieces = (content.reshape(-1, 1) >> np.arange(0, 8, bits, dtype=np.uint8)) & ((1 << bits) - 1)
    return pieces.reshape(-1)[:count]
