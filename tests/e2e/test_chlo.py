"""Functions of CHLO against mpmath, their special values against scipy's conventions, and the ops around them."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige

mp: Any = import_module("mpmath")  # it has no types

Array = npt.NDArray[Any]
INF, NAN = math.inf, math.nan
RANDOM = np.random.default_rng(7411)


def compute(op: str, kind: str, *arguments: Array, result: str | None = None) -> Array:
    """The op on vectors of one length."""
    types = [f"tensor<{len(argument)}x{kind}>" for argument in arguments]
    result_type = f"tensor<{len(arguments[0])}x{result or kind}>"
    parameters = ", ".join(f"%a{i}: {type_}" for i, type_ in enumerate(types))
    operands = ", ".join(f"%a{i}" for i in range(len(types)))
    text = (
        f"func.func @main({parameters}) -> {result_type} {{ %r = chlo.{op} {operands} : "
        f"{', '.join(types)} -> {result_type} return %r : {result_type} }}"
    )
    return np.asarray(zellige.load(zellige.compile(text))["main"](*arguments))


def orders(count: int) -> Array:
    return np.floor(RANDOM.uniform(0, 8, count))


def log_gamma(x: Any) -> Any:
    return mp.log(abs(mp.gamma(x)))


def bessel(x: Any) -> Any:
    return mp.exp(-abs(x)) * mp.besseli(1, x)


def derivative_of_digamma(order: Any, x: Any) -> Any:
    return mp.polygamma(int(order), x)


COUNT = 60
NEAR_ONE = 1 - 10 ** RANDOM.uniform(-7, 0, COUNT)
FUNCTIONS: list[tuple[str, tuple[Array, ...], Callable[..., Any]]] = [
    ("bessel_i1e", (RANDOM.uniform(-30, 30, COUNT),), bessel),
    ("digamma", (RANDOM.uniform(-20, 20, COUNT),), mp.digamma),
    ("erfc", (RANDOM.uniform(-6, 26, COUNT),), mp.erfc),
    ("erf_inv", (np.concatenate([RANDOM.uniform(-1, 1, COUNT), NEAR_ONE]),), mp.erfinv),
    ("lgamma", (np.concatenate([RANDOM.uniform(-20, 20, COUNT), 10 ** RANDOM.uniform(-9, 9, COUNT)]),), log_gamma),
    ("polygamma", (orders(COUNT), RANDOM.uniform(0.1, 20, COUNT)), derivative_of_digamma),
    ("zeta", (RANDOM.uniform(1.1, 20, COUNT), RANDOM.uniform(0.1, 20, COUNT)), mp.zeta),
]


@pytest.mark.parametrize(("op", "arguments", "function"), FUNCTIONS, ids=[op for op, *_ in FUNCTIONS])
@pytest.mark.parametrize(("kind", "tolerance"), [("f32", 7e-8), ("f64", 3e-14)])
def test_functions(
    op: str, arguments: tuple[Array, ...], function: Callable[..., Any], kind: str, tolerance: float
) -> None:
    dtype = np.float32 if kind == "f32" else np.float64
    given = [argument.astype(dtype) for argument in arguments]
    with mp.workdps(50):
        exact = [function(*(mp.mpf(float(number)) for number in numbers)) for numbers in zip(*given, strict=True)]
    expected = np.array([np.longdouble(mp.nstr(number, 25)) for number in exact])
    normal = np.abs(expected) > np.finfo(dtype).tiny
    # Near a root of the logarithm of gamma and of its derivative it is the absolute error that counts.
    scale = np.abs(expected) + (1 if op in ("lgamma", "digamma") else 0)
    error = np.abs(compute(op, kind, *given) - expected) / scale
    assert error[normal].max() < tolerance


SPECIAL_VALUES = [
    ("erfc", [INF, -INF, NAN, 0.0], [0.0, 2.0, NAN, 1.0]),
    ("erf_inv", [1.0, -1.0, 1.5, NAN, 0.0, -0.0], [INF, -INF, NAN, NAN, 0.0, -0.0]),
    ("lgamma", [0.0, -1.0, -2.0, INF, -INF, NAN], [INF, INF, INF, INF, INF, NAN]),
    ("digamma", [0.0, -0.0, -1.0, -2.0, INF, NAN], [-INF, INF, NAN, NAN, INF, NAN]),
    ("bessel_i1e", [0.0, -0.0, NAN], [0.0, -0.0, NAN]),
]


@pytest.mark.parametrize(("op", "arguments", "expected"), SPECIAL_VALUES)
@pytest.mark.parametrize("kind", ["f32", "f64"])
def test_special_values(op: str, arguments: list[float], expected: list[float], kind: str) -> None:
    dtype = np.float32 if kind == "f32" else np.float64
    got = compute(op, kind, np.array(arguments, dtype))
    np.testing.assert_array_equal(got, np.array(expected, dtype))
    numbers = ~np.isnan(got)
    np.testing.assert_array_equal(np.signbit(got[numbers]), np.signbit(np.array(expected, dtype)[numbers]))


def test_special_values_of_zeta_and_polygamma() -> None:
    got = compute("zeta", "f64", np.array([1.0, 0.5, 2.0, 2.5, 2.0]), np.array([2.0, 2.0, -1.0, -0.5, NAN]))
    np.testing.assert_array_equal(got, [INF, NAN, INF, NAN, NAN])
    got = compute("polygamma", "f64", np.array([-1.0, 0.5, 1.0]), np.array([2.0, 2.0, 0.0]))
    np.testing.assert_array_equal(got, [NAN, NAN, INF])


@pytest.mark.parametrize("kind", ["f32", "f64"])
def test_next_after(kind: str) -> None:
    dtype = np.float32 if kind == "f32" else np.float64
    info = np.finfo(dtype)
    edges = np.array([0.0, 1.0, 2.0, float(info.smallest_subnormal), float(info.max), INF], dtype)
    x, y = (grid.ravel() for grid in np.meshgrid(*[np.concatenate([edges, -edges, [dtype(NAN)]])] * 2))
    with np.errstate(all="ignore"):
        expected = np.nextafter(x, y)
    got = compute("next_after", kind, x, y)
    np.testing.assert_array_equal(got, expected)
    numbers = ~np.isnan(got)
    np.testing.assert_array_equal(np.signbit(got[numbers]), np.signbit(expected[numbers]))


@pytest.mark.parametrize(
    ("op", "function"),
    [("is_inf", np.isinf), ("is_pos_inf", np.isposinf), ("is_neg_inf", np.isneginf)],
)
def test_infinities(op: str, function: Callable[[Array], Array]) -> None:
    x = np.array([INF, -INF, NAN, 0.0, 1.0], np.float32)
    np.testing.assert_array_equal(compute(op, "f32", x, result="i1"), function(x))


@pytest.mark.parametrize(
    ("kind", "bits"), [("i8", 8), ("ui8", 8), ("i32", 32), ("ui32", 32), ("i64", 64), ("ui64", 64)]
)
def test_upper_halves_of_products(kind: str, bits: int) -> None:
    info = np.iinfo(np.dtype(f"{'u' if kind[0] == 'u' else ''}int{bits}"))
    numbers = [0, 1, 3, info.max, info.max - 1, info.min, info.min + 1, 1 << (bits // 2), (1 << (bits // 2)) - 1]
    pairs = [(x, y) for x in numbers for y in numbers]
    x, y = (np.array(column, info.dtype).view(f"i{bits // 8}") for column in zip(*pairs, strict=True))
    got = compute("mulhi", kind, x, y).view(info.dtype)
    assert got.tolist() == [(a * b) >> bits for a, b in pairs]


def test_broadcasts_and_top_k() -> None:
    text = """
    func.func @main(%x: tensor<4x5xf32>, %y: tensor<5xf32>) -> (tensor<4x2xf32>, tensor<4x2xi32>) {
      %0 = chlo.broadcast_add %x, %y : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
      %1 = "chlo.constant_like"(%0) {value = 2.0 : f32} : (tensor<4x5xf32>) -> tensor<4x5xf32>
      %2 = chlo.broadcast_multiply %0, %1 : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
      %3, %4 = chlo.top_k(%2, k = 2) : tensor<4x5xf32> -> (tensor<4x2xf32>, tensor<4x2xi32>)
      return %3, %4 : tensor<4x2xf32>, tensor<4x2xi32>
    }
    """
    x, y = RANDOM.integers(-3, 3, (4, 5)).astype(np.float32), np.arange(5, dtype=np.float32)
    values, places = zellige.load(zellige.compile(text))["main"](x, y)
    whole = (x + y) * 2
    expected = np.argsort(-whole, axis=1, kind="stable")[:, :2]
    np.testing.assert_array_equal(np.asarray(places), expected)
    np.testing.assert_array_equal(np.asarray(values), np.take_along_axis(whole, expected, 1))
