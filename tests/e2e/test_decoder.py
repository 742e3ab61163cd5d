"""A decoder whose keys and values stay on the device generates what it does when it reads everything again."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

import zellige
from tests.long.models.language_model import HALF_HEAD, ROPE_BASE, generate, step_text

Array = npt.NDArray[Any]

SHAPES = {
    "E": (1024, 128),
    "norm_f.gamma": (128,),
    "blocks.0.norm1.gamma": (128,),
    "blocks.0.attn.W_Q": (128, 128),
    "blocks.0.attn.W_K": (128, 64),
    "blocks.0.attn.W_V": (128, 64),
    "blocks.0.attn.W_O": (128, 128),
    "blocks.0.norm2.gamma": (128,),
    "blocks.0.ffn.W1": (128, 341),
    "blocks.0.ffn.W3": (128, 341),
    "blocks.0.ffn.W2": (341, 128),
}


def norm(x: Array, gamma: Array) -> Array:
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6) * gamma


def heads(x: Array, count: int) -> Array:
    """[position, head x element] as [head, position, element]."""
    return x.reshape(len(x), count, 2 * HALF_HEAD).transpose(1, 0, 2)


def turned(x: Array) -> Array:
    """Neighbouring pairs as complex numbers, turned by the angles of their positions."""
    positions: int = x.shape[1]
    angles = np.outer(np.arange(positions), ROPE_BASE ** (-np.arange(HALF_HEAD) / HALF_HEAD))
    pairs = (x[..., ::2] + 1j * x[..., 1::2]) * np.exp(1j * angles)
    return np.stack([pairs.real, pairs.imag], -1).reshape(x.shape)


def last_logits(weights: dict[str, Array], tokens: list[int]) -> Array:
    """Of one layer that reads all tokens at once, in double precision."""
    w = {name.removeprefix("blocks.0."): value.astype("f8") for name, value in weights.items()}
    x = w["E"][tokens]
    h = norm(x, w["norm1.gamma"])
    queries, keys = turned(heads(h @ w["attn.W_Q"], 4)), turned(heads(h @ w["attn.W_K"], 2))
    keys, values = (np.repeat(part, 2, axis=0) for part in (keys, heads(h @ w["attn.W_V"], 2)))
    scores = queries @ keys.transpose(0, 2, 1) / np.sqrt(2 * HALF_HEAD)
    powers = np.tril(np.exp(scores - scores.max()))
    read = (powers / powers.sum(-1, keepdims=True)) @ values
    x = x + read.transpose(1, 0, 2).reshape(len(x), 128) @ w["attn.W_O"]
    h = norm(x, w["norm2.gamma"])
    gate = h @ w["ffn.W1"]
    x = x + (gate / (1 + np.exp(-gate)) * (h @ w["ffn.W3"])) @ w["ffn.W2"]
    return norm(x, w["norm_f.gamma"])[-1] @ w["E"].T


def test_tokens_and_logits_are_those_of_the_whole_text() -> None:
    random = np.random.default_rng(0)
    weights = {name: random.normal(0, shape[0] ** -0.5, shape).astype("f4") for name, shape in SHAPES.items()}
    prompt = [3, 1, 4, 1, 5]
    tokens = list(prompt)
    with zellige.load(zellige.compile(step_text(weights)), cache=False) as program:
        for token, logits in generate(program, prompt, 50):
            expected = last_logits(weights, tokens)
            np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-5 * np.abs(expected).max())
            assert token == np.argmax(expected)
            tokens.append(token)
        again = [token for token, _ in generate(program, prompt, 20)]
    assert again == tokens[len(prompt) : len(prompt) + 20], "a reset forgets the caches"
