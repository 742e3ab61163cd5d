"""Integers of 2 and 4 bits in models, against the reference evaluator of onnx and numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper, parser
from onnx.external_data_helper import convert_model_to_external_data, write_external_data_tensors

import zellige

Array = npt.NDArray[Any]

NAMES = {"int4": ml_dtypes.int4, "uint4": ml_dtypes.uint4, "int2": ml_dtypes.int2, "uint2": ml_dtypes.uint2}


def compiled(inputs: str, nodes: str, outputs: str) -> zellige.Program:
    text = f'<ir_version: 13, opset_import: ["" : 25]> g ({inputs}) => ({outputs}) {{ {nodes} }}'
    return zellige.load(zellige.compile(parser.parse_model(text).SerializeToString()))


@pytest.mark.parametrize("name", NAMES)
def test_casts_keep_the_low_bits_and_quantising_stays_within_the_type(name: str) -> None:
    """A cast of a number that the type does not have is what a conversion of numpy gives."""
    code = TensorProto.DataType.Value(name.upper())
    x = np.linspace(-10, 10, 41, dtype=np.float32)
    program = compiled(
        f"float[41] x, {name} z",
        f"a = Cast <to = {code}> (x) s = Constant <value = float {{1.0}}> () b = QuantizeLinear(x, s, z)"
        " c = Cast <to = 1> (a) d = DequantizeLinear(b, s, z)",
        f"{name}[41] a, {name}[41] b, float[41] c, float[41] d",
    )
    zero = np.array(1, NAMES[name])
    cast, quantised, back, dequantised = program["main"](x, zero)
    limits = ml_dtypes.iinfo(NAMES[name])
    expected = np.clip(np.rint(x) + 1, int(limits.min), int(limits.max))
    assert cast.dtype == quantised.dtype == NAMES[name]
    np.testing.assert_array_equal(cast.astype(np.int8), x.astype(NAMES[name]).astype(np.int8))
    np.testing.assert_array_equal(quantised.astype(np.float32), expected)
    np.testing.assert_array_equal(back, x.astype(NAMES[name]).astype(np.float32))
    np.testing.assert_array_equal(dequantised, expected - 1)


def _model(weights: Array, scales: Array, zeros: Array) -> onnx.ModelProto:
    """A product with weights that have a scale and a zero point for each block of 16 rows."""
    rows, columns = weights.shape
    graph = helper.make_graph(
        [
            helper.make_node("DequantizeLinear", ["w", "s", "z"], ["d"], axis=0, block_size=16),
            helper.make_node("MatMul", ["x", "d"], ["y"]),
        ],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [3, rows])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [3, columns])],
        [numpy_helper.from_array(a, n) for a, n in ((weights, "w"), (scales, "s"), (zeros, "z"))],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


@pytest.mark.parametrize("is_external", [False, True])
@pytest.mark.parametrize("columns", [512, 33])
def test_weights_of_four_bits_stay_packed(tmp_path: Path, columns: int, is_external: bool) -> None:
    rng = np.random.default_rng(5)
    weights = rng.integers(-8, 8, (256, columns)).astype(ml_dtypes.int4)
    scales = rng.random((16, columns), np.float32)
    zeros = rng.integers(-8, 8, (16, columns)).astype(ml_dtypes.int4)
    model, path = _model(weights, scales, zeros), tmp_path / "model.onnx"
    if is_external:
        convert_model_to_external_data(model, location="weights", size_threshold=0)
        write_external_data_tensors(model, str(tmp_path))
    path.write_bytes(model.SerializeToString())
    artifact = zellige.compile(path)
    assert len(artifact.module) < weights.size / 2 + scales.nbytes + zeros.size / 2 + 40_000
    x = rng.normal(size=(3, 256)).astype(np.float32)
    got = zellige.load(artifact, cache=False)["main"](x)
    wide = weights.astype(np.float32) - np.repeat(zeros.astype(np.float32), 16, 0)
    np.testing.assert_allclose(got, x @ (wide * np.repeat(scales, 16, 0)), rtol=1e-4, atol=1e-3)
