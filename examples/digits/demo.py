"""Compile the classifier of `digits.mlir`, look inside the module, and classify scans that its training never saw.

    python examples/digits/demo.py [MODULE]

leaves the module in MODULE (default: build/digits.wasm). The exit code is 1 when too few scans are classified rightly.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import zellige
from zellige.tools.main import main as zellige_command

HERE = Path(__file__).resolve().parent
LEAST_ACCURACY = 0.95
INK = " .:-=+*#%@"


def main(module: Path) -> int:
    start = time.perf_counter()
    artifact = zellige.compile(HERE / "digits.mlir")
    module.parent.mkdir(parents=True, exist_ok=True)
    artifact.save(module)
    print(f"digits.mlir compiled in {time.perf_counter() - start:.1f} s to {module}\n")
    zellige_command(["inspect", str(module)])

    test = np.load(HERE / "test_scans.npz")
    images, labels = test["images"].astype("<f4"), test["labels"]
    with zellige.load(module) as program:
        classify = program["classify"]
        digits = np.array([classify(image[np.newaxis])[0] for image in images])
        probabilities = program["main"](images[:1])[0]

        pixels = program.device.array(images[:1])
        digit = program.device.empty(1, "<i8")
        checked = median_us(lambda: classify(images[:1]))
        unchecked = median_us(lambda: classify.call_unchecked(pixels, digit))

    print(f"\nthe first held-out scan, a {digits[0]} with probability {probabilities[digits[0]]:.3f}\n")
    print(picture(images[0]))
    accuracy = float((digits == labels).mean())
    print(f"\naccuracy: {accuracy:.3f} on {len(labels)} held-out scans")
    print(f"time per scan: {checked:.1f} us with numpy arrays, {unchecked:.1f} us on device buffers (median)")
    return 0 if accuracy >= LEAST_ACCURACY else 1


def median_us(call: Callable[[], object], runs: int = 2000) -> float:
    """Median time of a call in microseconds."""
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def picture(image: np.ndarray) -> str:
    """A scan as text, two characters for each pixel of 0 to 16."""
    shades = np.rint(image / 16 * (len(INK) - 1)).astype(int)
    return "\n".join("    " + "".join(INK[shade] * 2 for shade in row) for row in shades)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/digits.wasm")))
