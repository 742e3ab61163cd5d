# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""What jax makes of functions: nested jit and vmap, derivatives, checkpoints, donations, solvers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, booleans, complexes, floats, integers

jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")


def cases() -> Iterator[Case]:
    x = floats(4, 5)

    def f(v: Any) -> Any:
        return jnp.sin(v) * v.sum() + jnp.tanh(v**2)

    yield Case("jit_of_jit", lambda v: jax.jit(lambda a: jax.jit(f)(a) + 1)(v) + jax.jit(f)(v * 2), (x,))
    yield Case("vmap", jax.vmap(f), (x,))
    yield Case("vmap_of_vmap", jax.vmap(jax.vmap(lambda a, b: a * b + 1, (None, 0)), (0, None)), (floats(3), floats(4)))
    yield Case("vmap_axes", jax.vmap(lambda a, b: a @ b, (1, 0), 1), (floats(5, 4), floats(4, 5, 3)))
    yield Case("vmap_collectives", jax.vmap(lambda a: a / jax.lax.psum(a, "i"), axis_name="i"), (x,))
    yield Case("vmap_pmax", jax.vmap(lambda a: a - jax.lax.pmax(a, "i"), axis_name="i"), (x,))
    yield Case("grad", jax.grad(lambda v: f(v).sum()), (x,))
    yield Case("value_and_grad", jax.value_and_grad(lambda v: f(v).sum()), (x,))
    yield Case("grad_of_grad", jax.grad(lambda v: jax.grad(lambda w: f(w).sum())(v).sum()), (x,))
    yield Case("jacfwd", jax.jacfwd(f), (floats(4),))
    yield Case("jacrev", jax.jacrev(f), (floats(4),))
    yield Case("hessian", jax.hessian(lambda v: f(v).sum()), (floats(4),))
    yield Case("jvp", lambda v, t: jax.jvp(f, (v,), (t,)), (x, x + 1))
    yield Case("vjp", lambda v, t: jax.vjp(f, v)[1](t), (x, x + 1))
    yield Case("linearize", lambda v, t: jax.linearize(f, v)[1](t), (x, x))
    yield Case("checkpoint", jax.grad(lambda v: jax.checkpoint(f)(v).sum()), (x,))
    yield Case("custom_jvp", jax.grad(lambda v: jax.nn.relu(v).sum()), (x,))
    yield Case("grad_complex", jax.grad(lambda v: jnp.abs(jnp.exp(v) * v).sum(), holomorphic=False), (complexes(4),))
    yield Case("grad_where", jax.grad(lambda v: jnp.where(v > 0, jnp.log(jnp.abs(v) + 1), v**2).sum()), (x,))
    yield Case("grad_max", jax.grad(lambda v: v.max(1).sum() + jnp.linalg.norm(v)), (x,))
    yield Case("grad_logsumexp", jax.grad(lambda v: jax.nn.logsumexp(v, 1).sum()), (x,))
    yield Case("grad_fft", jax.grad(lambda v: jnp.abs(jnp.fft.rfft(v)).sum()), (floats(3, 12),))
    yield Case("grad_cumsum", jax.grad(lambda v: (jnp.cumsum(v) ** 2).sum()), (floats(9),))
    yield Case("grad_cumprod", jax.grad(lambda v: jnp.cumprod(v).sum()), (floats(9),))
    yield Case(
        "grad_interp", jax.grad(lambda v: jnp.interp(v, jnp.linspace(-2, 2, 6), jnp.arange(6.0)).sum()), (floats(9),)
    )
    yield Case("donated", jax.jit(lambda a, b: (a + b, a * 2), donate_argnums=(0,)), (x, x))
    yield Case(
        "donated_tree",
        jax.jit(lambda s, b: {"n": s["n"] + 1, "w": s["w"] - b}, donate_argnums=(0,)),
        ({"n": np.int32(2), "w": x}, x),
    )
    yield Case("static", jax.jit(lambda a, n=3: a * n), (x,))
    yield Case("unused_argument", lambda a, b, c: a + c, (x, integers(3), x))
    yield Case("constant_result", lambda a: (jnp.arange(3), 2.0, a), (x,))
    yield Case("argument_as_result", lambda a, b: (b, a, a), (x, booleans(3)))
    yield Case("scalar_arguments", lambda a, b: a * b + 1, (2.5, 3))
    yield Case("tree", lambda t: {"y": t["a"] @ t["b"][0], "z": [t["b"][1]]}, ({"a": x, "b": (floats(5, 3), x)},))
    yield Case("empty_array", lambda a: (jnp.concatenate([a, a]), a.sum()), (np.zeros((0, 3), "float32"),))
    yield Case("no_argument", lambda: jnp.arange(6.0).reshape(2, 3))
    yield Case(
        "float64", lambda a: jnp.linalg.norm(jnp.exp(a)) + jax.nn.softmax(a), (floats(9, dtype="float64"),), wide=True
    )
    yield Case("int64_mixed", lambda a, b: (a + b, a // 3, a @ b), (integers(9, dtype="int64"), integers(9)), wide=True)
    yield Case("odeint_rk4", _rk4, (floats(3), np.linspace(0, 1, 9, dtype="float32")))
    yield Case(
        "odeint",
        lambda y, t: jax.experimental.ode.odeint(lambda v, _: -v, y, t),
        (floats(3), np.linspace(0, 1, 4, dtype="float32")),
    )
    yield Case("minimize_gradient_descent", _descent, (floats(5),))
    yield Case("pallas_free_softmax", jax.named_call(jax.nn.softmax, name="soft"), (x,))
    yield Case("constants_large", lambda a: a @ jnp.asarray(floats(64, 64)), (floats(3, 64),))
    yield Case(
        "pure_callback",
        lambda a: jax.pure_callback(np.sin, jax.ShapeDtypeStruct(a.shape, a.dtype), a),
        (x,),
        refused="custom_call",
    )
    yield Case("debug_print", _printing, (x,), refused="custom_call")
    yield Case("named_scope", _scoped, (x,))
    yield Case(
        "fori_of_switch",
        lambda v: jax.lax.fori_loop(
            0, 6, lambda i, s: jax.lax.switch(i % 3, [jnp.sin, jnp.cos, lambda a: a * 2], s), v
        ),
        (x,),
    )
    yield Case("mixture_of_experts", _experts, (floats(12, 8), floats(8, 4), floats(4, 8, 8)))
    yield Case("beam_search", _beams, (floats(6, 6),))
    yield Case("viterbi", _viterbi, (floats(5, 5), floats(9, 5)))
    yield Case("kalman", _kalman, (floats(12, 2), np.eye(2, dtype="float32")))
    yield Case("kmeans", _kmeans, (floats(30, 2), floats(4, 2)))
    yield Case(
        "game_of_life", lambda b: jax.lax.fori_loop(0, 5, lambda _, s: _life(s), b), (integers(12, 12, low=0, high=2),)
    )
    yield Case("mandelbrot", _mandelbrot, (complexes(6, 6),))
    yield Case("levenshtein", _levenshtein, (integers(7, low=0, high=4), integers(9, low=0, high=4)))
    yield Case("prime_sieve", _sieve, (np.int32(50),))
    yield Case("bitonic", partial(jnp.sort, descending=True), (integers(33),))


def _rk4(start: Any, times: Any) -> Any:
    def step(y: Any, dt: Any) -> Any:
        k1 = jnp.sin(y)
        k2 = jnp.sin(y + dt / 2 * k1)
        k3 = jnp.sin(y + dt / 2 * k2)
        y = y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + jnp.sin(y + dt * k3))
        return y, y

    return jax.lax.scan(step, start, jnp.diff(times))


def _descent(start: Any) -> Any:
    gradient = jax.grad(lambda v: ((v - 1) ** 2).sum() + jnp.cos(v).sum())
    return jax.lax.while_loop(
        lambda s: (jnp.abs(s[1]).max() > 1e-3) & (s[2] < 200),
        lambda s: (s[0] - 0.1 * s[1], gradient(s[0]), s[2] + 1),
        (start, gradient(start), 0),
    )


def _printing(v: Any) -> Any:
    jax.debug.print("sum {}", v.sum())
    return v


def _scoped(v: Any) -> Any:
    with jax.named_scope("block"):
        return v * 2


def _experts(tokens: Any, gate: Any, weights: Any) -> Any:
    scores, chosen = jax.lax.top_k(jax.nn.softmax(tokens @ gate), 2)
    return jnp.einsum("tk,tkd->td", scores, jnp.einsum("td,tkde->tke", tokens, weights[chosen]))


def _beams(table: Any) -> Any:
    scores, last = jnp.zeros(3), jnp.arange(3)

    def step(carry: Any, _: Any) -> Any:
        scores, last = carry
        total = (scores[:, None] + table[last]).reshape(-1)
        scores, flat = jax.lax.top_k(total, 3)
        return (scores, flat % 6), (flat // 6, flat % 6)

    return jax.lax.scan(step, (scores, last), None, length=5)


def _viterbi(moves: Any, seen: Any) -> Any:
    def step(score: Any, row: Any) -> Any:
        total = score[:, None] + moves
        return total.max(0) + row, total.argmax(0)

    last, back = jax.lax.scan(step, seen[0], seen[1:])
    return jax.lax.scan(lambda state, row: (row[state], row[state]), last.argmax(), back, reverse=True)[1]


def _kalman(seen: Any, noise: Any) -> Any:
    def step(carry: Any, z: Any) -> Any:
        mean, cov = carry
        cov = cov + 0.1 * noise
        s = cov + noise
        det = s[0, 0] * s[1, 1] - s[0, 1] * s[1, 0]
        inverse = jnp.array([[s[1, 1], -s[0, 1]], [-s[1, 0], s[0, 0]]]) / det
        gain = cov @ inverse
        mean = mean + gain @ (z - mean)
        return (mean, (jnp.eye(2) - gain) @ cov), mean

    return jax.lax.scan(step, (jnp.zeros(2), noise), seen)


def _kmeans(points: Any, centres: Any) -> Any:
    def step(_: Any, centres: Any) -> Any:
        near = jnp.argmin(((points[:, None] - centres) ** 2).sum(-1), 1)
        counts = jax.ops.segment_sum(jnp.ones(len(points)), near, 4)
        return jax.ops.segment_sum(points, near, 4) / jnp.maximum(counts, 1)[:, None]

    return jax.lax.fori_loop(0, 6, step, centres)


def _life(board: Any) -> Any:
    around = sum(jnp.roll(board, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)) - board
    return ((around == 3) | ((board == 1) & (around == 2))).astype(board.dtype)


def _mandelbrot(c: Any) -> Any:
    def step(_: Any, state: Any) -> Any:
        z, n = state
        z = jnp.where(jnp.abs(z) < 2, z * z + c, z)
        return z, n + (jnp.abs(z) < 2)

    return jax.lax.fori_loop(0, 12, step, (jnp.zeros_like(c), jnp.zeros(c.shape, "int32")))[1]


def _levenshtein(a: Any, b: Any) -> Any:
    def row(previous: Any, letter: Any) -> Any:
        def cell(left: Any, above: Any) -> Any:
            diagonal, up, other = above
            best = jnp.minimum(jnp.minimum(left, up) + 1, diagonal + (letter != other))
            return best, best

        first = previous[0] + 1
        _, rest = jax.lax.scan(cell, first, (previous[:-1], previous[1:], b))
        return jnp.concatenate([first[None], rest]), None

    return jax.lax.scan(row, jnp.arange(b.shape[0] + 1), a)[0][-1]


def _sieve(limit: Any) -> Any:
    numbers = jnp.arange(64)

    def step(i: Any, prime: Any) -> Any:
        return jnp.where((numbers % i == 0) & (numbers > i), False, prime)

    return jax.lax.fori_loop(2, limit // 6, step, numbers > 1)
