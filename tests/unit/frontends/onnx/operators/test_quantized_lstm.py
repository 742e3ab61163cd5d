"""DynamicQuantizeLSTM against its equations in numpy: what goes into a product is quantised each time, as a whole."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from onnx import parser

import zellige

Array = npt.NDArray[Any]

STEPS, BATCH, INPUTS, SIZE, WAYS = 4, 2, 6, 3, 2


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def product(rows: Array, weights: Array, scale: Array, zero: Array) -> Array:
    low, high = min(rows.min(), np.float32(0)), max(rows.max(), np.float32(0))
    unit = (high - low) / np.float32(255) if high > low else np.float32(1)
    offset = np.rint(-low / unit)
    numbers = np.clip(np.rint(rows / unit) + offset, 0, 255) - offset
    sums = numbers @ (weights.astype(np.int64) - zero)
    return sums.astype(np.float32) * (unit * scale)


def lstm(given: dict[str, Array], way: int) -> tuple[Array, Array, Array]:
    """Rows, and the last state: gates stand in the order input, output, forget, cell."""
    taken = {name: values[way] for name, values in given.items() if name != "x"}
    inputs = product(given["x"].reshape(-1, INPUTS), taken["w"], taken["ws"], taken["wz"])
    gates = inputs.reshape(STEPS, BATCH, -1) + taken["b"].reshape(2, -1).sum(0)
    hidden, cell = taken["h"], taken["c"]
    rows = np.zeros((STEPS, BATCH, SIZE), np.float32)
    for step in range(STEPS) if way == 0 else reversed(range(STEPS)):
        i, o, f, c = np.split(gates[step] + product(hidden, taken["r"], taken["rs"], taken["rz"]), 4, -1)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(c)
        hidden = rows[step] = (sigmoid(o) * np.tanh(cell)).astype(np.float32)
    return rows, hidden, cell


@pytest.mark.parametrize(("word", "scales", "zero"), [("int8", (WAYS,), 0), ("uint8", (WAYS, 4 * SIZE), 131)])
def test_one_scale_for_all_and_one_for_each_column(word: str, scales: tuple[int, ...], zero: int) -> None:
    random = np.random.default_rng(3)
    bounds = np.iinfo(word).min, np.iinfo(word).max + 1
    given: dict[str, Array] = {
        "x": random.normal(size=(STEPS, BATCH, INPUTS)).astype("f4"),
        "w": random.integers(*bounds, (WAYS, INPUTS, 4 * SIZE)).astype(word),
        "r": random.integers(*bounds, (WAYS, SIZE, 4 * SIZE)).astype(word),
        "b": random.normal(size=(WAYS, 8 * SIZE)).astype("f4"),
        "h": random.normal(size=(WAYS, BATCH, SIZE)).astype("f4"),
        "c": random.normal(size=(WAYS, BATCH, SIZE)).astype("f4"),
        "ws": (random.random(scales) / 100).astype("f4"),
        "wz": np.full(scales, zero, word),
        "rs": (random.random(scales) / 100).astype("f4"),
        "rz": np.full(scales, zero, word),
    }
    words = {"float32": "float", "int8": "int8", "uint8": "uint8"}
    inputs = ", ".join(f"{words[a.dtype.name]}[{','.join(map(str, a.shape))}] {n}" for n, a in given.items())
    state = f"float[{WAYS},{BATCH},{SIZE}]"
    text = f"""<ir_version: 8, opset_import: ["" : 17, "com.microsoft" : 1]>
        g ({inputs}) => (float[{STEPS},{WAYS},{BATCH},{SIZE}] y, {state} yh, {state} yc) {{
        y, yh, yc = com.microsoft.DynamicQuantizeLSTM <direction = "bidirectional", hidden_size = {SIZE}>
            (x, w, r, b, , h, c, , ws, wz, rs, rz) }}"""
    with zellige.load(zellige.compile(parser.parse_model(text).SerializeToString()), cache=False) as program:
        results = program["main"](**given)
    for way in range(WAYS):
        rows, hidden, cell = lstm(given, way)
        for result, expected in ((results[0][:, way], rows), (results[1][way], hidden), (results[2][way], cell)):
            np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-5)
