# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Functions with symbolic dimensions, each compiled once for several sizes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, floats, integers

jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")


def cases() -> Iterator[Case]:
    weights = floats(6, 5)

    def one(
        name: str,
        function: Any,
        symbols: str = "b, 6",
        sizes: tuple[tuple[int, ...], ...] = ((3, 6), (1, 6), (7, 6)),
        kind: Any = floats,
        **options: Any,
    ) -> Case:
        first, *more = [(kind(*size),) for size in sizes]
        return Case(name, function, first, symbols=(symbols,), more_arguments=tuple(more), **options)

    yield one("dense", lambda x: jax.nn.relu(x @ weights + 1))
    yield one("softmax", jax.nn.softmax)
    yield one("softmax_open", lambda x: jax.nn.softmax(x, axis=0))
    yield one("mean_var", lambda x: (x - x.mean(0)) / jnp.sqrt(x.var(0) + 1e-3))
    yield one("reshape", lambda x: x.reshape(-1, 3))
    yield one("flatten", lambda x: x.reshape(-1))
    yield one("transpose", lambda x: x.T @ x)
    yield one("concatenate", lambda x: jnp.concatenate([x, x * 2], 0))
    yield one("stack", lambda x: jnp.stack([x, -x], 1))
    yield one("broadcast", lambda x: jnp.broadcast_to(x[:, None], (x.shape[0], 4, 6)))
    yield one("iota", lambda x: x + jnp.arange(x.shape[0])[:, None])
    yield one("size_as_number", lambda x: x.sum() / x.shape[0])
    yield one("pad", lambda x: jnp.pad(x, ((1, 2), (0, 1))))
    yield one("slice", lambda x: x[1:], sizes=((3, 6), (2, 6), (7, 6)))
    yield one("slice_last", lambda x: x[-1])
    yield one("stride", lambda x: x[::2])
    yield one("reverse", lambda x: x[::-1])
    yield one("index", lambda x: x[jnp.array([0, -1, 0])])
    yield one("index_set", lambda x: x.at[0].set(1.0))
    yield one("index_add", lambda x: x.at[jnp.arange(x.shape[0])].add(1.0))
    yield one("update_rows", lambda x: x.at[:, 2].set(0.0))
    yield one("sort", lambda x: jnp.sort(x, 0))
    yield one("argsort", lambda x: jnp.argsort(x, 0))
    yield one("argmax", lambda x: jnp.argmax(x, 0))
    yield one("top_k", lambda x: jax.lax.top_k(x, 2))
    yield one("cumsum", lambda x: jnp.cumsum(x, 1))
    yield one("cumsum_open", lambda x: jnp.cumsum(x, 0))
    yield one("cummax_open", lambda x: jax.lax.cummax(x, 0))
    yield one("tile", lambda x: jnp.tile(x, (2, 1)))
    yield one("repeat", lambda x: jnp.repeat(x, 2, axis=0))
    yield one("where", lambda x: jnp.where(x > 0, x, jnp.zeros_like(x)))
    yield one("norm", lambda x: jnp.linalg.norm(x, axis=1, keepdims=True))
    yield one(
        "one_hot", lambda x: jax.nn.one_hot(x, 6), "b", ((3,), (1,), (9,)), lambda *s: integers(*s, low=0, high=6)
    )
    yield one(
        "embedding", lambda i: jnp.asarray(weights)[i], "b, s", ((2, 3), (1, 5)), lambda *s: integers(*s, low=0, high=6)
    )
    yield one("scan", lambda x: jax.lax.scan(lambda c, r: (c * 0.5 + r, c.sum()), jnp.zeros(6), x))
    yield one("scan_batch", lambda x: jax.lax.scan(lambda c, r: (jnp.tanh(c + r), c), jnp.zeros((x.shape[0],)), x.T)[0])
    yield one("while_loop", lambda x: jax.lax.while_loop(lambda s: s.sum() < 100, lambda s: s * 2 + 1, jnp.abs(x)))
    yield one("fori_to_size", lambda x: jax.lax.fori_loop(0, x.shape[0], lambda i, s: s + x[i] * i, jnp.zeros(6)))
    yield one("cond", lambda x: jax.lax.cond(x.sum() > 0, lambda v: v, lambda v: -v, x))
    yield one("vmap", jax.vmap(lambda r: r @ weights))
    yield one("grad", jax.grad(lambda x: (jnp.tanh(x @ weights) ** 2).sum()))
    yield one("grad_of_index", jax.grad(lambda x: (x[0] ** 2).sum() + (x[jnp.array([0, 0])] ** 3).sum()))
    yield one("random_uniform", lambda x: jax.random.uniform(jax.random.PRNGKey(0), x.shape))
    yield one("random_normal", lambda x: x + jax.random.normal(jax.random.key(1), x.shape))
    yield one("dropout", lambda x: jnp.where(jax.random.bernoulli(jax.random.key(1), 0.5, x.shape), x * 2, 0.0))
    yield one("histogram", lambda x: jax.ops.segment_sum(x, jnp.clip(x[:, 0].astype("int32"), 0, 3), num_segments=4))
    yield one(
        "convolution",
        lambda x: jax.lax.conv_general_dilated(x, floats(4, 3, 3, 3), (2, 2), "SAME"),
        "b, 3, 8, 8",
        ((1, 3, 8, 8), (3, 3, 8, 8)),
    )
    yield one(
        "convolution_image",
        lambda x: jax.lax.conv(x, floats(4, 3, 3, 3), (1, 1), "VALID"),
        "b, 3, h, w",
        ((1, 3, 8, 9), (2, 3, 12, 5)),
    )
    yield one(
        "convolution_same",
        lambda x: jax.lax.conv(x, floats(4, 3, 3, 3), (1, 1), "SAME"),
        "1, 3, h, w",
        ((1, 3, 8, 9), (1, 3, 12, 5)),
    )
    yield one(
        "pooling",
        lambda x: jax.lax.reduce_window(x, -np.inf, jax.lax.max, (1, 2, 2), (1, 2, 2), "VALID"),
        "b, h, 8",
        ((1, 8, 8), (3, 6, 8)),
    )
    yield one("attention", _attention, "b, s, 8", ((1, 5, 8), (3, 1, 8), (2, 9, 8)))
    yield one(
        "attention_causal",
        lambda x: jax.nn.dot_product_attention(*[x.reshape(x.shape[0], x.shape[1], 2, 4)] * 3, is_causal=True),
        "b, s, 8",
        ((1, 5, 8), (3, 2, 8)),
    )
    yield one(
        "layer_norm",
        lambda x: (x - x.mean(-1, keepdims=True)) * jax.lax.rsqrt(x.var(-1, keepdims=True) + 1e-5),
        "b, s, 8",
        ((1, 5, 8), (3, 1, 8)),
    )
    yield one("merge_dimensions", lambda x: x.reshape(-1, 8) @ floats(8, 3), "b, s, 8", ((1, 5, 8), (3, 2, 8)))
    yield one(
        "split_heads",
        lambda x: x.reshape(x.shape[0], x.shape[1], 2, 4).transpose(0, 2, 1, 3),
        "b, s, 8",
        ((1, 5, 8), (3, 2, 8)),
    )
    yield one("arithmetic_of_sizes", lambda x: jnp.zeros((x.shape[0] * 2 + 1, 3)) + x.sum())
    yield one("constrained", lambda x: x.reshape(x.shape[0] // 2, 2, 6).sum(1), "2*b, 6", ((4, 6), (2, 6)))
    yield one("tri_mask", lambda x: jnp.tril(jnp.ones((x.shape[0], x.shape[0]))) @ x)
    yield one("einsum", lambda x: jnp.einsum("bsd,btd->bst", x, x), "b, s, 8", ((1, 5, 8), (3, 2, 8)))
    yield one("searchsorted", lambda x: jnp.searchsorted(jnp.arange(5.0), x.reshape(-1)))
    yield one("roll", lambda x: jnp.roll(x, 1, 0))
    yield one("outer_sum", lambda x: x[:, None] + x[None])
    yield one("median", lambda x: jnp.median(x, axis=1))
    yield one("fft", lambda x: jnp.abs(jnp.fft.rfft(x)))
    yield one("interleave", lambda x: jnp.stack([x, x], 1).reshape(-1, 6))
    yield one("top_k_rows", lambda x: jnp.take_along_axis(x, jax.lax.top_k(x, 2)[1], axis=1))
    yield one("dynamic_slice", lambda x: jax.lax.dynamic_slice_in_dim(x, x.shape[0] - 1, 1))
    yield one("dynamic_update", lambda x: jax.lax.dynamic_update_slice(x, jnp.ones((1, 6)), (x.shape[0] - 1, 0)))
    two = tuple((floats(b, s, 8), integers(b, s, low=0, high=2)) for b, s in ((2, 3), (1, 7)))
    yield Case("attention_mask", _attention, two[0], symbols=("b, s, 8", "b, s"), more_arguments=two[1:])
    pairs = tuple((floats(n, 4), floats(m, 4)) for n, m in ((2, 3), (5, 1)))
    yield Case(
        "distances",
        lambda a, b: ((a[:, None] - b[None]) ** 2).sum(-1),
        pairs[0],
        symbols=("n, 4", "m, 4"),
        more_arguments=pairs[1:],
    )
    yield Case(
        "concatenate_two",
        lambda a, b: jnp.concatenate([a, b]),
        pairs[0],
        symbols=("n, 4", "m, 4"),
        more_arguments=pairs[1:],
    )
    caches = tuple((floats(n, 4), floats(1, 4), np.int32(n - 1)) for n in (3, 6))
    yield Case(
        "cache_update",
        lambda c, v, i: jax.lax.dynamic_update_slice(c, v, (i, 0)),
        caches[0],
        symbols=("n, 4", "1, 4", ""),
        more_arguments=caches[1:],
    )


def _attention(x: Any, mask: Any = None) -> Any:
    scores = x @ x.swapaxes(1, 2) / 8**0.5
    if mask is not None:
        scores = jnp.where(mask[:, None] > 0, scores, -1e9)
    return jax.nn.softmax(scores) @ x
