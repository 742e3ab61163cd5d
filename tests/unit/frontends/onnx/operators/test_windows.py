"""Convolutions and poolings where windows are larger than what they move over, or results than what is made."""

from __future__ import annotations

import numpy as np
from onnx import parser

import zellige
from zellige.passes.input.tensors import Array


def result(text: str, *arguments: Array) -> Array:
    model = parser.parse_model(f'<ir_version: 8, opset_import: ["" : 21]> {text}')
    return zellige.load(zellige.compile(model.SerializeToString()), threads=1)["main"](*arguments)


def test_a_window_that_fits_nowhere_has_no_average() -> None:
    text = """g (float[1,7,1] x) => (float[1,7,0] y)
        { y = AveragePool<dilations = [2], kernel_shape = [3], pads = [0, 2], strides = [2]>(x) }"""
    assert result(text, np.zeros((1, 7, 1), np.float32)).shape == (1, 7, 0)


def test_a_wanted_size_beyond_the_last_element_is_filled_at_the_end() -> None:
    """Nothing is added before the first element: TensorFlow's SAME with a kernel that is smaller than its steps."""
    text = "g (float[1,1,2] x, float[1,1,1] w) => (float[1,1,6] y) { y = ConvTranspose<%s strides = [3]>(x, w) }"
    x, w = np.array([[[1, 2]]], np.float32), np.array([[[5]]], np.float32)
    for mode in ("", 'auto_pad = "SAME_UPPER",', 'auto_pad = "SAME_LOWER",'):
        made = result(text % f"{mode} output_shape = [6],", x, w)
        np.testing.assert_array_equal(made, [[[5, 0, 0, 10, 0, 0]]])
