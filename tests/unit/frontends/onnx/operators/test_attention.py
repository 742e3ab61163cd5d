"""Attention as onnxruntime writes it, against its definition in numpy."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt
from onnx import parser

import zellige

Array = npt.NDArray[Any]


def run(
    given: dict[str, Array], node: str, *shapes: tuple[int, ...], domain: str = "com.microsoft.", last: str = "float"
) -> list[Array]:
    """Results of these shapes, of f32 but for the last."""
    words = {"float32": "float", "int32": "int32", "int64": "int64"}
    inputs = ", ".join(f"{words[a.dtype.name]}[{','.join(map(str, a.shape))}] {n}" for n, a in given.items())
    types = [*["float"] * (len(shapes) - 1), last]
    results = ", ".join(f"{types[i]}[{','.join(map(str, shape))}] y{i}" for i, shape in enumerate(shapes))
    names = ", ".join(f"y{i}" for i in range(len(shapes)))
    domains = '"" : 17, "com.microsoft" : 1'
    text = f"<ir_version: 8, opset_import: [{domains}]> g ({inputs}) => ({results}) {{ {names} = {domain}{node} }}"
    made = zellige.load(zellige.compile(parser.parse_model(text).SerializeToString()))["main"](**given)
    return list(cast("tuple[Array, ...]", made if isinstance(made, tuple) else (made,)))


def normal(**shapes: tuple[int, ...]) -> dict[str, Array]:
    rng = np.random.default_rng(5)
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def attended(query: Array, key: Array, value: Array, mask: Array) -> Array:
    scores: Array = np.where(mask, query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1]), -10000)
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True) @ value


def heads(rows: Array, count: int) -> Array:
    return rows.reshape(*rows.shape[:2], count, -1).swapaxes(1, 2)


def test_keys_that_are_masked_are_not_looked_at() -> None:
    given = normal(q=(2, 3, 8), k=(2, 5, 8), v=(2, 5, 8), b=(24,))
    given["m"] = np.array([[1, 1, 1, 0, 0], [1, 0, 1, 1, 0]], np.int32)
    (made,) = run(given, "MultiHeadAttention <num_heads = 2> (q, k, v, b, m)", (2, 3, 8))
    rows = [heads(given[name] + bias, 2) for name, bias in zip("qkv", np.split(given["b"], 3), strict=True)]
    expected = attended(rows[0], rows[1], rows[2], given["m"][:, None, None] != 0)
    np.testing.assert_allclose(made, expected.swapaxes(1, 2).reshape(2, 3, 8), rtol=1e-4, atol=1e-5)


def test_the_present_follows_the_past_and_no_query_sees_later_keys() -> None:
    given = normal(x=(1, 3, 6), w=(6, 24), b=(24,), p=(2, 1, 2, 2, 4))
    made, present = run(
        given, "Attention <num_heads = 2, unidirectional = 1> (x, w, b, , p)", (1, 3, 8), (2, 1, 2, 5, 4)
    )
    query, key, value = (heads(part, 2) for part in np.split(given["x"] @ given["w"] + given["b"], 3, -1))
    key, value = (np.concatenate([past, now], 2) for past, now in zip(given["p"], (key, value), strict=True))
    np.testing.assert_allclose(present, np.stack([key, value]), rtol=1e-4, atol=1e-5)
    expected = attended(query, key, value, np.tri(3, 5, 2, dtype=np.bool_))
    np.testing.assert_allclose(made, expected.swapaxes(1, 2).reshape(1, 3, 8), rtol=1e-4, atol=1e-5)


def test_rotary_positions_turn_pairs() -> None:
    given = normal(x=(1, 2, 3, 8))
    angles = np.random.default_rng(6).random((9, 4))
    given |= {"c": np.cos(angles).astype(np.float32), "s": np.sin(angles).astype(np.float32)}
    places = {"p": np.array([[4, 0, 8]], np.int64)}
    made, *_ = run(given | places, "RotaryEmbedding <interleaved = 1> (x, p, c, s)", (1, 2, 3, 8))
    pairs = (given["x"][..., 0::2] + 1j * given["x"][..., 1::2]) * np.exp(1j * angles[[4, 0, 8]])
    expected = np.stack([pairs.real, pairs.imag], -1).reshape(1, 2, 3, 8)
    np.testing.assert_allclose(made, expected, rtol=1e-4, atol=1e-5)


def test_a_sum_is_divided_by_the_root_of_its_mean_square() -> None:
    given = normal(x=(2, 8), s=(2, 8), g=(8,))
    text = "SkipSimplifiedLayerNormalization <epsilon = 1e-5> (x, s, g)"
    (made,) = run(given, text, (2, 8))
    total = given["x"] + given["s"]
    expected = total / np.sqrt((total**2).mean(-1, keepdims=True) + 1e-5) * given["g"]
    np.testing.assert_allclose(made, expected, rtol=1e-4, atol=1e-5)


def test_the_same_without_a_sum_and_without_its_domain() -> None:
    given = normal(x=(2, 3, 8), g=(8,))
    (made,) = run(given, "SimplifiedLayerNormalization <epsilon = 1e-5> (x, g)", (2, 3, 8), domain="")
    expected = given["x"] / np.sqrt((given["x"] ** 2).mean(-1, keepdims=True) + 1e-5) * given["g"]
    np.testing.assert_allclose(made, expected, rtol=1e-4, atol=1e-5)


def test_words_places_and_kinds_are_added_and_normalised() -> None:
    given = normal(w=(20, 8), p=(6, 8), k=(2, 8), g=(8,), b=(8,))
    given |= {
        "i": np.array([[3, 19, 0, 7], [1, 1, 2, 0]], np.int32),
        "s": np.array([[0, 0, 1, 1], [1, 0, 0, 0]], np.int32),
        "m": np.array([[1, 1, 1, 1], [1, 1, 0, 0]], np.int32),
    }
    node = "EmbedLayerNormalization <epsilon = 1e-5> (i, s, w, p, k, g, b, m)"
    made, counts = run(given, node, (2, 4, 8), (2,), last="int32")
    total = given["w"][given["i"]] + given["p"][:4] + given["k"][given["s"]]
    centred = total - total.mean(-1, keepdims=True)
    expected = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * given["g"] + given["b"]
    np.testing.assert_allclose(made, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(counts, [4, 2])
