"""Element types of tensors, in MLIR's spelling, as numpy types: the one table.

All are little-endian, as WebAssembly memory is. `i1` is one byte an element, 0 or 1; integers of 2 and 4 bits are a
byte each in numpy and packed in device memory. `index` is 4 bytes: addresses and sizes of a module are 32-bit. Most
integers of MLIR have no sign, and numpy's signed type stands for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import ml_dtypes
import numpy as np

NUMPY_DTYPES: Mapping[str, np.dtype[Any]] = MappingProxyType(
    {
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
)
"""Element type -> numpy type of the arrays that hold it."""
