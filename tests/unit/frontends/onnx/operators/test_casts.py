"""Casts between floats of 8 and of 16 bits; the oracle is ml_dtypes, with limits by hand."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
from onnx import TensorProto, parser

import zellige

Array = npt.NDArray[Any]

FLOATS = {
    "float8e4m3fn": ml_dtypes.float8_e4m3fn,
    "float8e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "float8e5m2": ml_dtypes.float8_e5m2,
    "float8e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
}


@pytest.mark.parametrize("name", FLOATS)
def test_what_is_beyond_the_limits_becomes_the_largest_number_unless_it_may_not(name: str) -> None:
    code, dtype = TensorProto.DataType.Value(name.upper()), np.dtype(FLOATS[name])
    nodes = f"a = Cast <to = {code}> (x) b = Cast <to = {code}, saturate = 0> (x) c = Cast <to = 10> (a)"
    graph = f"g (float[9] x) => ({name}[9] a, {name}[9] b, float16[9] c) {{ {nodes} }}"
    text = f'<ir_version: 10, opset_import: ["" : 21]> {graph}'
    x = np.array([0.3, -1.7, 1e6, -1e6, np.inf, -np.inf, np.nan, 239, 1e-9], np.float32)
    program = zellige.load(zellige.compile(parser.parse_model(text).SerializeToString()))
    saturated, plain, wider = program["main"](x)
    largest = np.arange(256, dtype=np.uint8).view(dtype).astype(np.float32)
    largest = largest[np.isfinite(largest)].max()
    expected = np.clip(x, -largest, largest).astype(dtype)
    np.testing.assert_array_equal(saturated.astype(np.float32), expected.astype(np.float32))
    np.testing.assert_array_equal(plain.astype(np.float32), x.astype(dtype).astype(np.float32))
    np.testing.assert_array_equal(wider, expected.astype(np.float16))
