"""What the scalar ops of `arith` and `math` compute, on numpy arrays.

Each function takes arrays (of any shape, broadcast against each other) and gives an array of the op's result type.
Integers wrap; `i1` is `bool`; `index` is `int64`. f32 and f64 ops round as IEEE says. Functions that IEEE does not
fix (exp, tanh, …) are computed in float64 and rounded, and are listed in `INEXACT`: another machine may differ in the
last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def _unsigned(x: Array) -> Array:
    return x if x.dtype.kind == "b" else x.view(f"u{x.dtype.itemsize}")


def _signed(x: Array) -> Array:
    """i1 as a signed number: true is -1."""
    return -x.astype(np.int8) if x.dtype.kind == "b" else x


def _bits(x: Array) -> int:
    return 1 if x.dtype.kind == "b" else x.dtype.itemsize * 8


def _back(x: Array, like: Array) -> Array:
    """Wrap integers to the type of `like`; one bit of them for i1."""
    if like.dtype.kind == "b":
        return (x & 1).astype(bool)
    return x.astype(like.dtype)


def _wrapping(op: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    """An integer op that is the same for signed and unsigned; unsigned arithmetic of numpy wraps quietly."""

    def run(a: Array, b: Array) -> Array:
        if a.dtype.kind == "b":
            return _back(op(a.astype(np.uint8), b.astype(np.uint8)), a)
        return op(_unsigned(a), _unsigned(b)).view(a.dtype)

    return run


def _on_unsigned(op: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    return lambda a, b: _back(op(_unsigned(a), _unsigned(b)), a)


def _divide_truncating(a: Array, b: Array) -> Array:
    a, b = _signed(a), _signed(b)
    quotient = a // b
    return quotient + ((a % b != 0) & ((a < 0) != (b < 0)))


def _remainder_truncating(a: Array, b: Array) -> Array:
    return a - _divide_truncating(a, b) * b


def _ceil_divide(a: Array, b: Array) -> Array:
    return a // b + (a % b != 0)


def _shift_left(a: Array, b: Array) -> Array:
    amount = _unsigned(b)
    return np.where(amount < _bits(a), np.left_shift(a, np.minimum(amount, _bits(a) - 1).astype(a.dtype)), 0)


def _shift_right(a: Array, b: Array) -> Array:
    return np.right_shift(a, np.minimum(_unsigned(b), _bits(a) - 1).astype(a.dtype))


def _shift_right_unsigned(a: Array, b: Array) -> Array:
    x, amount = _unsigned(a), _unsigned(b)
    shifted = np.right_shift(x, np.minimum(amount, _bits(a) - 1).astype(x.dtype))
    return np.where(amount < _bits(a), shifted, 0)


def _maximum(a: Array, b: Array) -> Array:
    """NaN wins, and +0 is above -0."""
    both_zero = (a == 0) & (b == 0)
    return np.where(both_zero, np.where(np.signbit(a), b, a), np.maximum(a, b))


def _minimum(a: Array, b: Array) -> Array:
    both_zero = (a == 0) & (b == 0)
    return np.where(both_zero, np.where(np.signbit(a), a, b), np.minimum(a, b))


def _float_power(a: Array, b: Array) -> Array:
    return np.power(a.astype(np.float64), b.astype(np.float64)).astype(a.dtype)


def _fused_multiply_add(a: Array, b: Array, c: Array) -> Array:
    """One rounding for f32 (a product of two f32 is exact in f64; the sum rounds twice only in rare ties)."""
    return (a.astype(np.float64) * b + c).astype(a.dtype)


def _leading_zeros(a: Array) -> Array:
    x, count = _unsigned(a), np.full(a.shape, _bits(a), a.dtype)
    for bit in range(_bits(a)):
        count = np.where((x >> bit) & 1, _bits(a) - 1 - bit, count)
    return count.astype(a.dtype)


def _trailing_zeros(a: Array) -> Array:
    x, count = _unsigned(a), np.full(a.shape, _bits(a), a.dtype)
    for bit in reversed(range(_bits(a))):
        count = np.where((x >> bit) & 1, bit, count)
    return count.astype(a.dtype)


def _integer_power(a: Array, b: Array) -> Array:
    result, base, exponent = np.ones(np.broadcast_shapes(a.shape, b.shape), a.dtype), a, b
    while np.any(exponent > 0):
        result = np.where(exponent & 1 > 0, result * base, result)
        base, exponent = base * base, np.maximum(exponent >> 1, 0)
    inverse = np.where(a == 1, 1, np.where(a == -1, np.where(b & 1, -1, 1), 0))
    return np.where(b < 0, inverse, result).astype(a.dtype)


def _in_double(op: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda a: op(a.astype(np.float64)).astype(a.dtype)


def _error_function(a: Array) -> Array:
    return np.vectorize(math.erf, otypes=[np.float64])(a)


def _round_half_away(a: Array) -> Array:
    whole = np.trunc(a)
    return np.copysign(np.where(np.abs(a - whole) >= 0.5, whole + np.sign(a), whole), a)


_EXACT_UNARY: dict[str, Callable[[Array], Array]] = {
    "arith.negf": np.negative,
    "math.absf": np.abs,
    "math.absi": np.abs,
    "math.ceil": np.ceil,
    "math.floor": np.floor,
    "math.trunc": np.trunc,
    "math.roundeven": np.rint,
    "math.round": _round_half_away,
    "math.sqrt": np.sqrt,
    "math.ctlz": _leading_zeros,
    "math.cttz": _trailing_zeros,
    "math.ctpop": lambda a: np.bitwise_count(_unsigned(a)).astype(a.dtype),
    "math.isnan": np.isnan,
    "math.isinf": np.isinf,
    "math.isfinite": np.isfinite,
}

_INEXACT_UNARY: dict[str, Callable[[Array], Array]] = {
    "math.exp": _in_double(np.exp),
    "math.exp2": _in_double(np.exp2),
    "math.expm1": _in_double(np.expm1),
    "math.log": _in_double(np.log),
    "math.log2": _in_double(np.log2),
    "math.log10": _in_double(np.log10),
    "math.log1p": _in_double(np.log1p),
    "math.sin": _in_double(np.sin),
    "math.cos": _in_double(np.cos),
    "math.tan": _in_double(np.tan),
    "math.asin": _in_double(np.arcsin),
    "math.acos": _in_double(np.arccos),
    "math.atan": _in_double(np.arctan),
    "math.sinh": _in_double(np.sinh),
    "math.cosh": _in_double(np.cosh),
    "math.tanh": _in_double(np.tanh),
    "math.asinh": _in_double(np.arcsinh),
    "math.acosh": _in_double(np.arccosh),
    "math.atanh": _in_double(np.arctanh),
    "math.cbrt": _in_double(np.cbrt),
    "math.erf": _in_double(_error_function),
    "math.rsqrt": _in_double(lambda a: 1.0 / np.sqrt(a)),
}

_EXACT_BINARY: dict[str, Callable[[Array, Array], Array]] = {
    "arith.addi": _wrapping(np.add),
    "arith.subi": _wrapping(np.subtract),
    "arith.muli": _wrapping(np.multiply),
    "arith.divsi": lambda a, b: _back(_divide_truncating(a, b), a),
    "arith.divui": _on_unsigned(np.floor_divide),
    "arith.remsi": lambda a, b: _back(_remainder_truncating(_signed(a), _signed(b)), a),
    "arith.remui": _on_unsigned(np.remainder),
    "arith.floordivsi": lambda a, b: _back(_signed(a) // _signed(b), a),
    "arith.ceildivsi": lambda a, b: _back(_ceil_divide(_signed(a), _signed(b)), a),
    "arith.ceildivui": _on_unsigned(_ceil_divide),
    "arith.minsi": lambda a, b: _back(np.minimum(_signed(a), _signed(b)), a),
    "arith.maxsi": lambda a, b: _back(np.maximum(_signed(a), _signed(b)), a),
    "arith.minui": _on_unsigned(np.minimum),
    "arith.maxui": _on_unsigned(np.maximum),
    "arith.andi": np.bitwise_and,
    "arith.ori": np.bitwise_or,
    "arith.xori": np.bitwise_xor,
    "arith.shli": lambda a, b: _back(_shift_left(a, b), a),
    "arith.shrsi": lambda a, b: _back(_shift_right(a, b), a),
    "arith.shrui": lambda a, b: _back(_shift_right_unsigned(a, b), a),
    "arith.addf": np.add,
    "arith.subf": np.subtract,
    "arith.mulf": np.multiply,
    "arith.divf": np.divide,
    "arith.remf": np.fmod,
    "arith.maximumf": _maximum,
    "arith.minimumf": _minimum,
    "arith.maxnumf": np.fmax,
    "arith.minnumf": np.fmin,
    "math.copysign": np.copysign,
    "math.ipowi": _integer_power,
}

_INEXACT_BINARY: dict[str, Callable[[Array, Array], Array]] = {
    "math.atan2": lambda a, b: np.arctan2(a.astype(np.float64), b.astype(np.float64)).astype(a.dtype),
    "math.powf": _float_power,
    "math.fpowi": _float_power,
}

_EXACT_TERNARY: dict[str, Callable[[Array, Array, Array], Array]] = {
    "arith.select": np.where,
}

_INEXACT_TERNARY: dict[str, Callable[[Array, Array, Array], Array]] = {
    "math.fma": _fused_multiply_add,
}

EXACT: Mapping[str, Callable[..., Array]] = MappingProxyType({**_EXACT_UNARY, **_EXACT_BINARY, **_EXACT_TERNARY})
"""Ops with one right answer, bit for bit."""

INEXACT: Mapping[str, Callable[..., Array]] = MappingProxyType(
    {**_INEXACT_UNARY, **_INEXACT_BINARY, **_INEXACT_TERNARY}
)
"""Ops whose last bit may depend on the machine."""

SIGNED_CASTS = frozenset({"arith.extsi", "arith.trunci", "arith.sitofp", "arith.fptosi", "arith.index_cast"})
UNSIGNED_CASTS = frozenset({"arith.extui", "arith.uitofp", "arith.fptoui", "arith.index_castui"})
FLOAT_CASTS = frozenset({"arith.extf", "arith.truncf"})
CASTS = SIGNED_CASTS | UNSIGNED_CASTS | FLOAT_CASTS | {"arith.bitcast"}


def cast(name: str, x: Array, to: np.dtype[Any]) -> Array:
    """Run a cast op of `CASTS` on `x`."""
    if name == "arith.bitcast":
        return x if x.dtype == to else np.ascontiguousarray(x).view(to).reshape(x.shape)
    if name in FLOAT_CASTS:
        return x.astype(to)
    if name == "arith.trunci" and to.kind == "b":
        return (x & 1).astype(bool)
    if name in ("arith.fptosi", "arith.fptoui") and to.kind != "b":
        return _saturated(x, np.dtype(f"u{to.itemsize}") if name == "arith.fptoui" else to).view(to)
    source = _unsigned(x) if name in UNSIGNED_CASTS else _signed(x)
    return (source & 1).astype(bool) if to.kind == "b" else source.astype(to)


def _saturated(x: Array, to: np.dtype[Any]) -> Array:
    """Floats as integers, rounded to zero: beyond the limits, the nearest limit; NaN is 0."""
    info = np.iinfo(to)
    with np.errstate(all="ignore"):
        whole = np.trunc(x)
        is_low, is_high = whole < x.dtype.type(info.min), whole >= x.dtype.type(2.0 ** (info.bits - (info.min < 0)))
        inside = np.where(is_low | is_high | np.isnan(whole), 0, whole).astype(to)
    return np.select([is_low, is_high], [to.type(info.min), to.type(info.max)], inside)


def compare_integers(predicate: int, a: Array, b: Array) -> Array:
    """`arith.cmpi`; the predicate is MLIR's number (eq ne slt sle sgt sge ult ule ugt uge)."""
    if predicate >= 6:
        a, b, predicate = _unsigned(a), _unsigned(b), predicate - 4
    else:
        a, b = _signed(a), _signed(b)
    return (np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)[predicate](a, b)


def compare_floats(predicate: int, a: Array, b: Array) -> Array:
    """`arith.cmpf`; the predicate is MLIR's number: false, six ordered and ord, six unordered and uno, true."""
    unordered = np.isnan(a) | np.isnan(b)
    if predicate in (0, 15):
        return np.full(unordered.shape, predicate == 15)
    if predicate == 7:
        return ~unordered
    if predicate == 14:
        return unordered
    ordered_tests = (np.equal, np.greater, np.greater_equal, np.less, np.less_equal, np.not_equal)
    if predicate < 7:
        return ordered_tests[predicate - 1](a, b) & ~unordered
    return ordered_tests[predicate - 8](a, b) | unordered
