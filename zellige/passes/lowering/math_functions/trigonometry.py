"""sin, cos, tan and their inverses."""

from __future__ import annotations

import math as python_math
from dataclasses import dataclass

from zellige.passes.lowering.math_functions.large_angles import Angle, reduce_angle
from zellige.passes.lowering.math_functions.values import F32, F64, Real, Whole


@dataclass(frozen=True)
class _Quadrant:
    """x = angle + quadrant * pi / 2, |angle| <= pi / 4 and a little; only the low two bits of the quadrant count."""

    angle: Real
    number: Whole


def _reduce_f32(x: Real) -> _Quadrant:
    """Any f32, however large.

    The chunks of 1 / (2 pi) have 29 bits, so that each product with x is exact in f64 and so is what is left of it
    without whole revolutions. The quadrant goes off first and the largest chunk is added first: where the sum nearly
    vanishes, each step of it is exact.
    """
    wide = x.widen()
    *chunks, tail = wide.coefficients("revolution")
    products = [wide * chunk for chunk in chunks]
    turns = [product - product.nearest() for product in products]
    total = turns[0]
    for turn in turns[1:]:
        total = total + turn
    quadrant = (total * 4.0).nearest()
    rest = turns[0] - quadrant * 0.25
    for turn in turns[1:]:
        rest = rest + turn
    rest = rest + wide * tail
    number = (quadrant.narrow() + F32.integer_shift).bits()
    return _Quadrant((rest * (2 * python_math.pi)).narrow(), number)


def _sin_of_angle(angle: Real) -> Real:
    square = angle * angle
    return square.polynomial(angle.coefficients("sin")) * (square * angle) + angle


def _cos_of_angle(angle: Real) -> Real:
    square = angle * angle
    return square.polynomial(angle.coefficients("cos")) * (square * square) - square * 0.5 + 1.0


def _sin_at(angle: Real, number: Whole) -> Real:
    """The sine of the angle and so many quadrants."""
    is_odd = (number & 1).compare("ne", 0)
    value = is_odd.select(_cos_of_angle(angle), _sin_of_angle(angle))
    sign = (number & 2) << (number.type.bitwidth - 2)
    return (value.bits() ^ sign).as_real(angle.format)


def sin(x: Real) -> Real:
    """Of f32."""
    reduced = _reduce_f32(x)
    return x.equals(0.0).select(x, _sin_at(reduced.angle, reduced.number))


def cos(x: Real) -> Real:
    """Of f32."""
    reduced = _reduce_f32(x)
    return _sin_at(reduced.angle, reduced.number + 1)


def tan(x: Real) -> Real:
    """The quotient sin / cos, or - cos / sin in odd quadrants. Of f32."""
    reduced = _reduce_f32(x)
    sine, cosine = _sin_of_angle(reduced.angle), _cos_of_angle(reduced.angle)
    return x.equals(0.0).select(x, _tan_at(sine, cosine, reduced.number))


def _tan_at(sine: Real, cosine: Real, number: Whole) -> Real:
    """The tangent of an angle and so many quadrants."""
    is_odd = (number & 1).compare("ne", 0)
    quotient = is_odd.select(cosine, sine) / is_odd.select(sine, cosine)
    sign = (number & 1) << (number.type.bitwidth - 1)
    return (quotient.bits() ^ sign).as_real(sine.format)


def _sin_and_cos(angle: Angle) -> tuple[Real, Real]:
    """Of an angle in two parts: the low one only counts in first order."""
    high, low = angle.high, angle.low
    square = high * high
    half_square = square * 0.5
    sine = square.polynomial(high.coefficients("sin")) * (square * high) + (low - low * half_square) + high
    first = 1.0 - half_square
    rest = (1.0 - first) - half_square
    cosine = first + (square.polynomial(high.coefficients("cos")) * (square * square) - high * low + rest)
    return sine, cosine


def _with_odd_sign(value: Real, number: Whole) -> Real:
    """The other sign in the third and fourth quadrant."""
    sign = (number & 2) << (number.type.bitwidth - 2)
    return (value.bits() ^ sign).as_real(value.format)


def _of_finite(x: Real, result: Real) -> Real:
    """NaN where x is infinite or NaN."""
    return (abs(x) < python_math.inf).select(result, python_math.nan)


def sin_f64(x: Real) -> Real:
    angle = reduce_angle(x)
    sine, cosine = _sin_and_cos(angle)
    is_odd = (angle.quadrant & 1).compare("ne", 0)
    result = _of_finite(x, _with_odd_sign(is_odd.select(cosine, sine), angle.quadrant))
    return x.equals(0.0).select(x, result)


def cos_f64(x: Real) -> Real:
    angle = reduce_angle(x)
    sine, cosine = _sin_and_cos(angle)
    is_odd = (angle.quadrant & 1).compare("ne", 0)
    return _of_finite(x, _with_odd_sign(is_odd.select(sine, cosine), angle.quadrant + 1))


def tan_f64(x: Real) -> Real:
    angle = reduce_angle(x)
    result = _of_finite(x, _tan_at(*_sin_and_cos(angle), angle.quadrant))
    return x.equals(0.0).select(x, result)


def _asin_parts(x: Real) -> tuple[Real, Real]:
    """(|x|, p): p is asin(|x|) up to 1/2, and asin(sqrt((1 - |x|) / 2)) above. NaN above 1."""
    a = abs(x)
    is_large = a > 0.5
    z = is_large.select((1.0 - a) * 0.5, a * a)
    s = is_large.select(z.sqrt(), a)
    return a, z.polynomial(x.coefficients("asin")) * (z * s) + s


def asin(x: Real) -> Real:
    """Above 1/2: pi / 2 - 2 p."""
    high, low = x.coefficients("pi")
    a, p = _asin_parts(x)
    large = high / 2 - (p + p - low / 2)
    return (a > 0.5).select(large, p).with_sign_of(x)


def acos(x: Real) -> Real:
    """Above 1/2: 2 p; below -1/2: pi - 2 p; between: pi / 2 - asin(x)."""
    high, low = x.coefficients("pi")
    a, p = _asin_parts(x)
    twice = p + p
    large = (x < 0.0).select(high - (twice - low), twice)
    small = high / 2 - (p.with_sign_of(x) - low / 2)
    return (a > 0.5).select(large, small)


TAN_PI_8 = python_math.tan(python_math.pi / 8)


def _atan_of_quotient(y: Real, x: Real | float) -> Real:
    """atan(y / x) for y, x >= 0 with one division; a large quotient is turned back by pi / 4 or pi / 2."""
    high, low = y.coefficients("pi")
    is_steep = y > x * (1 / TAN_PI_8)
    is_large = y > x * TAN_PI_8
    numerator = is_steep.select(-x, is_large.select(y - x, y))
    denominator = is_steep.select(y, is_large.select(y + x, x))
    base_high = is_steep.select(high / 2, is_large.select_constant(y.format, high / 4, 0.0))
    base_low = is_steep.select(low / 2, is_large.select_constant(y.format, low / 4, 0.0))
    q = numerator / denominator
    square = q * q
    return (square.polynomial(y.coefficients("atan")) * (square * q) + base_low + q) + base_high


def atan(x: Real) -> Real:
    return _atan_of_quotient(abs(x), 1.0).with_sign_of(x)


HUGE = 2.0**1000
"""Multiples of such numbers may overflow f64."""


def atan2(y: Real, x: Real) -> Real:
    """In f64. The sign bits of zeros count, and two infinities are as two ones. Huge numbers are scaled."""
    high, low = x.coefficients("pi")
    a, b = abs(y), abs(x)
    if x.format == F64:
        scale = ((a > HUGE) | (b > HUGE)).select_constant(F64, 1 / HUGE, 1.0)
        a, b = a * scale, b * scale
    are_infinite = a.equals(python_math.inf) & b.equals(python_math.inf)
    a = are_infinite.select(1.0, a)
    b = (are_infinite | (a.equals(0.0) & b.equals(0.0))).select(1.0, b)
    angle = _atan_of_quotient(a, b)
    is_left = x.bits().compare("slt", 0)
    return is_left.select(high - (angle - low), angle).with_sign_of(y)
