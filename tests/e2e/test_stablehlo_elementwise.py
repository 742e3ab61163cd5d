"""Elementwise StableHLO ops on edge cases of all types against numpy, one module of functions for each type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]

INTEGERS = ("i8", "i16", "i32", "i64", "ui8", "ui16", "ui32", "ui64")
FLOATS = ("f32", "f64")
NAMES = {name: name.replace("ui", "uint") if name[0] == "u" else name.replace("i", "int") for name in INTEGERS}
DTYPES: dict[str, np.dtype[Any]] = {
    "i1": np.dtype(np.bool_),
    "f32": np.dtype(np.float32),
    "f64": np.dtype(np.float64),
    **{kind: np.dtype(name) for kind, name in NAMES.items()},
}
ULPS = 4
"""How far functions that are not exact may be off; `docs/math.md` has the true errors."""


def samples(kind: str) -> Array:
    """Numbers where something changes: zeros, signs, limits, widths, halves."""
    dtype = DTYPES[kind]
    if kind == "i1":
        return np.array([False, True, True, False])
    if kind in FLOATS:
        info = np.finfo(dtype)
        magnitudes = [0.0, 1.0, 0.5, 1.5, 2.5, 3.0, 7.25, 1e10, float(info.max), float(info.smallest_subnormal), np.inf]
        return np.array([*magnitudes, *(-m for m in magnitudes), np.nan], dtype)
    info, bits = np.iinfo(dtype), 8 * dtype.itemsize
    numbers = {0, 1, 2, 3, 7, 100, bits - 1, bits, bits + 1, info.max, info.max - 1, info.min, info.min + 1}
    numbers |= set() if dtype.kind == "u" else {-1, -2, -3, -7, -100}
    return np.array(sorted(numbers), dtype)


@dataclass(frozen=True)
class Case:
    """A function of one op, its arguments, and what numpy says."""

    op: str
    kinds: tuple[str, ...]
    arguments: tuple[Array, ...]
    result_kind: str
    expected: Array
    is_exact: bool = True

    def text(self, name: str) -> str:
        count = len(self.arguments[0])
        types = [f"tensor<{count}x{kind}>" for kind in self.kinds]
        result = f"tensor<{count}x{self.result_kind}>"
        parameters = ", ".join(f"%a{i}: {type_}" for i, type_ in enumerate(types))
        operands = ", ".join(f"%a{i}" for i in range(len(types)))
        op, _, attributes = self.op.partition("|")
        operands = f"{attributes.partition('|')[0]}{operands}{attributes.partition('|')[2]}"
        return (
            f"func.func @{name}({parameters}) -> {result} {{ %r = stablehlo.{op} {operands} : "
            f"({', '.join(types)}) -> {result} return %r : {result} }}"
        )


def unary(
    op: str, kind: str, function: Callable[[Array], Any], result: str | None = None, *, is_exact: bool = True
) -> Case:
    x = samples(kind)
    result = result or kind
    with np.errstate(all="ignore"):
        return Case(op, (kind,), (x,), result, np.asarray(function(x)).astype(DTYPES[result]), is_exact)


def binary(
    op: str, kind: str, function: Callable[[Array, Array], Any], result: str | None = None, *, is_exact: bool = True
) -> Case:
    x, y = (grid.ravel() for grid in np.meshgrid(samples(kind), samples(kind)))
    result = result or kind
    with np.errstate(all="ignore"):
        expected = np.asarray(function(x, y)).astype(DTYPES[result])
    return Case(op, (kind, kind), (x, y), result, expected, is_exact)


def exactly(function: Callable[[int], int] | Callable[[int, int], int]) -> Callable[..., Array]:
    """A function of Python's integers on arrays, whose results wrap."""

    def apply(*arrays: Array) -> Array:
        bits = 8 * arrays[0].dtype.itemsize
        apply_to_numbers: Callable[..., int] = function
        results = [
            apply_to_numbers(*numbers) % (1 << bits) for numbers in zip(*(a.tolist() for a in arrays), strict=True)
        ]
        return np.array(results, f"u{bits // 8}").view(arrays[0].dtype)

    return apply


def quotient(x: int, y: int) -> int:
    if y == 0:
        return -1
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


def remainder(x: int, y: int) -> int:
    return x if y == 0 else abs(x) % abs(y) * (-1 if x < 0 else 1)


def power(bits: int) -> Callable[[int, int], int]:
    def of(x: int, y: int) -> int:
        if y >= 0:
            return pow(x, y, 1 << bits)
        return 1 if x == 1 else 0 if x != -1 else 1 - 2 * (y % 2)

    return of


def shift(bits: int, name: str) -> Callable[[int, int], int]:
    mask = (1 << bits) - 1

    def by(x: int, y: int) -> int:
        places = y & mask
        signed = (x & mask) - ((x & mask) >> (bits - 1) << bits)
        match name:
            case "left":
                return x << places if places < bits else 0
            case "right_logical":
                return (x & mask) >> places if places < bits else 0
            case _:
                return signed >> min(places, bits - 1)

    return by


def comparisons(kind: str) -> Iterator[Case]:
    relations = (np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
    for name, relation in zip(("EQ", "NE", "LT", "LE", "GT", "GE"), relations, strict=True):
        yield binary(f"compare|{name}, |", kind, relation, "i1")
        if kind in FLOATS:
            yield binary(f"compare|{name}, |, TOTALORDER", kind, in_total_order(relation), "i1")


def in_total_order(relation: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    def key(x: Array) -> Array:
        word = x.view(f"i{x.dtype.itemsize}")
        return np.where(word < 0, word ^ np.iinfo(word.dtype).max, word)

    return lambda x, y: relation(key(x), key(y))


def integer_cases(kind: str) -> Iterator[Case]:
    bits = 8 * DTYPES[kind].itemsize
    mask = (1 << bits) - 1
    yield from (
        binary(op, kind, f) for op, f in {"add": np.add, "subtract": np.subtract, "multiply": np.multiply}.items()
    )
    yield from (binary(op, kind, f) for op, f in {"maximum": np.maximum, "minimum": np.minimum}.items())
    yield from (
        binary(op, kind, f) for op, f in {"and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor}.items()
    )
    yield binary("divide", kind, exactly(quotient))
    yield binary("remainder", kind, exactly(remainder))
    yield binary("power", kind, exactly(power(bits)))
    for name in ("left", "right_logical", "right_arithmetic"):
        yield binary(f"shift_{name}", kind, exactly(shift(bits, name)))
    yield unary("abs", kind, np.abs)
    yield unary("negate", kind, exactly(int.__neg__))
    yield unary("not", kind, np.invert)
    yield unary("popcnt", kind, exactly(lambda x: int(x & mask).bit_count()))
    yield unary("count_leading_zeros", kind, exactly(lambda x: bits - int(x & mask).bit_length()))
    if kind[0] == "i":
        yield unary("sign", kind, np.sign)
    yield from comparisons(kind)
    for target in (*INTEGERS, *FLOATS, "i1"):
        yield unary("convert", kind, lambda x: x, target)


def signed_extreme(function: Callable[[Array, Array], Array], zero: Callable[[Array, Array], Array]) -> Any:
    """Maximum or minimum where -0 is less than 0."""

    def of(x: Array, y: Array) -> Array:
        zeros: Array = np.where(zero(np.signbit(x), np.signbit(y)), -0.0, 0.0).astype(x.dtype)
        return np.where((x == 0) & (y == 0), zeros, function(x, y))

    return of


def as_integers(kind: str) -> Callable[[Array], Array]:
    """Rounded to zero; beyond the limits, they; NaN is 0."""
    info = np.iinfo(DTYPES[kind])
    return lambda x: np.array([0 if v != v else int(min(max(v, info.min), info.max)) for v in x.tolist()], info.dtype)


def float_cases(kind: str) -> Iterator[Case]:
    arithmetic = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide}
    yield from (binary(op, kind, f) for op, f in arithmetic.items())
    yield binary("remainder", kind, np.fmod)
    yield binary("maximum", kind, signed_extreme(np.maximum, np.logical_and))
    yield binary("minimum", kind, signed_extreme(np.minimum, np.logical_or))
    yield binary("power", kind, in_long_double(np.power), is_exact=False)
    yield binary("atan2", kind, in_long_double(np.arctan2), is_exact=False)
    exact = {"abs": np.abs, "negate": np.negative, "ceil": np.ceil, "floor": np.floor, "sqrt": np.sqrt}
    yield from (unary(op, kind, f) for op, f in exact.items())
    yield unary("round_nearest_even", kind, np.round)
    yield unary("round_nearest_afz", kind, lambda x: np.where(abs(x) < 1e9, np.copysign(np.floor(abs(x) + 0.5), x), x))
    yield unary("sign", kind, lambda x: np.where((x == 0) | np.isnan(x), x, np.copysign(1, x)))
    yield unary("is_finite", kind, np.isfinite, "i1")
    functions: dict[str, Callable[[Array], Array]] = {
        "cbrt": np.cbrt,
        "cosine": np.cos,
        "exponential": np.exp,
        "exponential_minus_one": np.expm1,
        "log": np.log,
        "log_plus_one": np.log1p,
        "logistic": lambda x: 1 / (1 + np.exp(-x)),
        "rsqrt": lambda x: 1 / np.sqrt(x),
        "sine": np.sin,
        "tan": np.tan,
        "tanh": np.tanh,
    }
    for op, function in functions.items():
        yield unary(op, kind, in_long_double(function), is_exact=False)
    yield from comparisons(kind)
    yield unary("convert", kind, lambda x: x, "f32" if kind == "f64" else "f64")
    yield unary("convert", kind, lambda x: np.isnan(x) | (x != 0), "i1")
    for target in INTEGERS:
        yield unary("convert", kind, as_integers(target), target)


def in_long_double(function: Callable[..., Array]) -> Callable[..., Array]:
    return lambda *arrays: function(*(array.astype(np.longdouble) for array in arrays))


def boolean_cases(kind: str) -> Iterator[Case]:
    logical = {"add": np.logical_or, "multiply": np.logical_and, "maximum": np.logical_or, "minimum": np.logical_and}
    yield from (binary(op, kind, f) for op, f in logical.items())
    bitwise = {"and": np.logical_and, "or": np.logical_or, "xor": np.logical_xor}
    yield from (binary(op, kind, f) for op, f in bitwise.items())
    yield unary("not", kind, np.logical_not)
    yield from comparisons(kind)
    for target in (*INTEGERS, *FLOATS):
        yield unary("convert", kind, lambda x: x, target)


def cases(kind: str) -> list[Case]:
    """All that the specification has for a type."""
    if kind == "i1":
        return list(boolean_cases(kind))
    return list(float_cases(kind) if kind in FLOATS else integer_cases(kind))


def signless(array: Array) -> Array:
    return array.view(f"i{array.dtype.itemsize}") if array.dtype.kind == "u" else array


@pytest.mark.parametrize("kind", ["i8", "i32", "i64", "ui8", "ui32", "ui64", *FLOATS, "i1"])
def test_ops_are_those_of_the_specification(kind: str) -> None:
    posed = cases(kind)
    text = "\n".join(case.text(f"f{index}") for index, case in enumerate(posed))
    program = zellige.load(zellige.compile(text))
    for index, case in enumerate(posed):
        got = np.asarray(program[f"f{index}"](*map(signless, case.arguments)))
        check(case, got.view(case.expected.dtype))


def check(case: Case, got: Array) -> None:
    expected = case.expected
    same = got == expected
    if expected.dtype.kind == "f":
        same = (same & (np.signbit(got) == np.signbit(expected))) | (np.isnan(got) & np.isnan(expected))
        if not case.is_exact:
            with np.errstate(all="ignore"):
                same |= np.abs(got - expected) <= ULPS * np.spacing(np.abs(expected))
    wrong = np.flatnonzero(~same)[:4]
    shown = [([a[i] for a in case.arguments], got[i], expected[i]) for i in wrong]
    assert same.all(), f"{case.op} of {case.kinds} to {case.result_kind}: arguments, got, expected {shown}"


@pytest.mark.parametrize(("kind", "dtype"), [("bf16", ml_dtypes.bfloat16), ("f16", np.float16)])
def test_the_precision_of_small_floats_is_reduced(kind: str, dtype: type[np.generic]) -> None:
    numbers = np.array([0.0, 1.0, 1.13, -2.9, 3.3, 50000.0, 65000.0, -np.inf, np.nan]).astype(dtype)
    type_ = f"tensor<9x{kind}>"
    text = f"""
    func.func @main(%x: {type_}) -> {type_} {{
      %0 = stablehlo.reduce_precision %x, format = e5m2 : {type_}
      return %0 : {type_}
    }}"""
    with zellige.load(zellige.compile(text), cache=False) as program:
        got = program["main"](numbers)
    expected = numbers.astype(ml_dtypes.float8_e5m2).astype(dtype)
    np.testing.assert_array_equal(got.astype(np.float32), expected.astype(np.float32))
