"""Measure the error of a math function on all f32 numbers, or on every n-th of them.

    python tests/long/math_exhaustive.py exp            # all 2^32, minutes
    python tests/long/math_exhaustive.py exp tanh --stride 251

One line a function: the largest error in ulp without and with fused multiply-add, and the argument where it occurs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.math_accuracy import LIMITS_F32, Expanded, Fusing, expand, function_text, true_values, ulp_errors

CHUNK = 1 << 20
ONE_ARGUMENT = sorted(set(LIMITS_F32) - {"powf", "atan2"})


def chunks(stride: int) -> Iterator[npt.NDArray[np.float32]]:
    for start in range(0, 2**32, CHUNK * stride):
        stop = min(start + CHUNK * stride, 2**32)
        yield np.arange(start, stop, stride, dtype=np.uint64).astype(np.uint32).view(np.float32)


def largest_errors(name: str, stride: int) -> dict[Fusing, tuple[float, float]]:
    """For each way of fusing: the largest error, and where."""
    function = Expanded(expand(function_text(name, "f32")))
    worst = dict.fromkeys(Fusing, (-1.0, 0.0))
    for x in chunks(stride):
        true: npt.NDArray[Any] = true_values(name, x)
        for fusing in Fusing:
            errors = ulp_errors(function(x, fusing=fusing), true)
            place = int(np.argmax(errors))
            worst[fusing] = max(worst[fusing], (float(errors[place]), float(x[place])))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", choices=ONE_ARGUMENT)
    parser.add_argument("--stride", type=int, default=1, help="take every n-th number (odd, best a prime)")
    options = parser.parse_args()
    for name in options.names:
        worst = largest_errors(name, options.stride)
        parts = (f"{fusing.value} {error:.3f} at {x!r}" for fusing, (error, x) in worst.items())
        print(f"{name}: {', '.join(parts)}", flush=True)


if __name__ == "__main__":
    main()
