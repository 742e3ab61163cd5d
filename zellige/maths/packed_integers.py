"""Integers of a few bits, several to a byte: the first in the lowest bits, without gaps between bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


LONGEST_RUN = 16
"""Bytes of a vector."""


def run_of(row: int, bits: int) -> int:
    """How far apart the numbers of a byte best are, in rows of so many numbers: 1 for rows that do not fill bytes.

    A vector of bytes then has the first number of each for neighbours, and so on: nothing has to be shuffled.
    """
    per_byte = 8 // bits
    if row % per_byte:
        return 1
    return LONGEST_RUN if row % (LONGEST_RUN * per_byte) == 0 else row // per_byte


def packed(numbers: Array, bits: int, run: int = 1) -> Array:
    """Bytes of the lowest bits of bytes; the numbers of a byte are `run` numbers apart."""
    per_byte = 8 // bits
    low = numbers.reshape(-1) & ((1 << bits) - 1)
    rows = np.pad(low, (0, -low.size % (per_byte * run))).reshape(-1, per_byte, run)
    places = np.arange(0, 8, bits, dtype=np.uint8).reshape(-1, 1)
    return np.bitwise_or.reduce(rows << places, axis=1, dtype=np.uint8).reshape(-1)


def unpacked(content: Array, bits: int, count: int) -> Array:
    """A byte for each of the first numbers in bytes; the bits above a number are 0."""
    pieces = (content.reshape(-1, 1) >> np.arange(0, 8, bits, dtype=np.uint8)) & ((1 << bits) - 1)
    return pieces.reshape(-1)[:count]
