# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Functions of jax.numpy, on the types that they are for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, booleans, complexes, floats, integers, words

jnp: Any = import_module("jax.numpy")

SMALL_FLOATS = ("float16", "bfloat16")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")

OF_A_FLOAT = words(
    "abs acosh arcsinh arctan arctanh cbrt ceil cos cosh deg2rad degrees exp exp2 expm1 fabs floor i0 "
    "isfinite isinf isnan log1p nan_to_num negative positive rad2deg reciprocal rint round sign signbit "
    "sin sinc sinh spacing sqrt square tan tanh trunc frexp modf isneginf isposinf ediff1d"
)
DOMAINS = {"arctanh": (-0.9, 0.9), "acosh": (1.1, 4.0), "log1p": (-0.5, 4.0), "sqrt": (0.1, 4.0)}
OF_A_POSITIVE = words("log log2 log10")
OF_AN_ANGLE = words("arccos arcsin")
OF_FLOATS = words(
    "add arctan2 copysign divide float_power floor_divide fmax fmin fmod heaviside hypot logaddexp "
    "logaddexp2 maximum minimum mod multiply nextafter remainder subtract true_divide equal not_equal "
    "less less_equal greater greater_equal isclose divmod ldexp"
)
OF_A_COMPLEX = words(
    "abs angle conj cos cosh exp expm1 imag isfinite log log1p negative real reciprocal sign sin sinh "
    "sqrt square tan tanh arccos arccosh arcsin arcsinh arctan arctanh exp2 log2 log10 cumsum cumprod sum "
    "prod mean var std sort argsort max argmax"
)
OF_COMPLEXES = words("add subtract multiply divide power equal not_equal matmul vdot less greater maximum")
OF_AN_INTEGER = words(
    "abs bitwise_not invert negative sign square bitwise_count sqrt exp sum prod cumsum cumprod max min mean"
)
OF_INTEGERS = words(
    "add bitwise_and bitwise_or bitwise_xor floor_divide fmod maximum minimum mod multiply remainder "
    "subtract true_divide gcd lcm equal less less_equal greater greater_equal power matmul divmod"
)
REDUCTIONS = words(
    "all any amax amin argmax argmin average count_nonzero cumprod cumsum max mean median min nanargmax "
    "nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanprod nanstd nansum nanvar prod ptp "
    "std sum var sort argsort"
)


def cases() -> Iterator[Case]:
    yield from _of_floats()
    yield from _of_integers()
    yield from _of_complexes()
    yield from _reductions()
    yield from _conversions()


def _of_floats() -> Iterator[Case]:
    for name in OF_A_FLOAT + OF_A_POSITIVE + OF_AN_ANGLE:
        low, high = DOMAINS.get(name, (-3.0, 3.0))
        low, high = (0.1, 9.0) if name in OF_A_POSITIVE else (-0.95, 0.95) if name in OF_AN_ANGLE else (low, high)
        for dtype in ("float32", "float64", *SMALL_FLOATS):
            if name in ("i0", "spacing", "frexp") and dtype in SMALL_FLOATS:
                continue
            argument = floats(5, 7, low=low, high=high, dtype=dtype)
            yield Case(f"{name}_{dtype}", getattr(jnp, name), (argument,), wide=dtype == "float64")
    special = np.array(
        [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, np.inf, -np.inf, np.nan, 2e-38, 1e38, -1e38], "float32"
    )
    for name in OF_A_FLOAT + OF_A_POSITIVE + OF_AN_ANGLE:
        if name not in ("spacing", "frexp", "i0", "ediff1d"):
            yield Case(f"{name}_edges", getattr(jnp, name), (special,))
    for name in OF_FLOATS:
        second = integers(5, 7, low=-3, high=4) if name == "ldexp" else floats(5, 7, low=0.5, high=3.0)[::-1]
        for dtype in ("float32", "float64", *SMALL_FLOATS):
            if name == "nextafter" and dtype in SMALL_FLOATS:
                continue
            both = (floats(5, 7, dtype=dtype), second if name == "ldexp" else second.astype(dtype))
            yield Case(f"{name}_{dtype}", getattr(jnp, name), both, wide=dtype == "float64")
        if name != "ldexp":
            left, right = np.meshgrid(special, special)
            yield Case(f"{name}_edges", getattr(jnp, name), (left, right))
    yield Case("power_float32", jnp.power, (floats(5, 7, low=0.1), floats(5, 7)))
    yield Case("power_float_int", jnp.power, (floats(5, 7), integers(5, 7, low=-3, high=5)))
    left, right = np.meshgrid(special, special)
    yield Case("power_edges", jnp.power, (left, right))
    yield Case("clip", lambda x: jnp.clip(x, -1, 1), (floats(5, 7),))
    yield Case("interp", jnp.interp, (floats(9), np.linspace(-2, 2, 6, dtype="float32"), floats(6)))
    yield Case("unwrap", jnp.unwrap, (floats(20, low=-9, high=9),))
    yield Case("polyval", jnp.polyval, (floats(4), floats(5, 7)))
    yield Case("convolve", jnp.convolve, (floats(9), floats(4)))
    yield Case("correlate", jnp.correlate, (floats(9), floats(4)))
    yield Case("gradient", jnp.gradient, (floats(9),))
    yield Case("diff", lambda x: jnp.diff(x, n=2), (floats(3, 9),))
    yield Case("trapezoid", jnp.trapezoid, (floats(3, 9),))
    yield Case("where", jnp.where, (booleans(5, 7), floats(5, 7), floats(7)))
    yield Case("linspace", lambda a, b: jnp.linspace(a, b, 17), (np.float32(1), np.float32(3)))
    yield Case("logspace", lambda a, b: jnp.logspace(a, b, 17), (np.float32(1), np.float32(3)))
    yield Case("arange", lambda x: jnp.arange(7) + x, (np.float32(1),))
    yield Case("piecewise", lambda x: jnp.piecewise(x, [x < 0, x > 1], [-1.0, 1.0, lambda v: v * 2]), (floats(9),))
    yield Case("select", lambda x: jnp.select([x < 0, x > 1], [x, x * x], 7.0), (floats(9),))


def _of_integers() -> Iterator[Case]:
    for dtype in SIGNED + UNSIGNED:
        wide = dtype.endswith("64")
        values = integers(5, 7, dtype=dtype)
        others = integers(7, 5, dtype=dtype).T.copy()
        for name in OF_AN_INTEGER:
            yield Case(f"{name}_{dtype}", getattr(jnp, name), (values,), wide=wide)
        for name in OF_INTEGERS:
            right = integers(7, 4, dtype=dtype) if name == "matmul" else others
            right = np.abs(right) % 5 if name == "power" else right
            yield Case(f"{name}_{dtype}", getattr(jnp, name), (values, right.astype(dtype)), wide=wide)
        shifts = integers(5, 7, low=0, high=12, dtype=dtype)
        for name in ("left_shift", "right_shift"):
            yield Case(f"{name}_{dtype}", getattr(jnp, name), (values, shifts), wide=wide)
        limits = np.array([np.iinfo(dtype).min, np.iinfo(dtype).max, 0, 1, np.iinfo(dtype).max // 2], dtype)
        left, right = np.meshgrid(limits, limits)
        for name in words("add multiply subtract floor_divide remainder fmod maximum left_shift right_shift"):
            yield Case(f"{name}_{dtype}_limits", getattr(jnp, name), (left, right), wide=wide)
    for name in words("logical_and logical_or logical_xor bitwise_and add multiply maximum equal less"):
        yield Case(f"{name}_bool", getattr(jnp, name), (booleans(5, 7), booleans(7)))
    for name in words("logical_not all any sum cumsum argmax sort"):
        yield Case(f"{name}_bool", getattr(jnp, name), (booleans(5, 7),))
    yield Case("packbits", jnp.packbits, (booleans(5, 16),))
    yield Case("unpackbits", jnp.unpackbits, (integers(5, dtype="uint8"),))


def _of_complexes() -> Iterator[Case]:
    for dtype in ("complex64", "complex128"):
        for name in OF_A_COMPLEX:
            yield Case(
                f"{name}_{dtype}", getattr(jnp, name), (complexes(4, 5, dtype=dtype),), wide=dtype == "complex128"
            )
        for name in OF_COMPLEXES:
            right = complexes(5, 4, dtype=dtype) if name in ("matmul", "vdot") else complexes(4, 5, dtype=dtype)[::-1]
            arguments = (complexes(4, 5, dtype=dtype), right)
            yield Case(f"{name}_{dtype}", getattr(jnp, name), arguments, wide=dtype == "complex128")
    yield Case("roots_of_unity", lambda x: jnp.exp(1j * x), (floats(8),))
    for name in ["fft", "ifft", "rfft", "hfft", "ihfft", "fftshift"]:
        dtype = complexes(3, 12) if name in ("fft", "ifft", "hfft") else floats(3, 12)
        yield Case(f"fft.{name}", getattr(jnp.fft, name), (dtype,))
    yield Case("fft.irfft", lambda x: jnp.fft.irfft(x, 11), (complexes(3, 6),))
    yield Case("fft.fft_prime", jnp.fft.fft, (complexes(2, 37),))
    yield Case("fft.fft2", jnp.fft.fft2, (complexes(3, 8, 6),))
    yield Case("fft.rfft2", jnp.fft.rfft2, (floats(3, 8, 6),))
    yield Case("fft.irfftn", jnp.fft.irfftn, (complexes(3, 8, 6),))
    yield Case("fft.fft_complex128", jnp.fft.fft, (complexes(3, 16, dtype="complex128"),), wide=True)


def _reductions() -> Iterator[Case]:
    values = floats(4, 9)
    holed = values.copy()
    holed[1, 3] = holed[2, 0] = np.nan
    for name in REDUCTIONS:
        function = getattr(jnp, name)
        argument = holed if name.startswith("nan") else values
        yield Case(f"{name}_rows", lambda x, f=function: f(x, axis=1), (argument,))
        yield Case(f"{name}_columns", lambda x, f=function: f(x, axis=0), (argument,))
        yield Case(f"{name}_all", lambda x, f=function: f(x, axis=None), (argument,))
        if not name.startswith("nan"):
            yield Case(f"{name}_nans", lambda x, f=function: f(x, axis=1), (holed,))
            for dtype in ("float16", "bfloat16", "int8", "uint32", "bool"):
                if name in ("ptp", "median") and dtype == "bool":
                    continue
                data = (
                    booleans(4, 9)
                    if dtype == "bool"
                    else integers(4, 9, dtype=dtype)
                    if "int" in dtype
                    else values.astype(dtype)
                )
                yield Case(f"{name}_{dtype}", lambda x, f=function: f(x, axis=1), (data,))
    yield Case("percentile", lambda x: jnp.percentile(x, jnp.array([10.0, 50.0, 90.0]), axis=1), (values,))
    yield Case("quantile_nearest", lambda x: jnp.quantile(x, 0.3, axis=0, method="nearest"), (values,))
    yield Case("nanquantile", lambda x: jnp.nanquantile(x, 0.3, axis=1), (holed,))
    yield Case("cov", jnp.cov, (values,))
    yield Case("corrcoef", jnp.corrcoef, (values,))
    yield Case("histogram", lambda x: jnp.histogram(x, bins=5), (values,))
    yield Case("histogram2d", lambda x, y: jnp.histogram2d(x, y, bins=4), (floats(20), floats(20)[::-1].copy()))
    yield Case("bincount", lambda x: jnp.bincount(x, length=8), (integers(30, low=0, high=8),))
    yield Case("digitize", lambda x: jnp.digitize(x, jnp.array([-1.0, 0.0, 1.0])), (values,))
    yield Case("searchsorted", jnp.searchsorted, (np.sort(floats(20)), floats(7)))
    yield Case(
        "searchsorted_sort", lambda a, v: jnp.searchsorted(a, v, method="sort"), (np.sort(floats(20)), floats(7))
    )
    yield Case("lexsort", lambda a, b: jnp.lexsort((a, b)), (integers(20, low=0, high=4), integers(20, low=0, high=5)))
    yield Case("sort_complex", jnp.sort_complex, (floats(7),))
    yield Case("partition", lambda x: jnp.partition(x, 3), (values,))
    yield Case("argpartition", lambda x: jnp.argpartition(x, 3)[..., 3], (values,))
    yield Case("unique", lambda x: jnp.unique(x, size=6, fill_value=-1), (integers(20, low=0, high=6),))
    yield Case(
        "unique_counts",
        lambda x: jnp.unique(x, size=6, return_counts=True, return_inverse=True),
        (integers(20, low=0, high=6),),
    )
    yield Case("isin", jnp.isin, (integers(20, low=0, high=9), integers(4, low=0, high=9)))
    yield Case(
        "intersect1d",
        lambda a, b: jnp.intersect1d(a, b, size=5, fill_value=-1),
        (integers(9, low=0, high=9), integers(8, low=0, high=9)),
    )
    yield Case(
        "setdiff1d",
        lambda a, b: jnp.setdiff1d(a, b, size=5, fill_value=-1),
        (integers(9, low=0, high=9), integers(3, low=0, high=9)),
    )
    yield Case(
        "union1d",
        lambda a, b: jnp.union1d(a, b, size=9, fill_value=-1),
        (integers(9, low=0, high=9), integers(3, low=0, high=9)),
    )
    yield Case("nonzero", lambda x: jnp.nonzero(x, size=20, fill_value=-1), (booleans(5, 7),))
    yield Case("argwhere", lambda x: jnp.argwhere(x, size=20, fill_value=-1), (booleans(5, 7),))
    yield Case("flatnonzero", lambda x: jnp.flatnonzero(x, size=20), (booleans(5, 7),))
    yield Case("compress", lambda x: jnp.compress(jnp.array([True, False, True, True]), x, axis=0, size=3), (values,))
    yield Case("extract", lambda c, x: jnp.extract(c, x, size=9), (booleans(4, 9), values))
    yield Case("apply_along_axis", lambda x: jnp.apply_along_axis(lambda r: r / r.sum(), 1, x), (values,))


def _conversions() -> Iterator[Case]:
    kinds = ("bool", *SIGNED, *UNSIGNED, "float16", "bfloat16", "float32", "float64")
    for source in kinds:
        for target in kinds:
            values = (
                booleans(4, 6)
                if source == "bool"
                else integers(4, 6, dtype=source)
                if "int" in source
                else floats(4, 6, low=0, high=90, dtype=source)
            )
            yield Case(f"astype_{source}_{target}", lambda x, t=target: x.astype(t), (values,), wide=True)
    for small in ["float8_e4m3fn", "float8_e5m2", "float8_e4m3b11fnuz", "float8_e4m3fnuz", "float8_e5m2fnuz"]:
        yield Case(f"astype_{small}", lambda x, t=small: x.astype(t).astype("float32"), (floats(4, 6),))
    for small in ("int4", "uint4"):
        yield Case(f"astype_{small}", lambda x, t=small: x.astype(t).astype("int32"), (integers(4, 6, low=-3),))
    for source, target in (
        ("float32", "int32"),
        ("int32", "uint8"),
        ("uint8", "float32"),
        ("float16", "uint16"),
        ("float32", "bfloat16"),
    ):
        values = floats(4, 8) if source == "float32" else floats(4, 8).view(source)
        yield Case(
            f"view_{source}_{target}",
            lambda x, t=target: x.view(t),
            (values if source != "float16" else floats(4, 8, dtype="float16"),),
        )
    yield Case("astype_complex", lambda x: x.astype("complex64"), (floats(4, 6),))
    yield Case(
        "astype_saturation",
        lambda x: x.astype("int8"),
        (np.array([300.0, -300.0, 127.6, -128.9, np.nan, np.inf], "float32"),),
    )
    yield Case(
        "astype_uint_saturation",
        lambda x: x.astype("uint8"),
        (np.array([300.0, -300.0, 255.6, -0.9, np.nan, np.inf], "float32"),),
    )
