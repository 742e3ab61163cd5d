"""Operators that are told shapes by inputs: what the declared shape says of these is checked when the program runs."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import parser

import zellige
from zellige.passes.input.tensors import Array
from zellige.support.errors import RuntimeTrap

SIX = np.arange(6, dtype=np.float32)

CASES: dict[str, tuple[str, list[Array], list[list[int]], list[int], Array]] = {
    "Reshape": (
        "float[6] x, int64[2] s) => (float[2,3] y",
        [SIX],
        [[2, 3], [-1, 3], [2, -1]],
        [3, 2],
        SIX.reshape(2, 3),
    ),
    "ConstantOfShape": ("int64[2] s) => (float[2,3] y", [], [[2, 3]], [3, 2], np.zeros((2, 3))),
    "Expand": (
        "float[1,3] x, int64[2] s) => (float[2,3] y",
        [SIX[None, :3]],
        [[2, 3], [2, 1]],
        [3, 3],
        np.stack([SIX[:3]] * 2),
    ),
    "Squeeze": ("float[1,3,1] x, int64[1] s) => (float[3,1] y", [SIX[None, :3, None]], [[0], [-3]], [2], SIX[:3, None]),
    "Unsqueeze": ("float[3] x, int64[1] s) => (float[1,3] y", [SIX[:3]], [[0], [-2]], [1], SIX[None, :3]),
}
"""Operator -> inputs and output, arguments before the last, last arguments that fit, one that does not, the result."""


@pytest.mark.parametrize("kind", CASES)
def test_a_shape_is_the_declared_one_or_stops_the_program(kind: str) -> None:
    signature, given, fitting, other, expected = CASES[kind]
    with _program(kind, signature, len(given)) as program:
        for numbers in fitting:
            np.testing.assert_array_equal(program["main"](*given, np.array(numbers)), expected)
        with pytest.raises(RuntimeTrap, match=rf"{kind} \'the_node\': expected"):
            program["main"](*given, np.array(other))


def test_a_range_has_as_many_numbers_as_declared() -> None:
    text = "g (float a, float b, float c) => (float[4] y) { [the_node] y = Range(a, b, c) }"
    with _load(text) as program:
        for start, limit, step in ((0, 4, 1), (1, 2.75, 0.5), (0, -7, -2)):
            numbers: list[Array] = [np.array(number, np.float32) for number in (start, limit, step)]
            np.testing.assert_allclose(program["main"](*numbers), np.arange(start, limit, step))
        with pytest.raises(RuntimeTrap, match=r"Range 'the_node': expected 4 numbers as the result has"):
            program["main"](*(np.array(number, np.float32) for number in (0, 5, 1)))


def _program(kind: str, signature: str, count: int) -> zellige.Program:
    return _load(f"g ({signature}) {{ [the_node] y = {kind}({'x, ' * count}s) }}")


def _load(text: str) -> zellige.Program:
    model = parser.parse_model(f'<ir_version: 8, opset_import: ["" : 17]> {text}')
    return zellige.load(zellige.compile(model.SerializeToString()), cache=False)
