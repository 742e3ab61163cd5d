"""Recurrent operators against their equations, step by step in numpy: directions, lengths, peepholes, activations."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from onnx import parser

import zellige

Array = npt.NDArray[Any]
Cell = Callable[[Array, tuple[Array, ...], int], tuple[Array, ...]]

STEPS, BATCH, INPUTS, SIZE = 4, 3, 5, 2


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def run(operands: dict[str, Array], node: str, outputs: list[tuple[int, ...]]) -> tuple[Array, ...]:
    words = {"float32": "float", "int32": "int32"}
    inputs = ", ".join(f"{words[a.dtype.name]}[{','.join(map(str, a.shape))}] {n}" for n, a in operands.items())
    results = ", ".join(f"float[{','.join(map(str, shape))}] y{i}" for i, shape in enumerate(outputs))
    names = ", ".join(f"y{i}" for i in range(len(outputs)))
    text = f'<ir_version: 10, opset_import: ["" : 20]> g ({inputs}) => ({results}) {{ {names} = {node} }}'
    return zellige.load(zellige.compile(parser.parse_model(text).SerializeToString()))["main"](**operands)


def rolled(cell: Cell, x: Array, state: tuple[Array, ...], way: int, lengths: Array) -> tuple[Array, tuple[Array, ...]]:
    """Rows and last states; the second way goes backwards within the length of each sequence."""
    rows = np.zeros((len(x), *state[0].shape), np.float32)
    for step in range(len(x)) if way == 0 else reversed(range(len(x))):
        is_there = (step < lengths)[:, None]
        after = cell(x[step], state, way)
        rows[step] = np.where(is_there, after[0], 0)
        state = tuple(np.where(is_there, new, old) for new, old in zip(after, state, strict=True))
    return rows, state


def operands(gates: int, ways: int) -> dict[str, Array]:
    rng = np.random.default_rng(gates)
    shapes = {
        "x": (STEPS, BATCH, INPUTS),
        "w": (ways, gates * SIZE, INPUTS),
        "r": (ways, gates * SIZE, SIZE),
        "b": (ways, 2 * gates * SIZE),
        "h": (ways, BATCH, SIZE),
    }
    made: dict[str, Array] = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    return made | {"l": np.array([4, 1, 2], np.int32)}


def check(
    given: dict[str, Array], results: tuple[Array, ...], cell: Cell, starts: tuple[Array, ...], ways: int
) -> None:
    for way in range(ways):
        state = tuple(start[way] for start in starts)
        rows, state = rolled(cell, given["x"], state, way, given["l"])
        np.testing.assert_allclose(results[0][:, way], rows, rtol=1e-4, atol=1e-5)
        for result, last in zip(results[1:], state, strict=True):
            np.testing.assert_allclose(result[way], last, rtol=1e-4, atol=1e-5)


def test_lstm_in_both_directions_with_peepholes() -> None:
    given = operands(4, 2)
    rng = np.random.default_rng(1)
    given |= {"c": rng.normal(size=(2, BATCH, SIZE)).astype(np.float32)}
    given |= {"p": rng.normal(size=(2, 3 * SIZE)).astype(np.float32)}

    def cell(x: Array, state: tuple[Array, ...], way: int) -> tuple[Array, ...]:
        hidden, memory = state
        bias = given["b"][way].reshape(2, -1).sum(0)
        i, o, f, c = np.split(x @ given["w"][way].T + hidden @ given["r"][way].T + bias, 4, -1)
        p_i, p_o, p_f = np.split(given["p"][way], 3)
        memory_after = sigmoid(f + p_f * memory) * memory + sigmoid(i + p_i * memory) * np.tanh(c)
        return sigmoid(o + p_o * memory_after) * np.tanh(memory_after), memory_after

    node = f'LSTM <hidden_size = {SIZE}, direction = "bidirectional"> (x, w, r, b, l, h, c, p)'
    results = run(given, node, [(STEPS, 2, BATCH, SIZE), (2, BATCH, SIZE), (2, BATCH, SIZE)])
    check(given, results, cell, (given["h"], given["c"]), 2)


@pytest.mark.parametrize("resets_products", [0, 1])
def test_gru_resets_the_state_or_its_products(resets_products: int) -> None:
    given = operands(3, 1)

    def cell(x: Array, state: tuple[Array, ...], way: int) -> tuple[Array, ...]:
        (hidden,) = state
        (w_z, w_r, w_h), (r_z, r_r, r_h) = (np.split(given[name][way], 3) for name in "wr")
        b_z, b_r, b_h, c_z, c_r, c_h = np.split(given["b"][way], 6)
        z = sigmoid(x @ w_z.T + hidden @ r_z.T + b_z + c_z)
        r = sigmoid(x @ w_r.T + hidden @ r_r.T + b_r + c_r)
        inner = r * (hidden @ r_h.T + c_h) if resets_products else (r * hidden) @ r_h.T + c_h
        return ((1 - z) * np.tanh(x @ w_h.T + inner + b_h) + z * hidden,)

    node = f"GRU <hidden_size = {SIZE}, linear_before_reset = {resets_products}> (x, w, r, b, l, h)"
    check(given, run(given, node, [(STEPS, 1, BATCH, SIZE), (1, BATCH, SIZE)]), cell, (given["h"],), 1)


def test_activations_take_their_numbers_in_turn() -> None:
    given = operands(1, 2)

    def cell(x: Array, state: tuple[Array, ...], way: int) -> tuple[Array, ...]:
        sums: Array = x @ given["w"][way].T + state[0] @ given["r"][way].T + given["b"][way].reshape(2, -1).sum(0)
        bent: Array = 0.3 * np.tanh(0.4 * sums) if way == 0 else np.where(sums >= 0, sums, 0.5 * np.expm1(sums))
        return (bent,)

    node = f"""RNN <hidden_size = {SIZE}, direction = "bidirectional", activations = ["ScaledTanh", "Elu"],
        activation_alpha = [0.3, 0.5], activation_beta = [0.4]> (x, w, r, b, l, h)"""
    check(given, run(given, node, [(STEPS, 2, BATCH, SIZE), (2, BATCH, SIZE)]), cell, (given["h"],), 2)


def test_an_unknown_activation_is_named() -> None:
    given = operands(1, 1)
    node = f'RNN <hidden_size = {SIZE}, activations = ["Swish"]> (x, w, r, b, l, h)'
    with pytest.raises(zellige.CompileError, match="activation is 'Swish', expected one of affine, elu"):
        run(given, node, [(STEPS, 1, BATCH, SIZE), (1, BATCH, SIZE)])
