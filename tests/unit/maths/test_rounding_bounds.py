"""The bound on what rounding can do, and the measure of what it did."""

from __future__ import annotations

import numpy as np
import pytest

from zellige.maths.rounding_bounds import Difference, difference, difference_bound, gamma

F32, F64 = np.dtype("f4"), np.dtype("f8")


def test_gamma_is_the_sum_of_roundings():
    assert gamma(1, F32) == pytest.approx(2**-24, rel=1e-6)
    assert gamma(1000, F64) == pytest.approx(1000 * 2**-53, rel=1e-12)
    assert gamma(2**24, F32) == np.inf


@pytest.mark.parametrize("length", [3, 64, 1000])
def test_sums_in_any_order_are_within_the_bound(length: int):
    """Left to right, pairwise and in eight lanes, of products whose signs make them cancel."""
    generator = np.random.default_rng(length)
    a, b = generator.standard_normal((2, length)).astype(np.float32)
    products = a * b
    one_by_one = np.float32(0)
    for product in products:
        one_by_one += product
    lanes = [np.add.reduce(products[lane::8], dtype=np.float32) for lane in range(8)]
    in_lanes = np.float32(0)
    for lane in lanes:
        in_lanes += lane
    exact = float(np.dot(a.astype(np.float64), b.astype(np.float64)))
    scale = float(np.abs(products.astype(np.float64)).sum())
    results = [float(one_by_one), float(in_lanes), float(np.float32(exact))]
    assert max(results) - min(results) <= difference_bound(length, F32) * scale


def test_equal_bits_and_any_two_nans_are_equal():
    left = np.array([1, np.inf, -0.0, np.nan], F32)
    right = left.copy()
    right.view("u4")[3] = 0xFFC01234
    assert difference(left, right) == Difference()


def test_zeros_of_other_sign_are_not_bit_equal_and_no_error():
    assert difference(np.zeros(2, F32), np.array([0, -0.0], F32)) == Difference(False, 0.0)


@pytest.mark.parametrize("other", [np.inf, np.nan, -np.inf])
def test_what_is_not_finite_is_no_rounding(other: float):
    assert difference(np.array([1, np.finfo(F32).max], F32), np.array([1, other], F32)) == Difference(False, np.inf)


def test_an_error_is_a_part_of_the_scale():
    left, right = np.array([3.0, 4.0, 0.0], F64), np.array([3.0, 4.0, 1.0], F64)
    assert difference(left, right).error == pytest.approx(1 / np.sqrt(25 / 3))
    assert difference(np.array([8.0]), np.array([6.0])).error == pytest.approx(0.25)


def test_large_numbers_do_not_overflow():
    top = np.finfo(F64).max
    assert difference(np.array([top]), np.array([-top])).error == pytest.approx(2)


def test_two_differences_together():
    assert Difference(True, 0.0) | Difference(False, 0.5) == Difference(False, 0.5)
