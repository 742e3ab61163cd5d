"""Small floats to f32 and back with integer arithmetic: exact, or to the nearest number, ties to even."""

from __future__ import annotations

from xdsl.dialects.builtin import FloatNanEncoding, FloatNonfiniteBehavior, FloatSemantics, i32

from zellige.passes.lowering.math_functions.values import F32, Mask, Real, Whole

_MAGNITUDE = 0x7FFFFFFF
_INFINITY = 0x7F800000
_NAN = 0x7FC00000


def _sign(semantics: FloatSemantics) -> int:
    return 1 << semantics.sign_shift


def _least_special(semantics: FloatSemantics) -> int:
    """Magnitudes from here on are no finite numbers."""
    all_ones = semantics.max_exponent << semantics.mantissa_bits
    match semantics.nonfinite, semantics.nan_encoding:
        case FloatNonfiniteBehavior.IEEE, _:
            return all_ones
        case _, FloatNanEncoding.ALL_ONES:
            return all_ones + semantics.max_mantissa
        case _:
            return _sign(semantics)


def _has_infinity(semantics: FloatSemantics) -> bool:
    return semantics.nonfinite is FloatNonfiniteBehavior.IEEE


def widened(bits: Whole, semantics: FloatSemantics) -> Real:
    """The numbers in f32, exact. `bits` are i32 with the small float in the low bits and zeros above.

    Exponent and fraction are moved to their place in f32 and scaled by the difference of the biases, which also makes
    subnormal numbers normal.
    """
    shift = F32.fraction_bits - semantics.mantissa_bits
    magnitude = (bits & (_sign(semantics) - 1)) << shift
    sign = (bits & _sign(semantics)) << (i32.bitwidth - semantics.bitwidth)
    if semantics.exponent_bias == F32.bias:
        return (magnitude | sign).as_real(F32)
    scaled = (magnitude.as_real(F32) * 2.0 ** (F32.bias - semantics.exponent_bias)).bits()
    least = _least_special(semantics)
    if _has_infinity(semantics):
        is_special = magnitude.compare("sge", least << shift)
        scaled = is_special.select_whole(magnitude | _INFINITY, scaled, i32)
    else:
        is_special = bits.compare("eq", least) | bits.compare("eq", least | _sign(semantics))
        scaled = is_special.select_whole(_NAN, scaled, i32)
    return (scaled | sign).as_real(F32)


def narrowed(value: Real, semantics: FloatSemantics) -> Whole:
    """The nearest small floats, ties to even, in the low bits of i32.

    What is too large becomes infinity, or NaN where the format has no infinity.
    """
    bits = value.bits()
    shift = F32.fraction_bits - semantics.mantissa_bits
    magnitude = bits & _MAGNITUDE
    rebias = (F32.bias - semantics.exponent_bias) << F32.fraction_bits
    odd = (magnitude >> shift) & 1
    rounded = (magnitude + ((1 << (shift - 1)) - 1 - rebias) + odd) >> shift
    if rebias:
        smallest = 2.0 ** (1 - semantics.exponent_bias)
        # Added to this number, a subnormal one loses the bits that it has no place for.
        anchor = 2.0 ** (1 - semantics.exponent_bias + shift)
        subnormal = (magnitude.as_real(F32) + anchor).bits() - F32.bits_of_power(1 - semantics.exponent_bias + shift)
        is_subnormal = magnitude.as_real(F32) < smallest
        rounded = is_subnormal.select_whole(subnormal, rounded, i32)
    least = _least_special(semantics)
    nan = least | (1 << (semantics.mantissa_bits - 1)) if _has_infinity(semantics) else least
    too_large = rounded.compare("sge", least)
    rounded = too_large.select_whole(least, rounded, i32)
    rounded = _is_nan(magnitude).select_whole(nan, rounded, i32)
    sign = (bits >> (i32.bitwidth - semantics.bitwidth)) & _sign(semantics)
    if semantics.nan_encoding is FloatNanEncoding.NEGATIVE_ZERO:
        sign = rounded.compare("eq", 0).select_whole(0, sign, i32)
    return rounded | sign


def _is_nan(magnitude: Whole) -> Mask:
    return magnitude.compare("sgt", _INFINITY)
