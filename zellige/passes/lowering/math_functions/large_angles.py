"""The part of an f64 angle, however large, that is left without quarter turns: the reduction of Payne and Hanek.

x = m 2^e with an integer m of 53 bits. Bits of 2 / pi whose product with x is a multiple of 4 do not count, and 192
bits from there on are enough: their product with m, in integers, is x times 2 / pi.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from zellige.passes.lowering.math_functions.values import F64, Real, Whole

_TWO_OVER_PI = int(
    "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561"
    "b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484"
    "e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980f"
    "ef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b"
    "3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6bab",
    16,
)
_TWO_OVER_PI_BITS = 1216
_WORD = 64
_WINDOW_WORDS = 4
"""A window of 192 bits touches at most so many words."""

_LOW_HALF = (1 << 32) - 1

_FIRST_BIT = 62 - 1075
"""Added to the exponent field: the bit of `_words` that the window starts with."""

HALF_PI_HIGH = 1.5707963109016418
HALF_PI_LOW = 1.5893254773528196e-08
"""Pi / 2 in 26 bits, and the rest."""


@dataclass(frozen=True)
class Angle:
    """x = high + low + quadrant * pi / 2, |high| <= pi / 4 and a little; two bits of the quadrant count."""

    high: Real
    low: Real
    quadrant: Whole


def _words() -> list[int]:
    """A word of zeros and those of 2 / pi, highest first."""
    count = _TWO_OVER_PI_BITS // _WORD
    mask = (1 << _WORD) - 1
    return [0, *((_TWO_OVER_PI >> (_WORD * (count - 1 - index))) & mask for index in range(count))]


def reduce_angle(x: Real) -> Angle:
    """Of a finite x; of infinity and NaN it is any angle."""
    assert x.format == F64
    bits = x.bits() & ((1 << 63) - 1)
    mantissa = (bits & ((1 << 52) - 1)) | (1 << 52)
    above, below = _product(mantissa, _window((bits >> 52) + _FIRST_BIT))
    quadrant = (above + (1 << 61)).shifted_right(62)
    fraction = _as_reals((above << 2) | below.shifted_right(62), below << 2)
    high, low = _times_half_pi(*fraction)
    is_negative = x < 0.0
    is_small = abs(x) < HALF_PI_HIGH / 2
    return Angle(
        is_small.select(x, is_negative.select(-high, high)),
        is_small.select(0.0, is_negative.select(-low, low)),
        is_small.select_whole(0, is_negative.select_whole(0 - quadrant, quadrant, quadrant.type), quadrant.type),
    )


def _window(first: Whole) -> list[Whole]:
    """Three words of `_words` from a bit on: words are chosen by one bit of the place after the other, then shifted."""
    place, shift = first >> 6, first & (_WORD - 1)
    words: list[Whole | int] = [*_words()]
    for bit in (16, 8, 4, 2, 1):
        needed = bit - 1 + _WINDOW_WORDS
        is_set = (place & bit).compare("ne", 0)
        later = [*words[bit:], *words[len(words) - bit :]]
        words = [is_set.select_whole(later[index], words[index], first.type) for index in range(needed)]
    whole = [word for word in words if isinstance(word, Whole)]
    rest = (_WORD - 1) - shift
    return [(word << shift) | following.shifted_right(1).shifted_right(rest) for word, following in pairwise(whole)]


def _product(mantissa: Whole, window: list[Whole]) -> tuple[Whole, Whole]:
    """The upper two of the lower three words of mantissa * window."""
    first, second, third = window
    below = mantissa * second
    carried = below + _upper_half(mantissa, third)
    carry = carried.compare("ult", below).select_whole(1, 0, below.type)
    return mantissa * first + _upper_half(mantissa, second) + carry, carried


def _upper_half(mantissa: Whole, word: Whole) -> Whole:
    """The upper 64 bits of a product of 53 and 64 bits, from products of 26 or 27 and 32 bits.

    Equal halves would do, but LLVM makes a product of 128 bits of these, which is a call of a library.
    """
    m_high, m_low = mantissa.shifted_right(27), mantissa & ((1 << 27) - 1)
    w_high, w_low = word.shifted_right(32), word & _LOW_HALF
    highest, cross = m_high * w_high, m_low * w_high
    middle = m_high * w_low + (m_low * w_low).shifted_right(27)
    carried = ((cross & _LOW_HALF) << 5) + middle + ((highest & 31) << 32)
    return highest.shifted_right(5) + cross.shifted_right(32) + carried.shifted_right(37)


def _as_reals(above: Whole, below: Whole) -> tuple[Real, Real]:
    """The signed fraction of 128 bits as a sum of two reals, of which the first has most of the digits."""
    pieces = (above >> 32, above & _LOW_HALF, below.shifted_right(32), below & _LOW_HALF)
    first, second, third, fourth = (
        piece.to_real(F64) * 2.0 ** (-32 * (index + 1)) for index, piece in enumerate(pieces)
    )
    total = first + second
    rest = (second - (total - first)) + (third + fourth)
    high = total + rest
    return high, rest - (high - total)


def _times_half_pi(high: Real, low: Real) -> tuple[Real, Real]:
    """The product as a sum of two reals; products of halves are exact."""
    upper, lower = high.halves()
    exact = upper * HALF_PI_HIGH
    rest = lower * HALF_PI_HIGH + (high * HALF_PI_LOW + low * (HALF_PI_HIGH + HALF_PI_LOW))
    product = exact + rest
    return product, rest - (product - exact)
