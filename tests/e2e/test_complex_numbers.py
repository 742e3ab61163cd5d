"""StableHLO's functions of complex numbers against numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]

CORNERS = [0, 3, -2, 2j, -0.5j, 1e-5 + 1e-6j, -1e-5 + 3e-6j, 30 + 2j, 40 - 20j, 1e15 - 1e16j, -1e-15 + 1e-17j]


def numbers(dtype: str, count: int = 60) -> Array:
    random = np.random.default_rng(3)
    spread = random.standard_normal(count) + 1j * random.standard_normal(count)
    return np.concatenate([CORNERS, spread]).astype(dtype)


def run(op: str, arguments: list[Array], element: str, result: str) -> Array:
    source, target = (f"tensor<{arguments[0].size}x{kind}>" for kind in (element, result))
    names = [f"%x{index}" for index in range(len(arguments))]
    types = source if source == target else f"({', '.join([source] * len(names))}) -> {target}"
    text = f"""
        func.func @main({", ".join(f"{name}: {source}" for name in names)}) -> {target} {{
          %0 = stablehlo.{op} {", ".join(names)} : {types}
          return %0 : {target}
        }}"""
    with zellige.load(zellige.compile(text), cache=False) as program:
        return program["main"](*arguments)


def assert_close(got: Array, expected: Array, tolerance: float) -> None:
    """Near in the plane: relative to the magnitude of the number."""
    assert got.dtype == expected.dtype
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(got), finite)
    error = np.abs(got[finite] - expected[finite])
    bound = tolerance * np.abs(expected[finite]) + np.finfo(got.dtype).tiny
    assert (error <= bound).all(), (got[finite][error > bound], expected[finite][error > bound])


UNARY: dict[str, Callable[[Array], Array]] = {
    "negate": np.negative,
    "exponential": np.exp,
    "exponential_minus_one": np.expm1,
    "log": np.log,
    "log_plus_one": lambda z: np.where(np.abs(z) < 1e-9, z, np.log1p(z)),  # numpy is inexact near zero
    "sqrt": np.sqrt,
    "sine": np.sin,
    "cosine": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "sign": lambda z: np.where(z == 0, z, z / np.where(z == 0, 1, np.abs(z))),
}


@pytest.mark.parametrize("name", list(UNARY))
def test_functions(name: str) -> None:
    x = numbers("c8")
    x = x[(x != 0) & (np.abs(x) < 50)] if name not in ("negate", "sqrt", "sign") else x
    with np.errstate(all="ignore"):
        expected = UNARY[name](x.astype(np.clongdouble)).astype("c8")
    assert_close(run(name, [x], "complex<f32>", "complex<f32>"), expected, 2e-6)


@pytest.mark.parametrize(
    ("name", "function"),
    [("add", np.add), ("subtract", np.subtract), ("multiply", np.multiply), ("divide", np.divide)],
)
@pytest.mark.parametrize(
    ("dtype", "element", "tolerance"), [("c8", "complex<f32>", 1e-6), ("c16", "complex<f64>", 1e-14)]
)
def test_arithmetic(name: str, function: Any, dtype: str, element: str, tolerance: float) -> None:
    x, y = numbers(dtype)[1:], numbers(dtype)[:0:-1]
    with np.errstate(all="ignore"):
        assert_close(run(name, [x, y], element, element), function(x, y), tolerance)


def test_a_quotient_does_not_overflow_on_the_way() -> None:
    x = np.array([1e30 + 1e30j, 1e-30 - 1e-30j], "c8")
    assert_close(run("divide", [x, x], "complex<f32>", "complex<f32>"), np.array([1, 1], "c8"), 1e-6)


def test_parts_and_magnitudes() -> None:
    x = numbers("c8")
    np.testing.assert_array_equal(run("real", [x], "complex<f32>", "f32"), np.real(x))
    np.testing.assert_array_equal(run("imag", [x], "complex<f32>", "f32"), np.imag(x))
    np.testing.assert_allclose(run("abs", [x], "complex<f32>", "f32"), np.abs(x.astype("c16")), rtol=1e-6)
    huge = np.array([3e38 + 3e37j, 1e-30 + 1e-31j, np.inf + 1j], "c8")
    np.testing.assert_allclose(run("abs", [huge], "complex<f32>", "f32"), np.abs(huge.astype("c16")), rtol=1e-6)


def test_loops_constants_and_moved_numbers() -> None:
    text = """
        func.func @main(%x: tensor<2x3xcomplex<f32>>) -> tensor<3x2xcomplex<f32>> {
          %i = stablehlo.constant dense<(0.0, 1.0)> : tensor<complex<f32>>
          %turns = stablehlo.broadcast_in_dim %i, dims = [] : (tensor<complex<f32>>) -> tensor<3x2xcomplex<f32>>
          %t = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xcomplex<f32>>) -> tensor<3x2xcomplex<f32>>
          %zero = stablehlo.constant dense<0> : tensor<i32>
          %one = stablehlo.constant dense<1> : tensor<i32>
          %three = stablehlo.constant dense<3> : tensor<i32>
          %r:2 = stablehlo.while(%n = %zero, %v = %t) : tensor<i32>, tensor<3x2xcomplex<f32>>
          cond {
            %c = stablehlo.compare LT, %n, %three : (tensor<i32>, tensor<i32>) -> tensor<i1>
            stablehlo.return %c : tensor<i1>
          } do {
            %next = stablehlo.add %n, %one : tensor<i32>
            %turned = stablehlo.multiply %v, %turns : tensor<3x2xcomplex<f32>>
            stablehlo.return %next, %turned : tensor<i32>, tensor<3x2xcomplex<f32>>
          }
          return %r#1 : tensor<3x2xcomplex<f32>>
        }"""
    x = numbers("c8")[-6:].reshape(2, 3)
    with zellige.load(zellige.compile(text), cache=False) as program:
        np.testing.assert_allclose(program["main"](x), x.T * -1j, rtol=1e-6)
