"""Fused operators of onnxruntime against the operators that they stand for, in numpy."""

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import parser

import zellige

Array = npt.NDArray[Any]


def run(given: dict[str, Array], node: str, shape: tuple[int, ...], element: str = "float") -> Array:
    words = {"float32": "float", "int8": "int8", "uint8": "uint8"}
    inputs = ", ".join(f"{words[a.dtype.name]}[{','.join(map(str, a.shape))}] {n}" for n, a in given.items())
    result = f"{element}[{','.join(map(str, shape))}] y"
    domains = '"" : 17, "com.microsoft" : 1'
    text = f"<ir_version: 8, opset_import: [{domains}]> g ({inputs}) => ({result}) {{ y = com.microsoft.{node} }}"
    return zellige.load(zellige.compile(parser.parse_model(text).SerializeToString()))["main"](**given)


def test_weights_of_four_bits_have_a_scale_and_a_zero_point_for_each_block() -> None:
    rng = np.random.default_rng(21)
    given: dict[str, Array] = {
        "a": rng.normal(size=(2, 40)).astype(np.float32),
        "b": rng.integers(0, 256, (5, 3, 8)).astype(np.uint8),
        "s": rng.random((5, 3), np.float32),
        "z": rng.integers(0, 256, (5, 2)).astype(np.uint8),
    }
    made = run(given, "MatMulNBits <K = 40, N = 5, bits = 4, block_size = 16> (a, b, s, z)", (2, 5))

    def halves(packed: Array) -> Array:
        return np.stack([packed & 15, packed >> 4], -1).reshape(*packed.shape[:-1], -1).astype(np.float32)

    weights = (halves(given["b"]) - halves(given["z"])[:, :3, None]) * given["s"][:, :, None]
    np.testing.assert_allclose(made, given["a"] @ weights.reshape(5, 48)[:, :40].T, rtol=1e-4, atol=1e-4)


def test_the_left_operand_is_quantised_as_a_whole() -> None:
    rng = np.random.default_rng(22)
    given: dict[str, Array] = {
        "a": rng.normal(size=(3, 8)).astype(np.float32),
        "b": rng.integers(-128, 128, (8, 4)).astype(np.int8),
        "s": rng.random(4, np.float32),
        "z": rng.integers(-128, 128, 4).astype(np.int8),
        "c": rng.normal(size=4).astype(np.float32),
    }
    made = run(given, "DynamicQuantizeMatMul(a, b, s, z, c)", (3, 4))
    low, high = given["a"].min(), given["a"].max()
    scale = (high - low) / np.float32(255)
    zero = np.rint(-low / scale)
    rounded = np.clip(np.rint(given["a"] / scale) + zero, 0, 255) - zero
    expected = rounded @ (given["b"].astype(np.float32) - given["z"]) * scale * given["s"] + given["c"]
    np.testing.assert_allclose(made, expected, rtol=1e-4, atol=1e-3)


def test_sums_of_quantised_numbers_are_those_of_what_they_mean() -> None:
    rng = np.random.default_rng(23)
    numbers = {name: rng.integers(-128, 128, (3, 4)).astype(np.int8) for name in "ab"}
    scales = {name: np.array([value], np.float32) for name, value in (("s", 0.1), ("t", 0.2), ("u", 0.25))}
    zeros = {name: np.array([value], np.int8) for name, value in (("x", 3), ("v", -7), ("w", 5))}
    made = run(numbers | scales | zeros, "QLinearAdd(a, s, x, b, t, v, u, w)", (3, 4), "int8")
    total = (numbers["a"].astype(np.float32) - 3) * scales["s"] + (numbers["b"].astype(np.float32) + 7) * scales["t"]
    np.testing.assert_array_equal(made, np.clip(np.rint(total / scales["u"]) + 5, -128, 127))


def test_a_convolution_with_an_addend_and_an_activation() -> None:
    rng = np.random.default_rng(24)
    shapes = {"x": (1, 2, 3, 3), "w": (4, 2, 1, 1), "b": (4,), "z": (1, 4, 3, 3)}
    given: dict[str, Array] = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    node = 'FusedConv <activation = "LeakyRelu", activation_params = [0.3]> (x, w, b, z)'
    sums: Array = (
        np.einsum("oi,nihw->nohw", given["w"][:, :, 0, 0], given["x"]) + given["b"][:, None, None] + given["z"]
    )
    expected: Array = np.where(sums >= 0, sums, 0.3 * sums)
    np.testing.assert_allclose(run(given, node, (1, 4, 3, 3)), expected, rtol=1e-4, atol=1e-5)
