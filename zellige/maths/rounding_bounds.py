"""How far two evaluations of one kernel may differ, and how far two results do (derived in docs/equivalence.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def gamma(steps: int, dtype: np.dtype[Any]) -> float:
    """The relative error that `steps` roundings to nearest may sum up to; infinite where that says nothing."""
    part = steps * float(np.finfo(dtype).eps) / 2
    return part / (1 - part) if part < 1 else np.inf


def difference_bound(steps: int, dtype: np.dtype[Any]) -> float:
    """How far two evaluations with at most `steps` roundings on each path may be apart, as a part of the scale."""
    return 2 * gamma(steps, dtype)


@dataclass(frozen=True)
class Difference:
    """What two arrays have in common: all bits (any NaN equals any NaN), and the largest error as a part of the scale.

    The error is infinite where one element is not finite and the other one is another number.
    """

    bit_equal: bool = True
    error: float = 0.0

    def __or__(self, other: Difference) -> Difference:
        """Both taken together."""
        return Difference(self.bit_equal and other.bit_equal, max(self.error, other.error))


def difference(left: Array, right: Array) -> Difference:
    """Compare two arrays of floats of one type and shape.

    The scale of an element is the larger one of its two values and the root mean square of all finite elements.
    """
    bits = f"u{left.dtype.itemsize}"
    same_bits = left.view(bits) == right.view(bits)
    if same_bits.all():
        return Difference()
    both_nan = np.isnan(left) & np.isnan(right)
    if (same_bits | both_nan).all():
        return Difference()
    with np.errstate(all="ignore"):
        finite = np.isfinite(left) & np.isfinite(right)
        a, b = left[finite].astype(np.float64), right[finite].astype(np.float64)
        scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), _root_mean_square(a))
        apart = np.abs(a / scale - b / scale)  # divided first, since a difference of large numbers may overflow
        error = float(np.nanmax(apart, initial=0.0))
    if not ((left == right) | both_nan | finite).all():
        error = np.inf
    return Difference(False, error)


def _root_mean_square(values: NDArray[np.float64]) -> float:
    largest = float(np.abs(values).max(initial=0.0))
    return largest * float(np.sqrt(np.mean(np.square(values / largest)))) if largest > 0 else 0.0
