"""Sums of two f64 that have twice the digits of one, for functions whose steps magnify errors.

No inexact product is an operand of a sum whose rounding counts, so that nothing depends on fusing.
"""

from __future__ import annotations

from dataclasses import dataclass

from zellige.passes.lowering.math_functions.values import Real


@dataclass(frozen=True)
class DoubleWord:
    """`high + low`; the low one is at most half a unit in the last place of the high one."""

    high: Real
    low: Real

    def __mul__(self, other: DoubleWord) -> DoubleWord:
        product = multiply(self.high, other.high)
        return add(product.high, product.low + (self.high * other.low + self.low * other.high))

    def scaled(self, factor: float) -> DoubleWord:
        """The product with a power of two."""
        return DoubleWord(self.high * factor, self.low * factor)


def add(large: Real, small: Real) -> DoubleWord:
    """The exact sum; the first one has the larger magnitude, or is 0."""
    total = large + small
    return DoubleWord(total, small - (total - large))


def multiply(x: Real, y: Real) -> DoubleWord:
    """The product, all but exact."""
    (x_upper, x_lower), (y_upper, y_lower) = x.halves(), y.halves()
    rest = (x_upper * y_lower + x_lower * y_upper) + x_lower * y_lower
    return add(x_upper * y_upper, rest)


def constant(like: Real, high: float, low: float) -> DoubleWord:
    """A number that is written as two, of the format of `like`."""
    return DoubleWord(like.constant(high), like.constant(low))
