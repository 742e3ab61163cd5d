"""QLinear… operators of onnxruntime against the operator that they mean, between two scales, in numpy."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from onnx import parser

import zellige

Array = npt.NDArray[Any]

WORDS = {"float32": "float", "int8": "int8", "uint8": "uint8", "int32": "int32"}


def run(given: dict[str, Array], node: str, result: str) -> Array:
    def declared(name: str, value: Array) -> str:
        sizes = f"[{','.join(map(str, value.shape))}]" if value.shape else ""
        return f"{WORDS[value.dtype.name]}{sizes} {name}"

    inputs = ", ".join(declared(name, value) for name, value in given.items())
    header = '<ir_version: 8, opset_import: ["" : 17, "com.microsoft" : 1]>'
    text = f"{header} g ({inputs}) => ({result} y) {{ y = com.microsoft.{node} }}"
    with zellige.load(zellige.compile(parser.parse_model(text).SerializeToString()), cache=False) as program:
        return np.array(program["main"](**given))


def bytes_of(*shape: int) -> Array:
    return np.random.default_rng(len(shape)).integers(0, 256, shape).astype(np.uint8)


def scaled(numbers: Array, scale: float, zero: float) -> Array:
    """What quantised numbers stand for."""
    return (numbers.astype(np.float32) - zero) * np.float32(scale)


def quantized(numbers: Array, scale: float, zero: float) -> Array:
    return np.clip(np.rint(numbers / np.float32(scale)) + zero, 0, 255).astype(np.uint8)


def scales(**numbers: float) -> dict[str, Array]:
    """Scales and zero points: whole numbers are zero points."""
    return {name: np.array(n, np.uint8 if isinstance(n, int) else np.float32) for name, n in numbers.items()}


ENDS = scales(s=0.1, z=120, t=0.06, w=100)


@pytest.mark.parametrize("is_last", [False, True])
def test_mean_of_all_and_of_windows(is_last: bool) -> None:
    x = bytes_of(2, 3, 4, 4)
    given = {"x": np.ascontiguousarray(x.transpose(0, 2, 3, 1)) if is_last else x} | ENDS
    numbers = scaled(x, 0.1, 120)
    attribute = f"channels_last = {int(is_last)}"
    for node, expected in (
        (f"QLinearGlobalAveragePool <{attribute}>", numbers.mean((2, 3), keepdims=True)),
        (
            f"QLinearAveragePool <{attribute}, kernel_shape = [2, 2], strides = [2, 2]>",
            numbers.reshape(2, 3, 2, 2, 2, 2).mean((3, 5)),
        ),
    ):
        made = quantized(expected, 0.06, 100)
        made = made.transpose(0, 2, 3, 1) if is_last else made
        shape = ",".join(map(str, made.shape))
        np.testing.assert_array_equal(run(given, f"{node} (x, s, z, t, w)", f"uint8[{shape}]"), made)


def test_softmax_of_the_version_that_an_attribute_says() -> None:
    given = {"x": bytes_of(2, 3, 4)} | scales(s=0.05, z=120, t=1 / 256, w=0)
    powers = np.exp(scaled(given["x"], 0.05, 120))
    for opset, axes in ((13, (1,)), (11, (1, 2))):
        made = run(given, f"QLinearSoftmax <axis = 1, opset = {opset}> (x, s, z, t, w)", "uint8[2,3,4]")
        np.testing.assert_array_equal(made, quantized(powers / powers.sum(axes, keepdims=True), 1 / 256, 0))


def test_parts_with_scales_of_their_own() -> None:
    given = {"a": bytes_of(2, 3), "b": bytes_of(4, 2).reshape(2, 4)} | ENDS | scales(q=0.02, p=7)
    both = np.concatenate([scaled(given["a"], 0.06, 100), scaled(given["b"], 0.02, 7)], axis=1)
    made = run(given, "QLinearConcat <axis = 1> (s, z, a, t, w, b, q, p)", "uint8[2,7]")
    np.testing.assert_array_equal(made, quantized(both, 0.1, 120))


@pytest.mark.parametrize("is_turned", [False, True])
def test_gemm_with_a_scale_for_each_column(is_turned: bool) -> None:
    random = np.random.default_rng(4)
    columns = random.integers(-128, 128, (6, 5)).astype(np.int8)
    given = {
        "a": bytes_of(4, 6),
        **scales(s=0.1, z=100, t=0.7, w=128),
        "b": np.ascontiguousarray(columns.T) if is_turned else columns,
        "q": np.array([0.01, 0.02, 0.03, 0.04, 0.05], np.float32),
        "p": np.array([0, 3, -5, 0, 1], np.int8),
        "c": random.integers(-1000, 1000, 5).astype(np.int32),
    }
    sums = (given["a"].astype(np.int64) - 100) @ (columns.astype(np.int64) - given["p"]) + given["c"]
    expected = sums * (np.float32(0.1) * given["q"])
    start = f"QGemm <transB = {int(is_turned)}> (a, s, z, b, q, p, c"
    np.testing.assert_allclose(run(given, f"{start})", "float[4,5]"), expected, rtol=1e-6)
    np.testing.assert_array_equal(run(given, f"{start}, t, w)", "uint8[4,5]"), quantized(expected, 0.7, 128))


def test_gemm_then_an_activation() -> None:
    random = np.random.default_rng(5)
    given: dict[str, Array] = {
        name: random.normal(size=shape).astype(np.float32)
        for name, shape in {"a": (4, 6), "b": (5, 6), "c": (5,)}.items()
    }
    sums = given["a"] @ given["b"].T + given["c"]
    leaky = 'FusedGemm <transB = 1, activation = "LeakyRelu", activation_alpha = 0.3> (a, b, c)'
    np.testing.assert_allclose(
        run(given, leaky, "float[4,5]"), np.where(sums < 0, 0.3 * sums, sums), rtol=1e-5, atol=1e-6
    )
    relu = 'FusedGemm <transB = 1, activation = "Relu"> (a, b, c)'
    np.testing.assert_allclose(run(given, relu, "float[4,5]"), np.maximum(sums, 0), rtol=1e-5, atol=1e-6)
