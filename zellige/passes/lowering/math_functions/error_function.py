"""The error function."""

from __future__ import annotations

from zellige.passes.lowering.math_functions.exponentials import exp
from zellige.passes.lowering.math_functions.values import Real


def erf_f32(x: Real) -> Real:
    """Up to 1, x P(x^2); above, 1 - P(|x| - 2.5)^8, with |x| held where the result reaches 1."""
    square = x * x
    small = square.polynomial(x.coefficients("erf")) * x
    root = (abs(x).at_most(4.0) - 2.5).polynomial(x.coefficients("erfc_root"))
    second = root * root
    fourth = second * second
    large = (fourth * -fourth + 1.0).with_sign_of(x)
    return (abs(x) < 1.0).select(small, large)


def erf_f64(x: Real) -> Real:
    """Up to 1, x P(x^2); above, 1 - exp(-x^2) Q((|x| - 2) / (|x| + 2)), with |x| held likewise."""
    square = x * x
    small = square.polynomial(x.coefficients("erf")) * x
    a = abs(x).at_most(6.0)
    t = (a - 2.0) / (a + 2.0)
    large = 1.0 - exp(-(a * a)) * t.polynomial(x.coefficients("erfc"))
    return (a < 1.0).select(small, large.with_sign_of(x))
