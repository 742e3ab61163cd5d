# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Functions of jax.numpy that move elements, and products."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, booleans, complexes, floats, integers, words

jnp: Any = import_module("jax.numpy")


def cases() -> Iterator[Case]:
    yield from _arrangements()
    yield from _indexing()
    yield from _products()


def _arrangements() -> Iterator[Case]:
    x = floats(4, 6)
    cube = floats(2, 3, 4)
    for name in [
        "transpose",
        "fliplr",
        "flipud",
        "ravel",
        "rot90",
        "squeeze",
        "tril",
        "triu",
        "diag",
        "diagonal",
        "atleast_3d",
        "matrix_transpose",
        "zeros_like",
    ]:
        for dtype in ("float32", "int8", "bfloat16", "bool"):
            data = (
                booleans(4, 6)
                if dtype == "bool"
                else integers(4, 6, dtype=dtype)
                if dtype == "int8"
                else x.astype(dtype)
            )
            yield Case(f"{name}_{dtype}", getattr(jnp, name), (data,))
        if name not in ("tril", "triu", "diag"):
            yield Case(f"{name}_complex64", getattr(jnp, name), (complexes(4, 6),))
    yield Case("reshape", lambda v: v.reshape(3, -1), (x,))
    yield Case("reshape_f", lambda v: v.reshape((3, 8), order="F"), (x,))
    yield Case("moveaxis", lambda v: jnp.moveaxis(v, 0, -1), (cube,))
    yield Case("swapaxes", lambda v: jnp.swapaxes(v, 0, 2), (cube,))
    yield Case("roll", lambda v: jnp.roll(v, 2), (x,))
    yield Case("roll_axis", lambda v, s: jnp.roll(v, s, axis=1), (x, np.int32(-3)))
    yield Case("repeat", lambda v: jnp.repeat(v, 3, axis=1), (x,))
    yield Case("repeat_each", lambda v, n: jnp.repeat(v, n, total_repeat_length=9), (floats(4), np.array([1, 3, 0, 4])))
    yield Case("tile", lambda v: jnp.tile(v, (2, 3)), (x,))
    for mode in words("constant edge reflect symmetric wrap linear_ramp maximum mean minimum median"):
        yield Case(f"pad_{mode}", lambda v, m=mode: jnp.pad(v, ((2, 1), (0, 3)), mode=m), (x,))
    yield Case("concatenate", lambda a, b: jnp.concatenate([a, b, a], 1), (x, floats(4, 3)))
    yield Case("stack", lambda a: jnp.stack([a, a + 1], 1), (x,))
    yield Case("dstack", lambda a: jnp.dstack([a, a + 1]), (x,))
    yield Case("block", lambda a: jnp.block([[a, a], [a, -a]]), (x,))
    yield Case("split", lambda a: jnp.split(a, 3, 1), (x,))
    yield Case("array_split", lambda a: jnp.array_split(a, 4, 1), (x,))
    yield Case("append", lambda a: jnp.append(a, a[:1], 0), (x,))
    yield Case("insert", lambda a: jnp.insert(a, 2, 7.0, axis=1), (x,))
    yield Case("delete", lambda a: jnp.delete(a, 2, axis=1), (x,))
    yield Case("trim_zeros_like", lambda a: a[1:-1, ::2], (x,))
    yield Case("flip", lambda a: a[::-1, ::-2], (x,))
    yield Case("meshgrid", jnp.meshgrid, (floats(3), floats(4)))
    yield Case("vander", lambda a: jnp.vander(a, 4), (floats(5),))
    yield Case("tri", lambda a: jnp.tri(4, 6, 1) * a, (x,))
    yield Case("fill_diagonal", lambda a: jnp.fill_diagonal(a, 3.0, inplace=False), (x,))
    yield Case("broadcast_to", lambda a: jnp.broadcast_to(a, (3, 4, 6)), (x,))
    yield Case("triu_indices", lambda a: a[jnp.triu_indices(4)], (floats(4, 4),))
    yield Case("hanning", lambda a: a * jnp.hanning(6), (x,))
    yield Case("kaiser", lambda a: a * jnp.kaiser(6, 14.0), (x,))


def _indexing() -> Iterator[Case]:
    x = floats(6, 8)
    places = integers(5, low=-6, high=6)
    for dtype in ("float32", "int8", "int64", "bfloat16", "bool", "complex64"):
        data = booleans(6, 8) if dtype == "bool" else complexes(6, 8) if dtype[0] == "c" else (x * 9).astype(dtype)
        wide = dtype == "int64"
        yield Case(f"take_{dtype}", lambda a, i: jnp.take(a, i, axis=0), (data, places), wide=wide)
        yield Case(f"index_{dtype}", lambda a, i: a[i, 2:5], (data, places), wide=wide)
        yield Case(f"index_set_{dtype}", lambda a, i: a.at[i].set(a[0]), (data, np.unique(places)), wide=wide)
        if dtype != "bool":
            yield Case(f"index_add_{dtype}", lambda a, i: a.at[i].add(a[:5]), (data, places), wide=wide)
            yield Case(f"index_mul_{dtype}", lambda a, i: a.at[i, 3].multiply(a[:5, 0]), (data, places), wide=wide)
    yield Case("take_clip", lambda a, i: jnp.take(a, i, axis=1, mode="clip"), (x, integers(5, low=-20, high=20)))
    yield Case("take_wrap", lambda a, i: jnp.take(a, i, axis=1, mode="wrap"), (x, integers(5, low=-20, high=20)))
    yield Case("take_fill", lambda a, i: jnp.take(a, i, axis=1, mode="fill"), (x, integers(5, low=-20, high=20)))
    yield Case("take_along_axis", lambda a, i: jnp.take_along_axis(a, i, axis=1), (x, integers(6, 3, low=0, high=8)))
    yield Case(
        "put_along_axis",
        lambda a, i: jnp.put_along_axis(a, i, 1.0, axis=1, inplace=False),
        (x, integers(6, 1, low=0, high=8)),
    )
    yield Case("put", lambda a, i: jnp.put(a, i, 1.0, inplace=False), (x, integers(6, low=0, high=8)))
    yield Case("choose", lambda i, a, b: jnp.choose(i, [a, b, a + b]), (integers(6, 8, low=0, high=3), x, x + 1))
    yield Case("index_max", lambda a, i: a.at[i].max(0.0), (x, places))
    yield Case("index_min", lambda a, i: a.at[:, i].min(0.0), (x, places))
    yield Case("index_apply", lambda a, i: a.at[i].apply(jnp.exp), (x, np.unique(places)))
    yield Case("index_divide", lambda a, i: a.at[i].divide(2.0), (x, places))
    yield Case("index_power", lambda a, i: a.at[i].power(2.0), (x, np.unique(places)))
    yield Case(
        "index_get_fill", lambda a, i: a.at[i].get(mode="fill", fill_value=-1.0), (x, integers(5, low=-20, high=20))
    )
    yield Case("index_drop", lambda a, i: a.at[i].set(9.0, mode="drop"), (x, integers(5, low=-20, high=20)))
    yield Case("index_clip", lambda a, i: a.at[i].add(9.0, mode="clip"), (x, integers(5, low=-20, high=20)))
    yield Case("index_pairs", lambda a, i, j: a[i, j], (x, places, integers(5, low=-8, high=8)))
    yield Case("index_outer", lambda a, i, j: a[i[:, None], j[None]], (x, places, integers(4, low=-8, high=8)))
    yield Case("index_split", lambda a, i: a[i, :, i], (floats(6, 3, 6), places))
    yield Case("index_scalar", lambda a, i: a[i, 1], (x, np.int32(-2)))
    yield Case("index_uint8", lambda a, i: a[i], (x, integers(4, low=0, high=6, dtype="uint8")))
    yield Case("slice_set", lambda a: a.at[1:3, ::2].set(0.0), (x,))
    yield Case("mask_set", lambda a: a.at[a > 0].set(0.0), (x,))
    yield Case("ravel_multi_index", lambda i, j: jnp.ravel_multi_index((i, j), (6, 8), mode="clip"), (places, places))
    yield Case("unravel_index", lambda i: jnp.unravel_index(i, (6, 8)), (integers(5, low=0, high=48),))
    yield Case("place", lambda a, m: jnp.place(a, m, jnp.array([1.0, 2.0]), inplace=False), (x, booleans(6, 8)))


def _products() -> Iterator[Case]:
    for dtype in ("float32", "float16", "bfloat16", "float64"):
        arguments = (floats(4, 6, dtype=dtype), floats(6, 5, dtype=dtype))
        yield Case(f"matmul_{dtype}", jnp.matmul, arguments, wide=dtype == "float64")
    a, b = floats(3, 4, 6), floats(3, 6, 5)
    yield Case("matmul_batch", jnp.matmul, (a, b))
    yield Case("matmul_vector", jnp.matmul, (a, floats(6)))
    yield Case(
        "matmul_wide_sum",
        lambda x, y: jnp.matmul(x, y, preferred_element_type="int32"),
        (integers(4, 6, dtype="int8"), integers(6, 5, dtype="int8")),
    )
    yield Case("matmul_mixed", jnp.matmul, (integers(4, 6, dtype="int8"), floats(6, 5)))
    yield Case("dot", jnp.dot, (a, b[0]))
    yield Case("inner", jnp.inner, (a, floats(5, 6)))
    yield Case("outer", jnp.outer, (floats(4), floats(5)))
    yield Case("kron", jnp.kron, (floats(2, 3), floats(3, 2)))
    yield Case("cross", jnp.cross, (floats(5, 3), floats(5, 3)[::-1].copy()))
    yield Case("tensordot", lambda x, y: jnp.tensordot(x, y, ((1, 2), (0, 1))), (floats(3, 4, 6), floats(4, 6, 5)))
    yield Case("vecdot", jnp.vecdot, (floats(4, 6), floats(4, 6)))
    yield Case("trace", jnp.trace, (floats(5, 7),))
    for number, spelling in enumerate(
        ("ij,jk->ik", "bij,bjk->bik", "ii->i", "ij->ji", "bhqd,bhkd->bhqk", "ij,j,jk->ik", "abc,cd->dab")
    ):
        letters = {letter: 2 + place for place, letter in enumerate("abcdhijkqk")}
        shapes = [tuple(letters[x] for x in part) for part in spelling.split("->")[0].split(",")]
        yield Case(f"einsum_{number}", lambda *t, s=spelling: jnp.einsum(s, *t), tuple(floats(*s) for s in shapes))
    yield Case("linalg.norm", lambda x: jnp.linalg.norm(x, axis=1), (floats(5, 7),))
    yield Case("linalg.norm_1", lambda x: jnp.linalg.norm(x, ord=1), (floats(5, 7),))
    yield Case("linalg.matrix_power", lambda x: jnp.linalg.matrix_power(x, 5), (floats(4, 4),))
    yield Case(
        "linalg.multi_dot", lambda x, y, z: jnp.linalg.multi_dot([x, y, z]), (floats(3, 4), floats(4, 5), floats(5, 2))
    )
