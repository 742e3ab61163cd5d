"""What a program returns beside what JAX returns."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FINFO: Any = import_module("ml_dtypes").finfo
"""The limits of a type of floats, also of those that numpy lacks."""

TOLERANCE = 1e-3
"""Largest relative difference of two floats; for types of fewer bits, four units in the last place."""


def disagreement(got: list[Array], expected: list[Array]) -> str:
    """How the results differ, or nothing."""
    if len(got) != len(expected):
        return f"{len(got)} results, expected {len(expected)}"
    for number, (one, other) in enumerate(zip(got, expected, strict=True)):
        words = _difference(one, other)
        if words:
            return f"result {number}: {words}"
    return ""


def _difference(got: Array, expected: Array) -> str:
    if got.shape != expected.shape or got.dtype != expected.dtype:
        return f"got {got.dtype}{list(got.shape)}, expected {expected.dtype}{list(expected.shape)}"
    if expected.dtype.kind in "biu":
        wrong = got != expected
    else:
        epsilon = float(FINFO(expected.dtype).eps)
        wide = np.complex128 if expected.dtype.kind == "c" else np.float64
        got, expected = got.astype(wide), expected.astype(wide)
        allowed = max(TOLERANCE, 4 * epsilon)
        finite = np.abs(expected[np.isfinite(expected)])
        smallest = (allowed if epsilon > TOLERANCE / 4 else 1e-2 * allowed) * float(finite.max(initial=0.0))
        wrong = ~np.isclose(got, expected, allowed, smallest, equal_nan=True)
    if not wrong.any():
        return ""
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{int(wrong.sum())} of {wrong.size} elements; at {list(place)} got {got[place]}, expected {expected[place]}"
