"""Powers and roots."""

from __future__ import annotations

import math as python_math

from zellige.passes.lowering.math_functions.double_words import DoubleWord, add, constant, multiply
from zellige.passes.lowering.math_functions.exponentials import exp2
from zellige.passes.lowering.math_functions.logarithms import log2, split_logarithm
from zellige.passes.lowering.math_functions.values import F32, WIDE, Real, Whole


def powf(x: Real, y: Real) -> Real:
    """2^(y log2 |x|) of f32 numbers, in f64, and the special values of C23 F.10.4.4."""
    assert x.format == y.format == WIDE
    magnitude = abs(x)
    exponent = magnitude.equals(1.0).select(0.0, y * log2(magnitude))
    result = exp2(exponent)
    return _with_special_powers(x, y, result)


LOGARITHM_TERMS = 13
"""Terms of the series of the inverse hyperbolic tangent; the argument is below 0.172."""

TWO_OVER_LN2 = (2.8853900817779268, 4.0710547481862066e-17)
ONE_THIRD = (0.3333333333333333, 1.850371707708594e-17)
"""Each in two parts."""

HUGE_EXPONENT = 2.0**65
"""The power of each number but 1 with this exponent overflows or vanishes."""


def _log2_double_word(x: Real) -> DoubleWord:
    """log2 of a positive finite number: n + 2 / log 2 * artanh(s), s = f / (2 + f), for x = 2^n (1 + f)."""
    n, f = split_logarithm(x)
    divisor = add(f.constant(2.0), f)
    quotient = f / divisor.high
    product = multiply(quotient, divisor.high)
    rest = ((f - product.high) - product.low) - quotient * divisor.low
    s = add(quotient, rest / divisor.high)
    z = s * s
    cubed = s * z * constant(f, *ONE_THIRD)
    series = z.high.polynomial([1 / (2 * k + 1) for k in range(2, LOGARITHM_TERMS)])
    higher = s.high * (z.high * z.high) * series
    leading = add(s.high, cubed.high)
    artanh = add(leading.high, leading.low + (s.low + cubed.low + higher))
    fraction = artanh * constant(f, *TWO_OVER_LN2)
    total = add(n, fraction.high)
    return add(total.high, total.low + fraction.low)


def powf_f64(x: Real, y: Real) -> Real:
    """2^(y log2 |x|) where the exponent has twice the digits, and the special values of C23 F.10.4.4."""
    magnitude = abs(x)
    is_ordinary = (magnitude > 0.0) & (magnitude < python_math.inf)
    logarithm = _log2_double_word(is_ordinary.select(magnitude, 1.0))
    bounded = y.at_most(HUGE_EXPONENT).at_least(-HUGE_EXPONENT)
    exponent = multiply(bounded, logarithm.high)
    exponent = add(exponent.high, exponent.low + bounded * logarithm.low)
    low = exponent.low.at_most(0.5).at_least(-0.5)
    result = exp2(exponent.high) * (low * python_math.log(2) + 1.0)
    at_zero = (y > 0.0).select_constant(x.format, 0.0, python_math.inf)
    at_infinity = (y > 0.0).select_constant(x.format, python_math.inf, 0.0)
    result = magnitude.equals(0.0).select(at_zero, result)
    result = magnitude.equals(python_math.inf).select(at_infinity, result)
    result = (x.compare("uno", y)).select(python_math.nan, result)
    return _with_special_powers(x, y, result)


def _with_special_powers(x: Real, y: Real, result: Real) -> Real:
    """The sign for negative x, NaN where there is no power, and 1 for an exponent 0 or a base 1."""
    half = y * 0.5
    is_integer = y.trunc().equals(y)
    is_odd = is_integer & half.trunc().compare("one", half)
    result = (is_odd & x.bits().compare("slt", 0)).select(-result, result)
    is_finite_negative = (x < 0.0) & (x > -python_math.inf)
    result = (is_finite_negative & y.trunc().compare("une", y)).select(python_math.nan, result)
    return (y.equals(0.0) | x.equals(1.0)).select(1.0, result)


def powi(x: Real, y: Whole) -> Real:
    """x^y of f32 numbers and 32-bit integers, in f64."""
    return powf(x, y.to_real(WIDE))


def power_by_chain(x: Real, exponent: int) -> Real:
    """x^exponent by squaring; f32 goes through f64 where more than two roundings or a quotient would be left."""
    if x.format == F32 and exponent not in (0, 1, 2, 3, -1):
        return power_by_chain(x.widen(), exponent).narrow()
    if exponent == 0:
        return Real(x.code, x.operand(1.0), x.format)
    power = _chain(x, abs(exponent))
    return 1.0 / power if exponent < 0 else power


def _chain(x: Real, exponent: int) -> Real:
    if exponent == 1:
        return x
    half = _chain(x, exponent // 2)
    square = half * half
    return square * x if exponent % 2 else square


def whole_power_by_chain(x: Whole, exponent: int) -> Whole:
    """x^exponent for a constant exponent that is not negative."""
    if exponent == 0:
        return Whole(x.code, x.code.constant(x.type, 1), x.type)
    if exponent == 1:
        return x
    half = whole_power_by_chain(x, exponent // 2)
    square = half * half
    return square * x if exponent % 2 else square


def whole_power(x: Whole, y: Whole) -> Whole:
    """The power x^y, wrapping.

    A negative power is the quotient 1 / x^-y rounded to zero, so that it is 0 but for x = 1 and -1; 0 does not trap.
    """
    type_ = x.type
    is_odd = (y & 1).compare("ne", 0)
    result = is_odd.select_whole(x, 1, type_)
    square = x
    for bit in range(1, type_.bitwidth - 1):
        square = square * square
        result = (y & (1 << bit)).compare("ne", 0).select_whole(result * square, result, type_)
    inverse = x.compare("eq", 1).select_whole(1, 0, type_)
    inverse = x.compare("eq", -1).select_whole(is_odd.select_whole(-1, 1, type_), inverse, type_)
    return y.compare("slt", 0).select_whole(inverse, result, type_)


def rsqrt(x: Real) -> Real:
    return 1.0 / x.sqrt()


ONE_THIRD_ORIGIN = 715094163.0
"""(1023 - 1023 / 3 - 0.033) 2^20: a third of the high half of the bits, plus this, are those of the root within 5 %."""


def cbrt(x: Real) -> Real:
    """In f64: a first guess from the bits, then Halley's iteration (three times as many digits each) and Newton's.

    Quarters, so that nothing overflows.
    """
    format_ = x.format
    a = abs(x)
    is_small = a < 4 * format_.min_normal
    scaled = is_small.select(a * 2.0**54, a)
    high = scaled.bits() >> 32
    guess = high.to_real(format_) * (1 / 3) + (ONE_THIRD_ORIGIN + format_.integer_shift)
    t = (guess.bits() << 32).as_real(format_)
    quarter = scaled * 0.25
    for _ in range(2):
        quarter_cube = t * t * (t * 0.25)
        t = t * ((quarter + quarter + quarter_cube) / (quarter_cube + quarter_cube + quarter))
    t = t - t * ((t * t * (t * 0.25) - quarter) / (quarter * 3.0))
    t = is_small.select(t * 2.0**-18, t)
    result = (a < python_math.inf).select(t, a)
    return x.equals(0.0).select(x, result.with_sign_of(x))
