"""Functions of CHLO that `math` does not have, in f64: relatives of the error function, gamma, zeta and Bessel.

Sums and polynomials that hold everywhere, with a choice at the end; the table in `docs/math.md` has their errors.
"""

from __future__ import annotations

import math as python_math
from collections.abc import Callable, Sequence

from xdsl.dialects import math
from xdsl.ir import Operation, SSAValue

from zellige.passes.lowering.math_functions.values import Real

INFINITY = python_math.inf
NAN = python_math.nan


def _exp(x: Real) -> Real:
    return x.of(math.ExpOp(x.ssa))


def _log(x: Real) -> Real:
    return x.of(math.LogOp(x.ssa))


def _floor(x: Real) -> Real:
    return x.of(math.FloorOp(x.ssa))


def _power(x: Real, y: Real) -> Real:
    return x.of(math.PowFOp(x.ssa, y.ssa))


def _call(op: Callable[[SSAValue], Operation], x: Real) -> Real:
    return x.of(op(x.ssa))


# erfc(x) = exp(-x^2) P(x) / Q(x) from 1 to 8, and R / S above: rational functions of Cephes, constant term first.
_ERFC_MIDDLE = (
    (
        5.57535335369399327526e2,
        1.02755188689515710272e3,
        9.34528527171957607540e2,
        5.26445194995477358631e2,
        1.96520832956077098242e2,
        4.86371970985681366614e1,
        7.46321056442269912687e0,
        5.64189564831068821977e-1,
        2.46196981473530512524e-10,
    ),
    (
        5.57535340817727675546e2,
        1.65666309194161350182e3,
        2.24633760818710981792e3,
        1.82390916687909736289e3,
        9.75708501743205489753e2,
        3.54937778887819891062e2,
        8.67072140885989742329e1,
        1.32281951154744992508e1,
        1.0,
    ),
)
_ERFC_FAR = (
    (
        2.97886665372100240670e0,
        7.40974269950448939160e0,
        6.16021097993053585195e0,
        5.01905042251180477414e0,
        1.27536670759978104416e0,
        5.64189583547755073984e-1,
    ),
    (
        3.36907645100081516050e0,
        9.60896809063285878198e0,
        1.70814450747565897222e1,
        1.20489539808096656605e1,
        9.39603524938001434673e0,
        2.26052863220117276590e0,
        1.0,
    ),
)
_HIGH_HALF = -(1 << 32)
"""Clears the low half of an f64, so that the square of what is left is exact."""


def erfc(x: Real) -> Real:
    """1 - erf(x) up to 1. Above, -x^2 is -z^2 + (z - x) (z + x) with a z of few bits: no digit of it is lost."""
    a = abs(x).at_most(30.0)
    z = (a.bits() & _HIGH_HALF).as_real(a.format)
    power = _exp(-(z * z)) * _exp((z - a) * (z + a))
    middle, far = (a.polynomial(top) / a.polynomial(bottom) for top, bottom in (_ERFC_MIDDLE, _ERFC_FAR))
    tail = power * (a < 8.0).select(middle, far)
    tail = (x < 0.0).select(2.0 - tail, tail)
    return (a < 1.0).select(1.0 - _call(math.ErfOp, x), tail)


# Giles, "Approximating the erfinv function": a first guess with single precision, in powers of w - 2.5 and sqrt(w) - 3.
_ERF_INV_NEAR = (
    1.50140941,
    0.246640727,
    -0.00417768164,
    -0.00125372503,
    0.00021858087,
    -4.39150654e-06,
    -3.5233877e-06,
    3.43273939e-07,
    2.81022636e-08,
)
_ERF_INV_FAR = (
    2.83297682,
    1.00167406,
    0.00943887047,
    -0.0076224613,
    0.00573950773,
    -0.00367342844,
    0.00134934322,
    0.000100950558,
    -0.000200214257,
)


def _inverse_slope(x: Real) -> Real:
    """One over the derivative of erf."""
    return _exp(x * x) * (python_math.sqrt(python_math.pi) / 2)


def erf_inv(y: Real) -> Real:
    """Giles' guess of x, a step of Newton's iteration on log erfc, and two of Halley's on erfc(x) = 1 - |y|.

    What is left of 1 is exact where it is small; the logarithm is nearly a parabola where the guess is poor.
    """
    a = abs(y)
    rest = 1.0 - a
    w = -_log(rest * (a + 1.0))
    near, far = (w - 2.5).polynomial(_ERF_INV_NEAR), (w.sqrt() - 3.0).polynomial(_ERF_INV_FAR)
    x = (w < 5.0).select(near, far) * a
    tail = erfc(x)
    x = x + _log(tail / rest) * tail * _inverse_slope(x)
    for _ in range(2):
        is_small = a < 0.5
        step = is_small.select(_call(math.ErfOp, x) - a, rest - erfc(x)) * _inverse_slope(x)
        x = x - step / (step * x + 1.0)
    x = a.equals(1.0).select(INFINITY, x)
    return (a > 1.0).select(NAN, x.with_sign_of(y))


LANCZOS_G = 7.0
# Lanczos' approximation of the gamma function for g = 7 with nine terms.
_LANCZOS_BASE = 0.99999999999980993227684700473478
_LANCZOS = (
    676.520368121885098567009190444019,
    -1259.13921672240287047156078755283,
    771.3234287776530788486528258894,
    -176.61502916214059906584551354,
    12.507343278686904814458936853,
    -0.13857109526572011689554707,
    9.984369578019570859563e-6,
    1.50563273514931155834e-7,
)


def _sine_of_revolutions(fraction: Real) -> Real:
    """sin(pi x) from 0 to 1, in which nothing is lost near both ends."""
    nearest = (fraction > 0.5).select(1.0 - fraction, fraction)
    return _call(math.SinOp, nearest * python_math.pi)


def lgamma(x: Real) -> Real:
    """Lanczos' sum for x - 1 of at least -1/2, and the reflection pi / sin(pi x) below."""
    reflects = x < 0.5
    z = reflects.select(-x, x - 1.0)
    series = x * 0.0 + _LANCZOS_BASE
    for index, coefficient in enumerate(_LANCZOS):
        series = series + coefficient / (z + (index + 1.0))
    t = z + (LANCZOS_G + 0.5)
    log_t = _call(math.Log1pOp, z / (LANCZOS_G + 0.5)) + python_math.log(LANCZOS_G + 0.5)
    positive = (z + 0.5 - t / log_t) * log_t + (_log(series) + python_math.log(2 * python_math.pi) / 2)
    magnitude = abs(x)
    fraction = magnitude - _floor(magnitude)
    reflected = python_math.log(python_math.pi) - _log(_sine_of_revolutions(fraction)) - positive
    is_pole = reflects & fraction.equals(0.0)
    result = reflects.select(is_pole.select(INFINITY, reflected), positive)
    return magnitude.equals(INFINITY).select(INFINITY, result)


_DIGAMMA_STEPS = 10
# B_2k / 2k, of the asymptotic series of the digamma function.
_DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160)


def digamma(x: Real) -> Real:
    """The asymptotic series ten steps further on, and the reflection by pi / tan(pi x) below 1/2."""
    reflects = x < 0.5
    z = reflects.select(1.0 - x, x)
    steps = 1.0 / z
    for step in range(1, _DIGAMMA_STEPS):
        steps = steps + 1.0 / (z + float(step))
    far = z + float(_DIGAMMA_STEPS)
    inverse = 1.0 / far
    square = inverse * inverse
    positive = _log(far) - inverse * 0.5 - square * square.polynomial(_DIGAMMA) - steps
    fraction = x - _call(math.RoundEvenOp, x)
    angle = fraction * python_math.pi
    reflected = positive - _call(math.CosOp, angle) / _call(math.SinOp, angle) * python_math.pi
    is_pole = reflects & fraction.equals(0.0)
    at_zero = -(x * 0.0 + INFINITY).with_sign_of(x)
    at_pole = x.equals(0.0).select(at_zero, NAN)
    return is_pole.select(at_pole, reflects.select(reflected, positive))


_ZETA_TERMS = 10
# B_2k / (2k)!, of Euler and Maclaurin's formula.
_ZETA = (
    1 / 12,
    -1 / 720,
    1 / 30240,
    -1 / 1209600,
    1 / 47900160,
    -691 / 1307674368000,
    1 / 74724249600,
    -3617 / 10670622842880000,
    43867 / 5109094217170944000,
)


def zeta(x: Real, q: Real) -> Real:
    """Ten terms of the sum, and the rest by Euler and Maclaurin's formula."""
    term = total = _power(q, -x)
    last = q
    for index in range(1, _ZETA_TERMS):
        last = q + float(index)
        term = _power(last, -x)
        total = total + term
    total = total + term * last / (x - 1.0) - term * 0.5
    factor = term * x / last
    square = last * last
    for index, coefficient in enumerate(_ZETA):
        total = total + factor * coefficient
        factor = factor * (x + (2.0 * index + 1.0)) * (x + (2.0 * index + 2.0)) / square
    is_integer = _floor(x).equals(x)
    below = _floor(q).equals(q).select(INFINITY, is_integer.select(total, NAN))
    result = (q > 0.0).select(total, below)
    result = (x > 1.0).select(result, NAN)
    result = x.equals(1.0).select(INFINITY, result)
    return result + q * 0.0


def polygamma(n: Real, x: Real) -> Real:
    """(-1)^(n + 1) n! zeta(n + 1, x), and the digamma function for n = 0."""
    following = n + 1.0
    half = n * 0.5
    magnitude = _exp(lgamma(following)) * zeta(following, x)
    result = _floor(half).equals(half).select(-magnitude, magnitude)
    result = n.equals(0.0).select(digamma(x), result)
    is_order = _floor(n).equals(n) & n.compare("oge", 0.0)
    return is_order.select(result, NAN)


# Chebyshev series of e^-x I1(x) / x for x = 4 (t + 1), and of e^-x I1(x) sqrt(x) for 1 / x = (t + 1) / 16.
_BESSEL_NEAR = (
    0.12629359322181682,
    -0.17641651835783406,
    0.1026436586898471,
    -0.05294598120809499,
    0.024726449030626516,
    -0.010564084894626197,
    0.004156422944312888,
    -0.0015135724506312532,
    0.0005122859561685758,
    -0.00016176081582589674,
    4.781565107550054e-05,
    -1.3273163656039436e-05,
    3.4702513081376785e-06,
    -8.568720264695455e-07,
    2.0032947535521353e-07,
    -4.445059128796328e-08,
    9.381537386495773e-09,
    -1.8872497517228294e-09,
    3.625590281552117e-10,
    -6.663489723502027e-11,
    1.1736186298890901e-11,
    -1.9839743977649436e-12,
    3.223793365945575e-13,
    -5.042185504727912e-14,
    7.600684294735408e-15,
    -1.1055969477353862e-15,
    1.5536319577362005e-16,
    -2.111421214358166e-17,
    2.7779141127610464e-18,
)
_BESSEL_FAR = (
    0.38928811750914005,
    -0.009761097491361469,
    -0.00011058893876262371,
    -3.882564808877691e-06,
    -2.512236237870209e-07,
    -2.6314688468895196e-08,
    -3.835380385964237e-09,
    -5.589743462196584e-10,
    -1.8974958123505413e-11,
    3.2526035830154884e-11,
    1.4125807436613782e-11,
    2.0356285441470896e-12,
    -7.198551776245908e-13,
    -4.0835511110921974e-13,
    -2.1015418427726643e-14,
    4.272440016711951e-14,
    1.0420276984128802e-14,
    -3.8144030724370075e-15,
    -1.8803547755107825e-15,
    3.3082023109209285e-16,
    2.96262899764595e-16,
    -3.20952592199342e-17,
    -4.650305368489357e-17,
    4.414348323071546e-18,
    7.517296310842329e-18,
)


def _chebyshev(t: Real, coefficients: Sequence[float]) -> Real:
    """The series at t by Clenshaw's recurrence."""
    twice = t + t
    *rest, before, last = coefficients
    ahead, current = t * 0.0 + last, twice * last + before
    for coefficient in reversed(rest[1:]):
        ahead, current = current, twice * current - ahead + coefficient
    return t * current - ahead + rest[0]


def bessel_i1e(x: Real) -> Real:
    """A series up to 8, and one in 1 / x above."""
    a = abs(x)
    near = _chebyshev(a.at_most(8.0) * 0.25 - 1.0, _BESSEL_NEAR) * a
    above = a.at_least(8.0)
    far = _chebyshev(16.0 / above - 1.0, _BESSEL_FAR) / above.sqrt()
    return (a > 8.0).select(far, near).with_sign_of(x)
