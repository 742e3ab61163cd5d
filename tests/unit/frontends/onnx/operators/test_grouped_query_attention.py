"""GroupQueryAttention against attention over all tokens at once, in numpy; caches hold what tokens before have left."""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import zellige
from zellige.support.errors import CompileError, RuntimeTrap

Array = npt.NDArray[Any]

HEADS, GROUPS, SIZE, TURNED, TOKENS = 4, 2, 8, 6, 6

RANDOM = np.random.default_rng(6)
QUERY, KEY, VALUE = (RANDOM.normal(size=(2, n, TOKENS, SIZE)).astype(np.float32) for n in (HEADS, GROUPS, GROUPS))
ANGLES = np.outer(np.arange(16), 10.0 ** -np.arange(TURNED // 2))
TABLES = {"cosines": np.cos(ANGLES).astype(np.float32), "sines": np.sin(ANGLES).astype(np.float32)}

NAMES = ("query", "key", "value", "past_key", "past_value", "last", "total", "cosines", "sines")


def run(given: dict[str, Array], total: int | None, **attributes: Any) -> tuple[Array, Array, Array]:
    """The total length is an initialiser, or one of the operands."""
    names = [name if name in given or (name == "total" and total is not None) else "" for name in NAMES]
    attributes = {"num_heads": HEADS, "kv_num_heads": GROUPS, **attributes}
    node = helper.make_node("GroupQueryAttention", names, ["y", "k", "v"], "g", domain="com.microsoft", **attributes)
    kinds = {"float32": TensorProto.FLOAT, "int32": TensorProto.INT32}
    inputs = [helper.make_tensor_value_info(n, kinds[a.dtype.name], a.shape) for n, a in given.items()]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("y", "k", "v")]
    known = [] if total is None else [numpy_helper.from_array(np.array(total, np.int32), "total")]
    graph = helper.make_graph([node], "g", inputs, outputs, known)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model: onnx.ModelProto = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    with zellige.load(zellige.compile(model.SerializeToString()), cache=False) as program:
        y, key, value = (np.array(result) for result in program["main"](**given))
    return y, key, value


def rows(heads: Array) -> Array:
    """[batch, heads, positions, size] as operands have it."""
    batch, _, positions, _ = heads.shape
    return np.ascontiguousarray(heads.transpose(0, 2, 1, 3)).reshape(batch, positions, -1)


def rotated(heads: Array, *, is_interleaved: bool) -> Array:
    """Pairs of the first numbers as complex ones, turned."""
    first, second = heads[..., 0:TURNED:2], heads[..., 1:TURNED:2]
    if not is_interleaved:
        first, second = heads[..., : TURNED // 2], heads[..., TURNED // 2 : TURNED]
    turned = (first + 1j * second) * np.exp(1j * ANGLES[:TOKENS])
    made = heads.copy()
    if is_interleaved:
        made[..., 0:TURNED:2], made[..., 1:TURNED:2] = turned.real, turned.imag
    else:
        made[..., : TURNED // 2], made[..., TURNED // 2 : TURNED] = turned.real, turned.imag
    return made


def attended(query: Array, key: Array, value: Array, window: int = TOKENS, cap: float = 0.0) -> Array:
    """What each position reads of itself and those before it."""
    key, value = (np.repeat(each, HEADS // GROUPS, axis=1) for each in (key, value))
    scores = query @ key.swapaxes(2, 3) / np.sqrt(SIZE)
    scores = np.tanh(scores / cap) * cap if cap else scores
    apart = np.arange(TOKENS)[:, None] - np.arange(TOKENS)
    powers = np.where((apart >= 0) & (apart < window), np.exp(scores), 0)
    return rows(powers / powers.sum(-1, keepdims=True) @ value)


@pytest.mark.parametrize("is_interleaved", [False, True])
def test_a_prompt_and_then_each_token(is_interleaved: bool) -> None:
    query, key = (rotated(each, is_interleaved=is_interleaved) for each in (QUERY, KEY))
    expected = attended(query, key, VALUE)
    turns = {"do_rotary": 1, "rotary_interleaved": int(is_interleaved)}
    packed = np.concatenate([rows(each[:, :, :5]) for each in (QUERY, KEY, VALUE)], axis=2)
    given = {"query": packed, "last": np.array([4, 4], np.int32)} | TABLES
    made, *past = run(given, 5, **turns)
    np.testing.assert_allclose(made, expected[:, :5], atol=1e-5)
    for token in range(5, TOKENS):
        given = {
            **{n: rows(e[:, :, [token]]) for n, e in (("query", QUERY), ("key", KEY), ("value", VALUE))},
            "past_key": past[0],
            "past_value": past[1],
            "last": np.array([token, token], np.int32),
        }
        made, *past = run(given | TABLES, token + 1, **turns)
        np.testing.assert_allclose(made, expected[:, [token]], atol=1e-5)
    np.testing.assert_allclose(past[0], key, atol=1e-6)
    np.testing.assert_array_equal(past[1], VALUE)


def test_batches_with_pasts_of_different_length_in_caches_with_room() -> None:
    lengths = (5, 3)
    caches = [np.full((2, GROUPS, 9, SIZE), np.float32(99)) for _ in range(2)]
    for batch, length in enumerate(lengths):
        for cache, numbers in zip(caches, (KEY, VALUE), strict=True):
            cache[batch, :, :length] = numbers[batch, :, :length]
    given = {
        name: rows(np.stack([numbers[batch][:, [length]] for batch, length in enumerate(lengths)]))
        for name, numbers in (("query", QUERY), ("key", KEY), ("value", VALUE))
    }
    given |= {"past_key": caches[0], "past_value": caches[1], "last": np.array(lengths, np.int32)}
    made, key, _ = run(given | {"total": np.array(6, np.int32)}, None)
    expected = attended(QUERY, KEY, VALUE)
    for batch, length in enumerate(lengths):
        np.testing.assert_allclose(made[batch, 0], expected[batch, length], atol=1e-5)
        np.testing.assert_array_equal(key[batch, :, : length + 1], KEY[batch, :, : length + 1])
    with pytest.raises(RuntimeTrap, match="expected a total length of at most 9, the room of the past"):
        run(given | {"total": np.array(10, np.int32)}, None)


def test_a_window_and_scores_that_are_capped() -> None:
    given = {name: rows(each) for name, each in (("query", QUERY), ("key", KEY), ("value", VALUE))}
    given |= {"last": np.full(2, TOKENS - 1, np.int32)}
    made, _, _ = run(given, TOKENS, local_window_size=3, softcap=0.7)
    np.testing.assert_allclose(made, attended(QUERY, KEY, VALUE, window=3, cap=0.7), atol=1e-5)


def test_a_smooth_softmax_is_refused() -> None:
    given = {name: rows(each) for name, each in (("query", QUERY), ("key", KEY), ("value", VALUE))}
    given |= {"last": np.full(2, TOKENS - 1, np.int32)}
    with pytest.raises(CompileError, match="a smooth softmax, sinks of heads and quantised caches are not supported"):
        run(given, TOKENS, smooth_softmax=1)
