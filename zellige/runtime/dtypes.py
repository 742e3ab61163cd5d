"""Which numpy types arrays of a program may have.

Arrays of the unsigned type of the same width are accepted wherever the signed one is, and the other way round. Results
are signed unless the program says `ui8`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zellige.element_types import NUMPY_DTYPES
from zellige.runtime.packed_arrays import PACKED_BITS
from zellige.support.errors import RuntimeTrap


def is_same_bits(dtype: np.dtype[Any], expected: np.dtype[Any]) -> bool:
    """Whether an array of `dtype` may stand for one of `expected`: the same type, but for the sign of integers."""
    if dtype == expected:
        return True
    if dtype in PACKED_BITS:
        return dtype.name.replace("u", "") == expected.name.replace("u", "")
    return dtype.kind in "iu" and dtype.str.replace("u", "i") == expected.str.replace("u", "i")


def device_dtype(dtype: object) -> np.dtype[Any]:
    """The numpy type, when device memory can hold it. Raises `RuntimeTrap` (code `argument`) otherwise."""
    try:
        result = np.dtype(dtype)  # pyright: ignore[reportArgumentType, reportCallIssue]  any object may come from the caller
    except TypeError as cause:
        raise RuntimeTrap(f"{dtype!r} is not a numpy dtype", code="argument") from cause
    if not any(is_same_bits(result, known) for known in NUMPY_DTYPES.values()):
        words = ", ".join(dict.fromkeys(known.name for known in NUMPY_DTYPES.values()))
        raise RuntimeTrap(
            f"{describe(result)} elements cannot be kept in device memory, expected one of {words}", code="argument"
        )
    return result


def describe(dtype: np.dtype[Any]) -> str:
    """The type's name, with the byte order where it is not the device's."""
    return dtype.name if dtype == dtype.newbyteorder("<") else f"big-endian {dtype.name}"
