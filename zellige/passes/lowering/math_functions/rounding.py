"""Functions with exact results that have no instruction of their own."""

from __future__ import annotations

from zellige.passes.lowering.math_functions.values import Real, Whole


def round_half_away(x: Real) -> Real:
    whole = x.trunc()
    one = Real(x.code, x.operand(1.0), x.format).with_sign_of(x)
    return abs(x - whole).compare("oge", 0.5).select(whole + one, whole)


def magnitude(x: Whole) -> Whole:
    """|x|, in the form that becomes one instruction; the least integer stays as it is."""
    return x.compare("slt", 0).select_whole(0 - x, x, x.type)
