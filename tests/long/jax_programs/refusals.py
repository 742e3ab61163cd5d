# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Programs that are not compiled: what the error says."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, complexes, floats, positive_definite

jnp: Any = import_module("jax.numpy")
jax: Any = import_module("jax")

LAPACK = {
    "eigh": "syevd",
    "qr": "geqrf",
    "svd": "gesdd",
    "solve": "getrf",
    "inv": "getrf",
    "eig": "geev",
    "cholesky": "potrf",
    "lstsq": "gesdd",
    "pinv": "gesdd",
    "matrix_rank": "gesdd",
    "slogdet": "getrf",
    "eigvals": "geev",
}


def cases() -> Iterator[Case]:
    matrix = positive_definite(4)
    for name, call in LAPACK.items():
        arguments = (matrix, floats(4, 2)) if name in ("solve", "lstsq") else (matrix,)
        yield Case(name, getattr(jnp.linalg, name), arguments, refused=call)
    yield Case("eigh_complex", jnp.linalg.eigh, (complexes(4, 4),), refused="heevd")
    yield Case("several_at_once", lambda a: (jnp.linalg.qr(a)[0], jnp.linalg.eigh(a)[0]), (matrix,), refused="syevd")
    yield Case(
        "cho_solve", lambda a, b: jax.scipy.linalg.cho_solve((a, True), b), (matrix, floats(4, 2)), refused="trsm"
    )
    yield Case(
        "io_callback",
        lambda a: jax.experimental.io_callback(np.sin, jax.ShapeDtypeStruct(a.shape, a.dtype), a),
        (floats(3),),
        refused="custom_call",
    )
