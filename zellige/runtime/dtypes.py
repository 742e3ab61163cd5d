"""Element types of the ABI as numpy types: the one table.

All are little-endian, as WebAssembly memory is. `i1` is one byte an element, 0 or 1; integers of 2 and 4 bits are
packed (`packed_arrays`). `index` is 4 bytes: addresses and sizes of a module are 32-bit. Most integers of MLIR have no
sign: arrays of the unsigned type of the same width are accepted wherever the signed one is, and the other way round.
Results are signed unless the program says `ui8`.
"""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np

from zellige.runtime.packed_arrays import PACKED_BITS
from zellige.support.errors import RuntimeTrap

NUMPY_DTYPES: dict[str, np.dtype[Any]] = {
    "f32": np.dtype("<f4"),
    "f64": np.dtype("<f8"),
    "i1": np.dtype("?"),
    "i2": np.dtype(ml_dtypes.int2),
    "i4": np.dtype(ml_dtypes.int4),
    "i8": np.dtype("i1"),
    "i16": np.dtype("<i2"),
    "i32": np.dtype("<i4"),
    "i64": np.dtype("<i8"),
    "ui2": np.dtype(ml_dtypes.uint2),
    "ui4": np.dtype(ml_dtypes.uint4),
    "ui8": np.dtype("u1"),
    "ui16": np.dtype("<u2"),
    "ui32": np.dtype("<u4"),
    "ui64": np.dtype("<u8"),
    "index": np.dtype("<i4"),
    "complex<f32>": np.dtype("<c8"),
    "complex<f64>": np.dtype("<c16"),
    "f16": np.dtype("<f2"),
    "bf16": np.dtype(ml_dtypes.bfloat16),
    "f8E3M4": np.dtype(ml_dtypes.float8_e3m4),
    "f8E4M3": np.dtype(ml_dtypes.float8_e4m3),
    "f8E4M3FN": np.dtype(ml_dtypes.float8_e4m3fn),
    "f8E4M3FNUZ": np.dtype(ml_dtypes.float8_e4m3fnuz),
    "f8E4M3B11FNUZ": np.dtype(ml_dtypes.float8_e4m3b11fnuz),
    "f8E5M2": np.dtype(ml_dtypes.float8_e5m2),
    "f8E5M2FNUZ": np.dtype(ml_dtypes.float8_e5m2fnuz),
}
"""Element type in MLIR's spelling -> numpy type of the arrays that hold it."""


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
