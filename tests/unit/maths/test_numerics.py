"""Scalar ops against numbers written by hand, the standard library, and the definitions in MLIR's documentation."""

import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from zellige.maths import numerics
from zellige.maths.numerics import Array

I8 = np.arange(-128, 128, dtype=np.int8)


def run(name: str, *operands: Array) -> Array:
    with np.errstate(all="ignore"):
        return {**numerics.EXACT, **numerics.INEXACT}[name](*operands)


def wrap(value: int) -> int:
    return (value + 128) % 256 - 128


DEFINITIONS: dict[str, Callable[[int, int], int]] = {
    "arith.addi": lambda a, b: wrap(a + b),
    "arith.subi": lambda a, b: wrap(a - b),
    "arith.muli": lambda a, b: wrap(a * b),
    "arith.divsi": lambda a, b: wrap(math.trunc(a / b)),
    "arith.remsi": lambda a, b: wrap(int(math.fmod(a, b))),
    "arith.divui": lambda a, b: wrap((a % 256) // (b % 256)),
    "arith.remui": lambda a, b: wrap((a % 256) % (b % 256)),
    "arith.floordivsi": lambda a, b: wrap(a // b),
    "arith.ceildivsi": lambda a, b: wrap(math.ceil(a / b)),
    "arith.ceildivui": lambda a, b: wrap(math.ceil((a % 256) / (b % 256))),
    "arith.minsi": min,
    "arith.maxsi": max,
    "arith.minui": lambda a, b: wrap(min(a % 256, b % 256)),
    "arith.maxui": lambda a, b: wrap(max(a % 256, b % 256)),
    "arith.andi": lambda a, b: a & b,
    "arith.ori": lambda a, b: a | b,
    "arith.xori": lambda a, b: a ^ b,
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_pair_of_8_bit_integers(name: str) -> None:
    for b in (-128, -127, -7, -1, 1, 2, 3, 127):
        expected = [DEFINITIONS[name](int(a), b) for a in I8]
        assert run(name, I8, np.int8(b) + np.zeros_like(I8)).tolist() == expected


@pytest.mark.parametrize("amount", range(8))
def test_shifts(amount: int) -> None:
    by = np.full_like(I8, amount)
    assert run("arith.shli", I8, by).tolist() == [wrap(int(a) << amount) for a in I8]
    assert run("arith.shrsi", I8, by).tolist() == [int(a) >> amount for a in I8]
    assert run("arith.shrui", I8, by).tolist() == [wrap((int(a) % 256) >> amount) for a in I8]


def test_bit_counts() -> None:
    assert run("math.ctpop", I8).tolist() == [bin(int(a) % 256).count("1") for a in I8]
    assert run("math.ctlz", I8).tolist() == [8 - (int(a) % 256).bit_length() for a in I8]
    trailing = [(x & -x).bit_length() - 1 if (x := int(a) % 256) else 8 for a in I8]
    assert run("math.cttz", I8).tolist() == trailing


def test_one_bit_is_unsigned_arithmetic_but_signed_order() -> None:
    a, b = np.array([False, False, True, True]), np.array([False, True, False, True])
    assert run("arith.addi", a, b).tolist() == [False, True, True, False]
    assert run("arith.maxsi", a, b).tolist() == [False, False, False, True]
    assert numerics.compare_integers(2, a, b).tolist() == [False, False, True, False]
    assert numerics.compare_integers(6, a, b).tolist() == [False, True, False, False]


def test_maximum_and_minimum_of_special_floats() -> None:
    a = np.array([0.0, -0.0, np.nan, 1.0, -0.0], np.float32)
    b = np.array([-0.0, 0.0, 1.0, np.nan, -0.0], np.float32)
    for name, zeros in (("arith.maximumf", [False, False, True]), ("arith.minimumf", [True, True, True])):
        result = run(name, a, b)
        assert np.signbit(result[[0, 1, 4]]).tolist() == zeros
        assert np.isnan(result[[2, 3]]).all()
    assert run("arith.maxnumf", a, b)[[2, 3]].tolist() == [1.0, 1.0]


def test_float_comparisons_with_nan() -> None:
    one, nan = np.array([1.0], np.float32), np.array([np.nan], np.float32)
    answers = [bool(numerics.compare_floats(predicate, one, nan)[0]) for predicate in range(16)]
    assert answers == [False] * 8 + [True] * 8
    answers = [bool(numerics.compare_floats(predicate, one, one)[0]) for predicate in range(16)]
    true_of_equal = (1, 3, 5, 7, 8, 10, 12, 15)  # oeq oge ole ord ueq uge ule true
    assert [predicate for predicate, answer in enumerate(answers) if answer] == [*true_of_equal]


def test_single_precision_rounds_once_per_op() -> None:
    a, b = np.array([16777216.0], np.float32), np.array([1.0], np.float32)
    assert run("arith.addf", a, b).dtype == np.float32
    assert run("arith.subf", run("arith.addf", a, b), a).tolist() == [0.0]


def test_casts() -> None:
    assert numerics.cast("arith.extui", np.array([-1], np.int8), np.dtype("i4")).tolist() == [255]
    assert numerics.cast("arith.extsi", np.array([True]), np.dtype("i4")).tolist() == [-1]
    assert numerics.cast("arith.uitofp", np.array([True]), np.dtype("f4")).tolist() == [1.0]
    assert numerics.cast("arith.uitofp", np.array([-1], np.int32), np.dtype("f8")).tolist() == [2.0**32 - 1]
    assert numerics.cast("arith.trunci", np.array([2, 3]), np.dtype("?")).tolist() == [False, True]
    assert numerics.cast("arith.fptosi", np.array([-1.9]), np.dtype("i4")).tolist() == [-1]
    bits = struct.unpack("<i", struct.pack("<f", 1.5))
    assert numerics.cast("arith.bitcast", np.array([1.5], np.float32), np.dtype("<i4")).tolist() == list(bits)


def test_rounding_of_halves() -> None:
    x = np.array([0.5, 1.5, 2.5, -0.5, -2.5])
    assert run("math.roundeven", x).tolist() == [0.0, 2.0, 2.0, -0.0, -2.0]
    assert run("math.round", x).tolist() == [1.0, 2.0, 3.0, -1.0, -3.0]


def test_integer_powers() -> None:
    base, exponent = np.array([2, -3, 2, 1, -1], np.int32), np.array([10, 3, -1, -5, -3], np.int32)
    assert run("math.ipowi", base, exponent).tolist() == [1024, -27, 0, 1, -1]


@pytest.mark.parametrize("source", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["arith.fptosi", "arith.fptoui"])
@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_floats_beyond_the_limits_of_integers(source: type[np.floating[Any]], name: str, width: int) -> None:
    to = np.dtype(f"i{width}")
    seen = np.dtype(f"u{width}") if name == "arith.fptoui" else to
    limits = np.iinfo(seen)
    edges = [0.0, 0.99, 1.5, 126.9, 127.5, 128.0, 128.9, 129.0, 255.9, 256.0, 32768.0, 65535.9]
    edges += [2.0**31 - 1, 2.0**31, 2.0**32, 2.0**63, 2.0**64, 1e30, math.inf]
    with np.errstate(over="ignore"):
        x = np.array([*edges, *(-edge for edge in edges), math.nan]).astype(source)
    expected = [0 if v != v else int(min(max(v, limits.min), limits.max)) for v in x.astype(np.float64).tolist()]
    assert numerics.cast(name, x, to).view(seen).tolist() == expected
