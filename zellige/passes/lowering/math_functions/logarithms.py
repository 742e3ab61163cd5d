"""Logarithms and the inverse hyperbolic functions.

The argument is 2^n (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2); with s = f / (2 + f),
log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + s^2 P(s^2))), in which the leading term f is exact.
"""

from __future__ import annotations

import math as python_math

from zellige.passes.lowering.math_functions.values import F32, Format, Real, Whole

INFINITY = python_math.inf


def _bits_of_sqrt_half(format_: Format) -> int:
    """A number close to sqrt(1/2) with few bits."""
    return 0x3F3504F3 if format_ == F32 else 0x3FE6A09E << 32


def _exponent(offset_bits: Whole, format_: Format) -> Real:
    """n, from bits that were reduced by those of sqrt(1/2)."""
    return (offset_bits >> format_.fraction_bits).to_real(format_)


def split_logarithm(x: Real) -> tuple[Real, Real]:
    """(n, f), so that x = 2^n (1 + f), for positive finite x, denormal numbers included."""
    format_ = x.format
    scale_bits = format_.fraction_bits + 1
    origin = _bits_of_sqrt_half(format_)
    is_small = x < format_.min_normal
    scaled = is_small.select(x * 2.0**scale_bits, x)
    scaled_origin = origin + (scale_bits << format_.fraction_bits)
    bits = scaled.bits() - is_small.select_whole(scaled_origin, origin, format_.whole)
    fraction_mask = (1 << format_.fraction_bits) - 1
    return _exponent(bits, format_), ((bits & fraction_mask) + origin).as_real(format_) - 1.0


def _correction(f: Real) -> tuple[Real, Real]:
    """(f^2 / 2, s (f^2 / 2 + s^2 P(s^2))): log(1 + f) is f minus the first plus the second."""
    s = f / (f + 2.0)
    z = s * s
    half_square = f * 0.5 * f
    return half_square, s * (half_square + z.polynomial(f.coefficients("log")) * z)


def _log_of_fraction(f: Real) -> Real:
    half_square, correction = _correction(f)
    return f - (half_square - correction)


def _natural(n: Real, f: Real) -> Real:
    high, low = n.coefficients("ln2")
    half_square, correction = _correction(f)
    return n * high - ((half_square - (correction + n * low)) - f)


def _with_special_values(x: Real, result: Real, pole: float) -> Real:
    """-inf at the pole, NaN below it, infinity and NaN as they are."""
    result = (x < INFINITY).select(result, x)
    result = (x < pole).select(python_math.nan, result)
    return x.equals(pole).select(-INFINITY, result)


def log(x: Real) -> Real:
    return _with_special_values(x, _natural(*split_logarithm(x)), 0.0)


def log2(x: Real) -> Real:
    """Exact for powers of two."""
    n, f = split_logarithm(x)
    result = _log_of_fraction(f) * x.coefficients("log2_e")[0] + n
    return _with_special_values(x, result, 0.0)


def log10(x: Real) -> Real:
    n, f = split_logarithm(x)
    high, low = x.coefficients("log10_2")
    result = _log_of_fraction(f) * x.coefficients("log10_e")[0] + n * low + n * high
    return _with_special_values(x, result, 0.0)


def log1p(x: Real) -> Real:
    """The exponent n is that of 1 + x, but f = 2^-n x + (2^-n - 1) has all of x.

    2^-n is denormal for the largest x, so that it is made four times larger first.
    """
    format_ = x.format
    bits = (x + 1.0).bits() - _bits_of_sqrt_half(format_)
    n = bits >> format_.fraction_bits
    scale = (format_.bits_of_power(2) - (n << format_.fraction_bits)).as_real(format_) * 0.25
    f = x * scale + (scale - 1.0)
    return _with_special_values(x, _natural(n.to_real(format_), f), -1.0).with_sign_of(x)


HUGE = 2.0**500
"""Where squares overflow f64, and 1 is nothing next to them."""


def _log1p_or_log_of_double(is_huge_x: Real, x: Real, otherwise: Real) -> Real:
    """log1p(otherwise), but log(2 x) where x is huge."""
    is_huge = is_huge_x > HUGE
    result = log1p(is_huge.select(x, otherwise))
    return result + is_huge.select_constant(x.format, python_math.log(2), 0.0)


def asinh(x: Real) -> Real:
    """log1p(|x| + x^2 / (1 + sqrt(1 + x^2))), in f64."""
    a = abs(x)
    square = a * a
    inner = a + square / ((square + 1.0).sqrt() + 1.0)
    return _log1p_or_log_of_double(a, a, inner).with_sign_of(x)


def acosh(x: Real) -> Real:
    """log1p(t + sqrt(2 t + t^2)) where t = x - 1, in f64."""
    t = x - 1.0
    inner = t + (t * (t + 2.0)).sqrt()
    result = _log1p_or_log_of_double(x, x, inner)
    return (x < 1.0).select(python_math.nan, result)


def atanh(x: Real) -> Real:
    """log1p(2 |x| / (1 - |x|)) / 2, in f64."""
    a = abs(x)
    return (log1p((a + a) / (1.0 - a)) * 0.5).with_sign_of(x)
