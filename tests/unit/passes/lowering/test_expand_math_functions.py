"""Errors and special values of the math functions; the oracles are numpy with more precision, mpmath, C23 Annex F."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.math_accuracy import (
    LIMITS_F32,
    LIMITS_F64,
    Expanded,
    Fusing,
    expand,
    function_text,
    true_values,
    ulp_errors,
)
from zellige.support.errors import CompileError

mpmath: Any = import_module("mpmath")  # it has no types

Array = npt.NDArray[Any]
INF, NAN = math.inf, math.nan
TWO_ARGUMENTS = ("powf", "atan2")


def expanded(name: str, kind: str) -> Expanded:
    return Expanded(expand(function_text(name, kind)))


def samples(dtype: npt.DTypeLike, count: int) -> Array:
    """Every exponent with random fractions, the usual ranges, the neighbourhood of 1, and the edges."""
    random = np.random.default_rng(2863)
    info = np.finfo(dtype)
    edges = [0.0, 1.0, 0.5, 2.0, float(info.max), float(info.tiny), float(info.smallest_subnormal), INF]
    bits = random.integers(0, 2 ** (8 * info.dtype.itemsize), count, dtype=np.uint64)
    everywhere = bits.astype(f"u{info.dtype.itemsize}").view(dtype)
    usual = [random.uniform(-limit, limit, count // 8) for limit in (1, 4, 20, 110)]
    near_one = 1 + random.uniform(-1e-3, 1e-3, count // 8)
    signed = np.concatenate([np.array([*edges, NAN]), *usual, near_one]).astype(dtype)
    return np.concatenate([signed, -signed, everywhere])


def arguments_of(name: str, dtype: npt.DTypeLike, count: int) -> tuple[Array, ...]:
    x = samples(dtype, count)
    return (x, np.random.default_rng(5137).permutation(x)) if name in TWO_ARGUMENTS else (x,)


@pytest.mark.parametrize("name", LIMITS_F32)
def test_errors_in_f32(name: str) -> None:
    function, arguments = expanded(name, "f32"), arguments_of(name, np.float32, 100_000)
    true = true_values(name, *arguments)
    for fusing in Fusing:
        errors = ulp_errors(function(*arguments, fusing=fusing), true)
        worst = int(np.argmax(errors))
        assert errors[worst] <= LIMITS_F32[name], f"{fusing}: {[argument[worst] for argument in arguments]}"


@pytest.mark.parametrize("name", LIMITS_F64)
def test_errors_in_f64(name: str) -> None:
    function, arguments = expanded(name, "f64"), arguments_of(name, np.float64, 20_000)
    true = true_values(name, *arguments)
    for fusing in Fusing:
        errors = ulp_errors(function(*arguments, fusing=fusing), true)
        worst = int(np.argmax(errors))
        assert errors[worst] <= LIMITS_F64[name], f"{fusing}: {[argument[worst] for argument in arguments]}"


@pytest.mark.parametrize("name", LIMITS_F32)
def test_vectors_are_computed_as_scalars_are(name: str) -> None:
    scalar, vector = expanded(name, "f32"), expanded(name, "vector<4xf32>")
    assert scalar.op_names == vector.op_names
    arguments = arguments_of(name, np.float32, 800)
    np.testing.assert_array_equal(vector(*arguments), scalar(*arguments))


def test_tanh_and_erf_never_pass_one() -> None:
    x = samples(np.float32, 400_000)
    for name in ("tanh", "erf"):
        for fusing in Fusing:
            results = expanded(name, "f32")(x, fusing=fusing)
            assert np.nanmax(np.abs(results)) == 1.0


@pytest.mark.parametrize(("name", "ratio"), [("sin", mpmath.sin), ("cos", mpmath.cos), ("tan", mpmath.tan)])
def test_huge_angles(name: str, ratio: Any) -> None:
    # 16367173 * 2^72 is the number of f32 that is closest to a multiple of pi / 2 for its size.
    x = np.array([1e38, -1e38, 3.4028235e38, 16367173.0 * 2.0**72, 1e10, 2.0**100, 710.0, 1e-40, 355.0], np.float32)
    with mpmath.workdps(80):
        true = np.array([float(ratio(mpmath.mpf(float(value)))) for value in x])
    for fusing in Fusing:
        assert np.max(ulp_errors(expanded(name, "f32")(x, fusing=fusing), true)) <= LIMITS_F32[name]


@pytest.mark.parametrize(("name", "ratio"), [("sin", mpmath.sin), ("cos", mpmath.cos), ("tan", mpmath.tan)])
def test_huge_angles_in_f64(name: str, ratio: Any) -> None:
    # 6381956970095103 * 2^797 is the number of f64 that is closest to a multiple of pi / 2.
    x = np.array([6381956970095103.0 * 2.0**797, -1.7e308, 1e22, 2.0**1000, 1e6, 355.0, 11.0, math.pi, 5e-324])
    x = np.concatenate([x, np.arange(1, 400) * (math.pi / 2)])
    with mpmath.workdps(400):
        true = np.array([np.longdouble(mpmath.nstr(ratio(mpmath.mpf(float(value))), 25)) for value in x])
    for fusing in Fusing:
        assert np.max(ulp_errors(expanded(name, "f64")(x, fusing=fusing), true)) <= LIMITS_F64[name]


SPECIAL_VALUES = [
    ("exp", (-INF, 0.0), (INF, INF), (0.0, 1.0), (-0.0, 1.0), (NAN, NAN)),
    ("exp2", (-INF, 0.0), (INF, INF), (3.0, 8.0), (-149.0, 2.0**-149), (127.0, 2.0**127), (NAN, NAN)),
    ("expm1", (-INF, -1.0), (INF, INF), (0.0, 0.0), (-0.0, -0.0), (NAN, NAN)),
    ("log", (0.0, -INF), (-0.0, -INF), (1.0, 0.0), (-1.0, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)),
    ("log2", (0.0, -INF), (8.0, 3.0), (2.0**-149, -149.0), (-1.0, NAN), (INF, INF), (NAN, NAN)),
    ("log10", (0.0, -INF), (1.0, 0.0), (-1.0, NAN), (INF, INF), (NAN, NAN)),
    ("log1p", (-1.0, -INF), (0.0, 0.0), (-0.0, -0.0), (-2.0, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)),
    ("sinh", (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN)),
    ("cosh", (0.0, 1.0), (INF, INF), (-INF, INF), (NAN, NAN)),
    ("tanh", (0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN)),
    ("asinh", (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN)),
    ("acosh", (1.0, 0.0), (0.5, NAN), (-2.0, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)),
    ("atanh", (0.0, 0.0), (-0.0, -0.0), (1.0, INF), (-1.0, -INF), (2.0, NAN), (-INF, NAN), (NAN, NAN)),
    ("sin", (0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (NAN, NAN)),
    ("cos", (0.0, 1.0), (-0.0, 1.0), (INF, NAN), (NAN, NAN)),
    ("tan", (0.0, 0.0), (-0.0, -0.0), (INF, NAN), (NAN, NAN)),
    ("asin", (0.0, 0.0), (-0.0, -0.0), (1.0, np.float32(math.pi / 2)), (2.0, NAN), (-INF, NAN), (NAN, NAN)),
    ("acos", (1.0, 0.0), (-1.0, np.float32(math.pi)), (-2.0, NAN), (INF, NAN), (NAN, NAN)),
    ("atan", (0.0, 0.0), (-0.0, -0.0), (INF, np.float32(math.pi / 2)), (-INF, np.float32(-math.pi / 2)), (NAN, NAN)),
    ("rsqrt", (0.0, INF), (-0.0, -INF), (INF, 0.0), (-1.0, NAN), (4.0, 0.5), (NAN, NAN)),
    ("cbrt", (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (-27.0, -3.0), (NAN, NAN)),
    ("erf", (0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN)),
    ("round", (0.5, 1.0), (-0.5, -1.0), (2.5, 3.0), (-2.4, -2.0), (-0.3, -0.0), (INF, INF), (NAN, NAN)),
    ("round", (0.49999997, 0.0), (8388609.0, 8388609.0), (-8388607.5, -8388608.0), (-0.0, -0.0)),
]


@pytest.mark.parametrize(("name", "cases"), [(name, cases) for name, *cases in SPECIAL_VALUES])
@pytest.mark.parametrize("fusing", Fusing)
def test_special_values(name: str, cases: list[tuple[float, float]], fusing: Fusing) -> None:
    x, expected = (np.array(column, np.float32) for column in zip(*cases, strict=True))
    got = expanded(name, "f32")(x, fusing=fusing)
    np.testing.assert_array_equal(got, expected)
    numbers = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(got[numbers]), np.signbit(expected[numbers]))


@pytest.mark.parametrize("name", TWO_ARGUMENTS)
@pytest.mark.parametrize("kind", ["f32", "f64"])
def test_special_values_of_two_arguments(name: str, kind: str) -> None:
    edges = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 16777215.0, 16777216.0, 3.4e38, 1e-45, INF, NAN]
    dtype = np.float32 if kind == "f32" else np.float64
    x, y = (grid.ravel() for grid in np.meshgrid(*[np.array([*edges, *(-e for e in edges)], dtype)] * 2))
    function = {"powf": _c_power, "atan2": math.atan2}[name]
    expected = np.array([function(float(a), float(b)) for a, b in zip(x, y, strict=True)])
    got = expanded(name, kind)(x, y)
    limits = LIMITS_F32 if kind == "f32" else LIMITS_F64
    assert np.max(ulp_errors(got, expected)) <= limits[name] + 0.5


def _c_power(x: float, y: float) -> float:
    """C's pow: Python's raises where C's gives an infinity or NaN."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -INF if x < 0 and y % 2 == 1 else INF
    except ValueError:
        if x != 0:
            return NAN
        return math.copysign(INF, x) if y % 2 == 1 else INF


def test_powers_with_an_integer_exponent() -> None:
    random = np.random.default_rng(1528)
    x = np.concatenate([samples(np.float32, 4000), np.full(3, NAN, np.float32)])
    y = random.integers(-40, 40, x.shape).astype(np.int32)
    y[:200] = random.integers(-(2**31), 2**31, 200)
    y[-3:] = 0
    got = expanded("fpowi i32", "f32")(x, y)
    assert np.max(ulp_errors(got, true_values("powf", x, y.astype(np.float64)))) <= 0.51


@pytest.mark.parametrize("exponent", [-64, -7, -2, -1, 0, 1, 2, 3, 4, 5, 31, 64, 65])
def test_powers_with_a_constant_exponent(exponent: int) -> None:
    text = (
        f"func.func @f(%x: f32) -> f32 {{ %n = arith.constant {exponent} : i32 "
        "%y = math.fpowi %x, %n : f32, i32 func.return %y : f32 }"
    )
    x = samples(np.float32, 4000)
    got = Expanded(expand(text))(x)
    assert np.max(ulp_errors(got, true_values("powf", x, np.full(x.shape, exponent)))) <= 1.51


@pytest.mark.parametrize(("kind", "dtype"), [("i8", np.int8), ("i32", np.int32), ("i64", np.int64)])
def test_integer_powers(kind: str, dtype: type[np.signedinteger[Any]]) -> None:
    bases = [0, 1, -1, 2, -2, 3, 7, -13, np.iinfo(dtype).min, np.iinfo(dtype).max]
    exponents = [0, 1, 2, 3, 6, 31, 100, -1, -2, -7]
    pairs = [(base, exponent) for base in bases for exponent in exponents if base or exponent >= 0]
    wrapped = [_whole_power(int(base), exponent) for base, exponent in pairs]
    bits = 8 * np.dtype(dtype).itemsize
    expected = np.array([(v + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1) for v in wrapped], dtype)
    x, y = (np.array(column, dtype) for column in zip(*pairs, strict=True))
    np.testing.assert_array_equal(expanded("ipowi", kind)(x, y), expected)


def _whole_power(base: int, exponent: int) -> int:
    if exponent >= 0:
        return base**exponent
    return int(1 / base**-exponent)


def test_remainders_are_loops_of_exact_steps() -> None:
    module = expand("func.func @f(%x: f32, %y: f32) -> f32 { %r = arith.remf %x, %y : f32 func.return %r : f32 }")
    names = [op.name for op in module.walk()]
    assert "scf.while" in names
    assert "arith.remf" not in names


def test_magnitude_of_integers() -> None:
    x = np.array([0, 5, -5, 2**31 - 1, -(2**31)], np.int32)
    np.testing.assert_array_equal(expanded("absi", "i32")(x), [0, 5, 5, 2**31 - 1, -(2**31)])


def test_what_is_not_written_is_refused() -> None:
    with pytest.raises(CompileError, match=r"'math.powf' on f16, f16 is not supported") as caught:
        expand(function_text("powf", "f16"))
    assert [note.message for note in caught.value.notes] == ["it is written for f32 and f64"]


@pytest.mark.parametrize(("name", "count"), [("exp", 32), ("tanh", 35), ("erf", 41), ("log", 36), ("rsqrt", 2)])
def test_the_hot_functions_stay_short(name: str, count: int) -> None:
    assert len(expanded(name, "vector<4xf32>").op_names) <= count
