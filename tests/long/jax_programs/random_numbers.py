# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Functions of jax.random: counters that are hashed, and what is made of their bits."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, floats

jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")
random: Any = import_module("jax.random")

DISTRIBUTIONS: dict[str, dict[str, Any]] = {
    "uniform": {},
    "normal": {},
    "bits": {},
    "bernoulli": {"p": 0.3},
    "exponential": {},
    "gumbel": {},
    "laplace": {},
    "logistic": {},
    "cauchy": {},
    "truncated_normal": {"lower": -1.0, "upper": 2.0},
    "rademacher": {},
    "maxwell": {},
    "double_sided_maxwell": {"loc": 0.0, "scale": 1.0},
    "pareto": {"b": 2.0},
    "rayleigh": {"scale": 1.0},
    "weibull_min": {"scale": 1.0, "concentration": 2.0},
    "triangular": {"left": 0.0, "mode": 1.0, "right": 3.0},
    "gamma": {"a": 2.0},
    "beta": {"a": 2.0, "b": 3.0},
    "chisquare": {"df": 3.0},
    "t": {"df": 3.0},
    "poisson": {"lam": 3.0},
    "geometric": {"p": 0.3},
    "lognormal": {},
    "f": {"dfnum": 3.0, "dfden": 4.0},
    "wald": {"mean": 1.0},
    "loggamma": {"a": 2.0},
    "ball": {"d": 3},
    "generalized_normal": {"p": 1.5},
    "binomial": {"n": 9.0, "p": 0.3},
}


def cases() -> Iterator[Case]:
    key = np.array([7, 11], "uint32")
    for name, options in DISTRIBUTIONS.items():
        yield Case(name, lambda k, n=name, o=options: getattr(random, n)(k, shape=(5, 7), **o), (key,))
    for name, dtype in (
        ("uniform", "bfloat16"),
        ("normal", "float16"),
        ("uniform", "float64"),
        ("normal", "float64"),
        ("bits", "uint8"),
        ("bits", "uint64"),
        ("normal", "complex64"),
    ):
        yield Case(
            f"{name}_{dtype}", lambda k, n=name, d=dtype: getattr(random, n)(k, (5, 7), d), (key,), wide="64" in dtype
        )
    yield Case("randint", lambda k: random.randint(k, (5, 7), -10, 100), (key,))
    yield Case("randint_uint8", lambda k: random.randint(k, (5, 7), 0, 200, "uint8"), (key,))
    yield Case("split", lambda k: random.split(k, 5), (key,))
    yield Case("fold_in", random.fold_in, (key, np.uint32(3)))
    yield Case("typed_key", lambda s: random.normal(random.key(s), (5,)), (np.int32(3),))
    yield Case("prng_key", lambda s: random.uniform(random.PRNGKey(s), (5,)), (np.int32(-3),))
    yield Case("rbg", lambda s: random.bits(random.key(s, impl="rbg"), (5, 4)), (np.int32(3),))
    yield Case(
        "unsafe_rbg",
        lambda s: random.uniform(random.split(random.key(s, impl="unsafe_rbg"))[0], (5, 4)),
        (np.int32(3),),
    )
    yield Case("categorical", random.categorical, (key, floats(5, 7)))
    yield Case("choice", lambda k, x: random.choice(k, x, (4,)), (key, floats(9)))
    yield Case(
        "choice_weights", lambda k, x, p: random.choice(k, x, (4,), p=p), (key, floats(9), np.full(9, 1 / 9, "float32"))
    )
    yield Case("choice_without", lambda k, x: random.choice(k, x, (4,), replace=False), (key, floats(9)))
    yield Case("permutation", random.permutation, (key, floats(9, 2)))
    yield Case("permutation_of_range", lambda k: random.permutation(k, 12), (key,))
    yield Case(
        "permutation_independent", lambda k, x: random.permutation(k, x, axis=1, independent=True), (key, floats(4, 9))
    )
    yield Case("dirichlet", lambda k: random.dirichlet(k, jnp.array([1.0, 2.0, 3.0]), (4,)), (key,))
    yield Case("multinomial", lambda k: random.multinomial(k, 9, jnp.array([0.2, 0.3, 0.5])), (key,))
    yield Case("orthogonal", lambda k: random.orthogonal(k, 3), (key,), refused="geqrf")
    yield Case("vmap", jax.vmap(lambda k: random.normal(k, (3,))), (np.arange(8, dtype="uint32").reshape(4, 2),))
    yield Case("initializer_glorot", lambda k: jax.nn.initializers.glorot_normal()(k, (5, 7)), (key,))
    yield Case("initializer_he", lambda k: jax.nn.initializers.he_uniform()(k, (3, 3, 4, 5)), (key,))
