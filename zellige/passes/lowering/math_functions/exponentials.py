"""exp, exp2, expm1 and the hyperbolic functions.

The argument is a multiple of log 2 and a rest. The rest goes through a polynomial; the power of two is made in the
exponent field, as two factors that are normal numbers for all results, denormal ones too.
"""

from __future__ import annotations

from dataclasses import dataclass

from zellige.passes.lowering.math_functions.values import F32, Format, Real, Whole


@dataclass(frozen=True)
class _Range:
    """Beyond these arguments nothing changes any more."""

    exp_low: float
    exp_high: float
    exp2_low: float
    exp2_high: float
    expm1_low: float
    cosh_high: float
    tanh_limit: float


def _range(format_: Format) -> _Range:
    if format_ == F32:
        return _Range(-104.0, 89.0, -151.0, 129.0, -18.0, 90.0, 9.125)
    return _Range(-746.0, 710.0, -1076.0, 1025.0, -38.0, 711.0, 19.25)


def _powers_of_two(exponent: Whole, format_: Format) -> tuple[Real, Real]:
    """2^a and 2^b where a + b = n: two normal numbers, also where 2^n is none.

    `exponent` has n and twice the bias in its low bits; what is above them is shifted out.
    """
    lower = (exponent << (format_.fraction_bits - 1)) & format_.bits_of_power(format_.bias + 1)
    upper = (exponent << format_.fraction_bits) - lower
    return lower.as_real(format_), upper.as_real(format_)


def _reduce(x: Real) -> tuple[Real, Real, Real]:
    """(r, s, t) where x = r + log(2) n, |r| <= log(2) / 2, and s t = 2^n.

    Twice the bias of the exponent is in the shift, and so in the bits of the sum. The rest is a sum of products, which
    fuse.
    """
    log2_e = x.coefficients("log2_e")[0]
    high, low = x.coefficients("ln2")
    shift = x.format.integer_shift + 2 * x.format.bias
    shifted = x * log2_e + shift
    n = shifted - shift
    return n * -low + (n * -high + x), *_powers_of_two(shifted.bits(), x.format)


def _reduce_by_two(x: Real) -> tuple[Real, Real]:
    """(r, s) where x = r + 2 log(2) m, |r| <= log 2, s = 2^m."""
    log2_e = x.coefficients("log2_e")[0]
    high, low = x.coefficients("ln2")
    shift = x.format.integer_shift + x.format.bias
    shifted = x * (log2_e / 2) + shift
    power = (shifted.bits() << x.format.fraction_bits).as_real(x.format)
    m = shifted - shift
    return m * (-2 * low) + (m * (-2 * high) + x), power


def _exp_of_rest(r: Real) -> Real:
    return (r.polynomial(r.coefficients("exp")) * r + 1.0) * r + 1.0


def exp(x: Real) -> Real:
    limits = _range(x.format)
    r, lower, upper = _reduce(x.at_most(limits.exp_high).at_least(limits.exp_low))
    return _exp_of_rest(r) * lower * upper


def exp2(x: Real) -> Real:
    """Exact for integers: the nearest integer n is taken off whole."""
    limits = _range(x.format)
    x = x.at_most(limits.exp2_high).at_least(limits.exp2_low)
    shift = x.format.integer_shift + 2 * x.format.bias
    shifted = x + shift
    r = x - (shifted - shift)
    lower, upper = _powers_of_two(shifted.bits(), x.format)
    return (r.polynomial(r.coefficients("exp2")) * r + 1.0) * lower * upper


def expm1(x: Real) -> Real:
    """2^2m (1 + p) - 1 as 2^m (2^m p + (2^m - 2^-m)), which cancels nothing."""
    limits = _range(x.format)
    r, power = _reduce_by_two(x.at_most(limits.exp_high).at_least(limits.expm1_low))
    inverse = (2 * x.format.bits_of_power(0) - power.bits()).as_real(x.format)
    p = r.polynomial(r.coefficients("expm1_of_two")) * (r * r) + r
    return ((p * power + (power - inverse)) * power).with_sign_of(x)


def _half_exp_of_magnitude(x: Real) -> Real:
    """exp(|x|) / 2, which does not overflow before cosh and sinh do."""
    r, lower, upper = _reduce(abs(x).at_most(_range(x.format).cosh_high))
    return _exp_of_rest(r) * lower * (upper * 0.5)


def cosh(x: Real) -> Real:
    half = _half_exp_of_magnitude(x)
    return half + 0.25 / half


def sinh(x: Real) -> Real:
    half = _half_exp_of_magnitude(x)
    large = (half - 0.25 / half).with_sign_of(x)
    square = x * x
    small = square.polynomial(x.coefficients("sinh")) * (square * x) + x
    return (abs(x) < 1.0).select(small, large)


def tanh(x: Real) -> Real:
    """(e - 1) / (e + 1) where e = exp(2 x) = s (1 + p), s = 2^n: the quotient of s p + (s - 1) and s p + (s + 1).

    It reaches 1 where both are equal, and never passes it.
    """
    format_ = x.format
    limit = _range(format_).tanh_limit
    bounded = x.at_most(limit).at_least(-limit)
    high, low = x.coefficients("ln2")
    shift = format_.integer_shift + format_.bias
    shifted = bounded * (2 * x.coefficients("log2_e")[0]) + shift
    power = (shifted.bits() << format_.fraction_bits).as_real(format_)
    n = shifted - shift
    # Half of the rest, so that the reduction works on x itself.
    half = n * (-low / 2) + (n * (-high / 2) + bounded)
    r = half + half
    p = r.polynomial(x.coefficients("expm1")) * (r * r) + r
    scaled = p * power
    return ((scaled + (power - 1.0)) / (scaled + (power + 1.0))).with_sign_of(x)
