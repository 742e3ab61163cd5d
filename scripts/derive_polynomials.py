"""Derive the coefficients of `zellige/maths/polynomials.py` with mpmath.

    python scripts/derive_polynomials.py > zellige/maths/polynomials.py

A fit is the best approximation in the sense of Chebyshev (Remez' exchange on a fine grid), with the lowest degree that
reaches the error bound of its accuracy. The coefficients are rounded one after the other, lowest first, and the rest is
fitted again after each, so that rounding costs next to nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mpmath
from mpmath import mp, mpf

Function = Callable[[mpf], mpf]

GRID_POINTS = 240
DECIMAL_DIGITS = 60

# What a fit is for: `f32` is computed in f32; `wide` in f64 for a result that is rounded to f32; `f64` in f64.
# For each: bits of the coefficients, and -log2 of the relative error that is allowed.
COEFFICIENT_BITS = {"f32": 24, "wide": 53, "f64": 53}
ERROR_BITS = {"f32": 27, "wide": 38, "f64": 57}

HEADER = '''"""Coefficients of the math functions, and their constants in parts.

Written by `scripts/derive_polynomials.py`: do not edit. The key is the name of the fit and what it is accurate enough
for: `f32` is computed in f32, `wide` in f64 for a result that is rounded to f32, `f64` in f64. Constant terms and high
parts come first.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COEFFICIENTS: Final[Mapping[tuple[str, str], tuple[float, ...]]] = MappingProxyType(
    {'''


@dataclass(frozen=True)
class Fit:
    """A polynomial that stands for `function` on `interval`; `weight` turns its absolute error into what matters."""

    name: str
    function: Function
    weight: Function
    interval: tuple[mpf, mpf]
    accuracies: tuple[str, ...] = ("f32", "wide", "f64")


def round_to_bits(value: mpf, bits: int) -> mpf:
    """`value` with a significand of `bits` bits, ties to even."""
    with mp.workprec(bits):
        return +value


def chebyshev_grid(interval: tuple[mpf, mpf]) -> list[mpf]:
    low, high = interval
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle - half * mpmath.cos(mp.pi * (2 * k + 1) / (2 * GRID_POINTS)) for k in range(GRID_POINTS)]


def alternating_extrema(errors: Sequence[mpf], count: int) -> list[int] | None:
    """`count` places where `errors` is extreme with alternating sign, or None if there are fewer."""
    best_of_runs: list[int] = []
    for place, error in enumerate(errors):
        if best_of_runs and (error > 0) == (errors[best_of_runs[-1]] > 0):
            if abs(error) > abs(errors[best_of_runs[-1]]):
                best_of_runs[-1] = place
        else:
            best_of_runs.append(place)
    while len(best_of_runs) > count:
        first_is_smaller = abs(errors[best_of_runs[0]]) < abs(errors[best_of_runs[-1]])
        best_of_runs.pop(0 if first_is_smaller else -1)
    return best_of_runs if len(best_of_runs) == count else None


def remez(basis: Sequence[Sequence[mpf]], target: Sequence[mpf], weight: Sequence[mpf]) -> tuple[list[mpf], mpf]:
    """The factors of `basis` that approximate `target` best, and the greatest weighted error.

    Each sequence holds values on the same grid.
    """
    size = len(basis) + 1
    places = [round((len(target) - 1) * k / (size - 1)) for k in range(size)]
    best: tuple[list[mpf], mpf] | None = None
    for _ in range(30):
        matrix = mpmath.matrix(size, size)
        right = mpmath.matrix(size, 1)
        for row, place in enumerate(places):
            for column, values in enumerate(basis):
                matrix[row, column] = values[place] * weight[place]
            matrix[row, size - 1] = (-1) ** row
            right[row] = target[place] * weight[place]
        solution = mpmath.lu_solve(matrix, right)
        factors = [solution[k] for k in range(size - 1)]
        errors = [
            weight[k] * (target[k] - mpmath.fdot(factors, [values[k] for values in basis])) for k in range(len(target))
        ]
        greatest = max(abs(error) for error in errors)
        if best is None or greatest < best[1]:
            best = factors, greatest
        level = abs(solution[size - 1])
        extrema = alternating_extrema(errors, size)
        if extrema is None or greatest <= level * mpf("1.02"):
            break
        places = extrema
    assert best is not None
    return best


def rounded_fit(
    basis: Sequence[Sequence[mpf]], target: Sequence[mpf], weight: Sequence[mpf], bits: int
) -> tuple[list[mpf], mpf]:
    """Fit, round the first factor to `bits`, take its part off the target, and go on with the rest."""
    factors, greatest = remez(basis, target, weight)
    rounded: list[mpf] = []
    rest = list(target)
    for index, values in enumerate(basis):
        factor = round_to_bits(factors[0], bits)
        rounded.append(factor)
        rest = [r - factor * v for r, v in zip(rest, values, strict=True)]
        if index + 1 < len(basis):
            factors, _ = remez(basis[index + 1 :], rest, weight)
    greatest = max(abs(r * w) for r, w in zip(rest, weight, strict=True))
    return rounded, greatest


def fit_polynomial(fit: Fit, accuracy: str) -> list[float]:
    """Coefficients of the lowest degree that is accurate enough, constant term first."""
    grid = chebyshev_grid(fit.interval)
    target = [fit.function(x) for x in grid]
    weight = [fit.weight(x) for x in grid]
    bound = mpf(2) ** -ERROR_BITS[accuracy]
    rounding = mpf(2) ** -COEFFICIENT_BITS[accuracy]
    for degree in range(1, 20):
        basis = [[x**k for x in grid] for k in range(degree + 1)]
        if remez(basis, target, weight)[1] > bound:
            continue
        coefficients, error = rounded_fit(basis, target, weight, COEFFICIENT_BITS[accuracy])
        if error <= 2 * bound + rounding:
            return [float(c) for c in coefficients]
    raise ArithmeticError(f"no polynomial below degree 20 reaches 2^-{ERROR_BITS[accuracy]} for {fit.name}")


def parts(value: mpf, bits_of_parts: Sequence[int]) -> list[float]:
    """`value` as a sum of floats; part i has at most `bits_of_parts[i]` significant bits."""
    result: list[float] = []
    for bits in bits_of_parts:
        part = round_to_bits(value, bits)
        result.append(float(part))
        value -= part
    return result


def chunks(value: mpf, first_exponent: int, bits: int, count: int) -> list[float]:
    """`count` chunks of `bits` binary digits of `value`, from below 2^first_exponent down, and the tail."""
    result: list[float] = []
    exponent = first_exponent
    for _ in range(count):
        exponent -= bits
        part = mpmath.floor(value / mpf(2) ** exponent) * mpf(2) ** exponent
        result.append(float(part))
        value -= part
    return [*result, float(value)]


def series_safe(function: Function) -> Function:
    """`function` with twice the digits: most subtract the first terms of their own series."""

    def evaluate(x: mpf) -> mpf:
        with mp.workdps(2 * DECIMAL_DIGITS):
            return function(x)

    return evaluate


def log_remainder(z: mpf) -> mpf:
    """(log((1 + s) / (1 - s)) - 2 s) / s^3 where s^2 = z."""
    s = mpmath.sqrt(z)
    return (2 * mpmath.atanh(s) - 2 * s) / s**3


def in_square(function: Function) -> Function:
    """A function of x as a function of z = x^2."""
    return lambda z: function(mpmath.sqrt(z))


def fits() -> list[Fit]:
    """All polynomials. The interval is what argument reduction leaves, and a little more."""
    slack = mpf("1.0001")
    half_pi_square = (mp.pi / 4) ** 2 * slack
    return [
        # exp(x) = 1 + x + x^2 P(x), where all of the exponent was taken off
        Fit(
            "exp",
            series_safe(lambda x: (mpmath.expm1(x) - x) / x**2),
            lambda x: x**2 / mpmath.exp(x),
            (-mpmath.log(2) / 2 * slack, mpmath.log(2) / 2 * slack),
        ),
        # expm1(x) = x + x^2 P(x), where a multiple of two was taken off the exponent
        Fit(
            "expm1_of_two",
            series_safe(lambda x: (mpmath.expm1(x) - x) / x**2),
            lambda x: x**2 / abs(mpmath.expm1(x)),
            (-mpmath.log(2) * slack, mpmath.log(2) * slack),
            ("f32", "f64"),
        ),
        # expm1(x) = x + x^2 P(x), the same
        Fit(
            "expm1",
            series_safe(lambda x: (mpmath.expm1(x) - x) / x**2),
            lambda x: x**2 / abs(mpmath.expm1(x)),
            (-mpmath.log(2) / 2 * slack, mpmath.log(2) / 2 * slack),
            ("f32", "f64"),
        ),
        # 2^x = 1 + x P(x)
        Fit(
            "exp2",
            lambda x: (mpf(2) ** x - 1) / x,
            lambda x: abs(x) / mpf(2) ** x,
            (-slack / 2, slack / 2),
        ),
        # log((1 + s) / (1 - s)) = 2 s + s^3 P(s^2), for a quotient between sqrt(1/2) and sqrt(2)
        Fit(
            "log",
            series_safe(log_remainder),
            in_square(lambda s: s**3 / (2 * mpmath.atanh(s))),
            (mpf(0), (3 - 2 * mpmath.sqrt(2)) ** 2 * slack),
        ),
        # sin(x) = x + x^3 P(x^2)
        Fit(
            "sin",
            series_safe(in_square(lambda x: (mpmath.sin(x) - x) / x**3)),
            in_square(lambda x: x**3 / mpmath.sin(x)),
            (mpf(0), half_pi_square),
        ),
        # cos(x) = 1 - x^2 / 2 + x^4 P(x^2)
        Fit(
            "cos",
            series_safe(in_square(lambda x: (mpmath.cos(x) - 1 + x**2 / 2) / x**4)),
            in_square(lambda x: x**4 / mpmath.cos(x)),
            (mpf(0), half_pi_square),
        ),
        # atan(x) = x + x^3 P(x^2) up to tan(pi / 8)
        Fit(
            "atan",
            series_safe(in_square(lambda x: (mpmath.atan(x) - x) / x**3)),
            in_square(lambda x: x**3 / mpmath.atan(x)),
            (mpf(0), mpmath.tan(mp.pi / 8) ** 2 * slack),
        ),
        # asin(x) = x + x^3 P(x^2) up to 1/2
        Fit(
            "asin",
            series_safe(in_square(lambda x: (mpmath.asin(x) - x) / x**3)),
            in_square(lambda x: x**3 / mpmath.asin(x)),
            (mpf(0), mpf("0.25") * slack),
        ),
        # sinh(x) = x + x^3 P(x^2) up to 1
        Fit(
            "sinh",
            series_safe(in_square(lambda x: (mpmath.sinh(x) - x) / x**3)),
            in_square(lambda x: x**3 / mpmath.sinh(x)),
            (mpf(0), slack),
            ("f32", "f64"),
        ),
        # erf(x) = x P(x^2) up to 1
        Fit(
            "erf",
            in_square(lambda x: mpmath.erf(x) / x),
            in_square(lambda x: x / mpmath.erf(x)),
            (mpf(0), slack),
            ("f32", "f64"),
        ),
        # erfc(x) = P(x - 2.5)^8 from 1 to where erf is 1 in f32; what counts is the error relative to erf.
        Fit(
            "erfc_root",
            lambda t: mpmath.erfc(t + 2.5) ** (mpf(1) / 8),
            lambda t: 8 * mpmath.erfc(t + 2.5) ** (mpf(7) / 8) / mpmath.erf(t + 2.5),
            (mpf("-1.5"), mpf("1.5")),
            ("f32",),
        ),
        # erfc(x) = exp(-x^2) P((x - 2) / (x + 2)) from 1 to 6; what counts is the error relative to erf.
        Fit(
            "erfc",
            lambda t: scaled_erfc(2 * (1 + t) / (1 - t)),
            lambda t: mpmath.exp(-((2 * (1 + t) / (1 - t)) ** 2)),
            (-mpf(1) / 3 * slack, mpf("0.5") * slack),
            ("f64",),
        ),
    ]


def scaled_erfc(x: mpf) -> mpf:
    with mp.workdps(2 * DECIMAL_DIGITS):
        return mpmath.exp(x * x) * mpmath.erfc(x)


def constants() -> dict[tuple[str, str], list[float]]:
    """Numbers in several parts. A first part with few bits makes its product with an exponent exact."""
    table: dict[tuple[str, str], list[float]] = {}
    for accuracy, exact_bits, bits in (("f32", 15, 24), ("wide", 41, 53), ("f64", 41, 53)):
        table["ln2", accuracy] = parts(mpmath.log(2), [exact_bits, bits])
        table["log10_2", accuracy] = parts(mpmath.log10(2), [exact_bits, bits])
        table["log2_e", accuracy] = parts(1 / mpmath.log(2), [bits, bits])
        table["log10_e", accuracy] = parts(1 / mpmath.log(10), [bits, bits])
        table["pi", accuracy] = parts(+mp.pi, [bits, bits])
    # A chunk times a float of 24 bits is exact in f64, and the last exponent of f32 needs five before the tail.
    table["revolution", "wide"] = chunks(1 / (2 * mp.pi), -2, 29, 5)
    return table


def derive() -> str:
    """The text of `zellige/maths/polynomials.py`."""
    mp.dps = DECIMAL_DIGITS
    table = {(fit.name, accuracy): fit_polynomial(fit, accuracy) for fit in fits() for accuracy in fit.accuracies}
    table |= constants()
    lines = [HEADER]
    for (name, accuracy), values in sorted(table.items()):
        lines.append(f'        ("{name}", "{accuracy}"): (')
        lines += [f"            {value!r}," for value in values]
        lines.append("        ),")
    lines.append("    }\n)\n")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(derive())
