# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Functions of jax.lax: control flow, windows, products, indexing, sorting, linear algebra."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, booleans, complexes, floats, integers, positive_definite, words

jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")
lax: Any = import_module("jax.lax")

ONE = words(
    "acos acosh asin asinh atan atanh bessel_i0e bessel_i1e cbrt ceil cos cosh digamma erf erf_inv erfc "
    "exp exp2 expm1 floor integer_pow is_finite lgamma log log1p logistic neg reciprocal round rsqrt sign "
    "sin sinh sqrt square tan tanh"
)


def cases() -> Iterator[Case]:
    yield from _control_flow()
    yield from _elementwise()
    yield from _orders()
    yield from _scans()
    yield from _linear_algebra()


def _control_flow() -> Iterator[Case]:
    x = floats(4, 5)
    yield Case("cond", lambda p, v: lax.cond(p, lambda a: a + 1, lambda a: a * 2, v), (np.bool_(True), x))
    yield Case(
        "cond_tuple", lambda p, v: lax.cond(p > 2, lambda a: (a, a.sum()), lambda a: (-a, 0.0), v), (np.int32(3), x)
    )
    yield Case("cond_vmap", jax.vmap(lambda p, v: lax.cond(p, jnp.sin, jnp.cos, v)), (booleans(4), x))
    branches = [lambda a: a, lambda a: a * a, jnp.exp]
    for index in (-1, 0, 1, 2, 9):
        yield Case(f"switch_{index}", lambda i, v: lax.switch(i, branches, v), (np.int32(index), x))
    yield Case(
        "while_loop",
        lambda n: lax.while_loop(lambda s: s[0] < n, lambda s: (s[0] + 1, s[1] * 1.5), (0, 1.0)),
        (np.int32(7),),
    )
    yield Case(
        "while_newton",
        lambda a: lax.while_loop(lambda s: jnp.abs(s * s - a) > 1e-4, lambda s: 0.5 * (s + a / s), a),
        (np.float32(7),),
    )
    yield Case(
        "while_vmap",
        jax.vmap(lambda n: lax.while_loop(lambda s: s < n, lambda s: s * 2 + 1, 0)),
        (integers(6, low=0, high=90),),
    )
    yield Case("fori_static", lambda v: lax.fori_loop(0, 10, lambda i, s: s + i * v, v), (x,))
    yield Case("fori_dynamic", lambda n, v: lax.fori_loop(0, n, lambda i, s: s.at[i % 4].add(1.0), v), (np.int32(9), x))
    yield Case("fori_unroll", lambda v: lax.fori_loop(0, 8, lambda i, s: s * 0.5 + i, v, unroll=4), (x,))
    yield Case("scan", lambda v: lax.scan(lambda c, r: (c + r, c * r), jnp.zeros(5), v), (x,))
    yield Case("scan_reverse", lambda v: lax.scan(lambda c, r: (c + r, c * r), jnp.zeros(5), v, reverse=True), (x,))
    yield Case("scan_unroll", lambda v: lax.scan(lambda c, r: (c * 0.5 + r, c), jnp.zeros(5), v, unroll=2), (x,))
    yield Case("scan_ints", lambda v: lax.scan(lambda c, r: (c ^ r, c + r), 7, v), (integers(30),))
    yield Case("scan_no_inputs", lambda v: lax.scan(lambda c, _: (c * 0.9, c.sum()), v, None, length=6), (x,))
    yield Case(
        "scan_pytree",
        lambda v: lax.scan(
            lambda c, r: ({"a": c["a"] + r[0], "b": c["b"] * 2}, {"y": c["a"]}), {"a": jnp.zeros(5), "b": 1.0}, (v, v)
        ),
        (x,),
    )
    yield Case("scan_of_scan", lambda v: lax.scan(lambda c, r: lax.scan(lambda d, e: (d + e, d), c, r), 0.0, v), (x,))
    yield Case(
        "scan_grad", jax.grad(lambda v: lax.scan(lambda c, r: (jnp.tanh(c + r), c), jnp.zeros(5), v)[0].sum()), (x,)
    )
    yield Case("map", lambda v: lax.map(lambda r: r / r.sum(), v), (x,))
    yield Case("map_batched", lambda v: lax.map(lambda r: r * 2, v, batch_size=2), (floats(5, 3),))
    yield Case(
        "bools_carried",
        lambda v: lax.while_loop(lambda s: s[0], lambda s: (s[1] < 5, s[1] + 1), (True, v)),
        (np.int32(0),),
    )
    yield Case(
        "custom_root",
        lambda a: lax.custom_root(
            lambda v: v**3 - a,
            a,
            lambda f, s: lax.fori_loop(0, 20, lambda _, v: v - f(v) / (3 * v * v), s),
            lambda g, y: y / g(1.0),
        ),
        (np.float32(5),),
    )
    yield Case("stop_gradient", jax.grad(lambda v: (v * lax.stop_gradient(v)).sum()), (x,))
    yield Case("optimization_barrier", lambda v: lax.optimization_barrier((v, v + 1)), (x,))
    yield Case("platform_dependent", lambda v: lax.platform_dependent(v, cpu=jnp.sin, default=jnp.cos), (x,))


def _elementwise() -> Iterator[Case]:
    for name in ONE:
        function = partial(lax.integer_pow, y=3) if name == "integer_pow" else getattr(lax, name)
        low, high = {"acosh": (1.1, 3)}.get(name, (0.05, 0.95))
        for dtype in ("float32", "float16", "bfloat16", "float64"):
            yield Case(
                f"{name}_{dtype}", function, (floats(5, 7, low=low, high=high, dtype=dtype),), wide=dtype == "float64"
            )
    for name in words("igamma igammac random_gamma_grad polygamma zeta nextafter atan2 pow rem"):
        low = 1.5 if name in ("zeta",) else 0.2
        first = (
            integers(5, 7, low=0, high=4).astype("float32") if name == "polygamma" else floats(5, 7, low=low, high=4)
        )
        yield Case(name, getattr(lax, name), (first, floats(5, 7, low=0.2, high=4)[::-1].copy()))
    yield Case(
        "regularized_incomplete_beta",
        lax.betainc,
        (floats(5, 7, low=0.2, high=4), floats(7, 5, low=0.2, high=4).T.copy(), floats(5, 7, low=0.05, high=0.9)),
    )
    for name in ("clz", "population_count"):
        for dtype in ("int8", "uint8", "int16", "int32", "uint32", "int64"):
            yield Case(f"{name}_{dtype}", getattr(lax, name), (integers(5, 7, dtype=dtype),), wide=dtype == "int64")
    for name in ("shift_left", "shift_right_arithmetic", "shift_right_logical"):
        for dtype in ("int8", "int32", "uint32"):
            yield Case(
                f"{name}_{dtype}",
                getattr(lax, name),
                (integers(5, 7, dtype=dtype), integers(5, 7, low=0, high=40, dtype=dtype)),
            )
    yield Case(
        "round_even",
        lambda v: lax.round(v, lax.RoundingMethod.TO_NEAREST_EVEN),
        (np.array([0.5, 1.5, -0.5, -1.5, 2.5], "float32"),),
    )
    yield Case(
        "round_away",
        lambda v: lax.round(v, lax.RoundingMethod.AWAY_FROM_ZERO),
        (np.array([0.5, 1.5, -0.5, -1.5, 2.5], "float32"),),
    )
    yield Case("reduce_precision", lambda v: lax.reduce_precision(v, 5, 10), (floats(5, 7),))
    yield Case("clamp", lambda v: lax.clamp(-1.0, v, 1.0), (floats(5, 7),))
    yield Case("bitcast_widen", lambda v: lax.bitcast_convert_type(v, "uint32"), (integers(3, 4, dtype="uint8"),))
    yield Case("bitcast_narrow", lambda v: lax.bitcast_convert_type(v, "uint8"), (floats(3, 4),))
    yield Case("convert", lambda v: lax.convert_element_type(v, "bfloat16"), (floats(3, 4),))
    yield Case("complex", lax.complex, (floats(3, 4), floats(3, 4)))
    yield Case(
        "nary_select", lax.select_n, (integers(3, 4, low=0, high=3), floats(3, 4), floats(3, 4) + 1, floats(3, 4) * 2)
    )
    yield Case("iota", lambda v: lax.broadcasted_iota("int32", (3, 4), 1) + v, (np.int32(3),))
    factors = (integers(5, low=-(2**31), high=2**31 - 1), integers(5, low=-(2**30), high=2**31 - 1))
    yield Case("mulhi", lax.mulhi, factors)


def _orders() -> Iterator[Case]:
    x = floats(4, 9)
    special = np.array([[np.nan, 1, -0.0, 0.0, -np.inf, np.inf, -1, np.nan]], "float32")
    yield Case("sort", lax.sort, (x,))
    yield Case("sort_first", lambda v: lax.sort(v, dimension=0), (x,))
    yield Case("sort_nans", lax.sort, (special,))
    yield Case("sort_pairs", lambda a, b: lax.sort((a, b), num_keys=1), (integers(4, 9, low=0, high=3), x))
    yield Case(
        "sort_two_keys",
        lambda a, b, c: lax.sort((a, b, c), num_keys=2),
        (integers(4, 9, low=0, high=3), integers(4, 9, low=0, high=4), x),
    )
    for dtype in words("int8 uint8 int64 uint32 bfloat16 float16 bool complex64"):
        values = (
            booleans(4, 9)
            if dtype == "bool"
            else complexes(4, 9)
            if dtype[0] == "c"
            else integers(4, 9, dtype=dtype)
            if "int" in dtype
            else x.astype(dtype)
        )
        yield Case(f"sort_{dtype}", lax.sort, (values,), wide=dtype == "int64")
        if dtype not in ("complex64", "bool"):
            yield Case(f"top_k_{dtype}", lambda v: lax.top_k(v, 3), (values,), wide=dtype == "int64")
    yield Case("top_k", lambda v: lax.top_k(v, 4), (x,))
    yield Case("top_k_nans", lambda v: lax.top_k(v, 4), (special,))
    yield Case("top_k_axis", lambda v: lax.top_k(v, 2, axis=0), (x,))
    yield Case("top_k_grad", jax.grad(lambda v: lax.top_k(v, 2)[0].sum()), (x,))
    yield Case("approx_max_k", lambda v: lax.approx_max_k(v, 3), (x,))
    yield Case("approx_min_k", lambda v: lax.approx_min_k(v, 3), (x,))
    yield Case("argsort_descending", lambda v: jnp.argsort(v, descending=True), (x,))
    yield Case("argsort_stable", lambda v: jnp.argsort(v, stable=True), (integers(4, 9, low=0, high=3),))
    yield Case("sort_grad", jax.grad(lambda v: (lax.sort(v) * jnp.arange(9.0)).sum()), (x,))
    yield Case("sort_long", lax.sort, (floats(5000),))


def _scans() -> Iterator[Case]:
    for name in ("cumsum", "cumprod", "cummax", "cummin", "cumlogsumexp"):
        for dtype in ("float32", "bfloat16", "int32"):
            if dtype == "int32" and name == "cumlogsumexp":
                continue
            data = integers(5, 11, low=-3, high=3) if dtype == "int32" else floats(5, 11, dtype=dtype)
            yield Case(f"{name}_{dtype}", lambda v, n=name: getattr(lax, n)(v, axis=1), (data,))
            yield Case(f"{name}_{dtype}_reverse", lambda v, n=name: getattr(lax, n)(v, axis=0, reverse=True), (data,))
    yield Case("cumsum_grad", jax.grad(lambda v: (lax.cumsum(v, 1) ** 2).sum()), (floats(5, 11),))
    yield Case("associative_scan", lambda v: lax.associative_scan(jnp.add, v, axis=1), (floats(5, 11),))
    yield Case(
        "associative_scan_pairs",
        lambda a, b: lax.associative_scan(lambda p, q: (p[0] * q[0], p[1] * q[0] + q[1]), (a, b)),
        (floats(13, 3), floats(13, 3)),
    )
    yield Case(
        "associative_scan_matrices",
        lambda a: lax.associative_scan(jnp.matmul, a),
        (floats(7, 3, 3, low=-0.5, high=0.5),),
    )


def _linear_algebra() -> Iterator[Case]:
    matrix = positive_definite(5)
    batch = np.stack([positive_definite(4), positive_definite(4) * 2])
    triangle = np.tril(matrix)
    yield Case(
        "triangular_solve_lower",
        lambda a, b: lax.linalg.triangular_solve(a, b, left_side=True, lower=True),
        (triangle, floats(5, 3)),
        refused="trsm",
    )
    yield Case("cholesky", lax.linalg.cholesky, (batch,), refused="potrf")
    yield Case("determinant_3", jnp.linalg.det, (floats(3, 3),))
    yield Case("tridiagonal_by_scan", _thomas, (floats(6), floats(6, low=3, high=5), floats(6), floats(6)))
    yield Case(
        "conjugate_gradient",
        lambda a, b: jax.scipy.sparse.linalg.cg(lambda v: a @ v, b, maxiter=20)[0],
        (matrix, floats(5)),
    )
    yield Case("expm", jax.scipy.linalg.expm, (floats(4, 4),), refused="getrf")
    yield Case("toeplitz", jax.scipy.linalg.toeplitz, (floats(5),))
    yield Case("block_diag", jax.scipy.linalg.block_diag, (floats(2, 3), floats(3, 2)))


def _thomas(lower: Any, middle: Any, upper: Any, right: Any) -> Any:
    """A tridiagonal system, forward and back."""

    def forward(carry: Any, row: Any) -> Any:
        ratio, value = carry
        a, b, c, d = row
        scale = b - a * ratio
        new = (c / scale, (d - a * value) / scale)
        return new, new

    _, (ratios, values) = lax.scan(forward, (jnp.float32(0), jnp.float32(0)), (lower, middle, upper, right))
    return lax.scan(lambda x, row: (row[1] - row[0] * x,) * 2, jnp.float32(0), (ratios, values), reverse=True)[1]
