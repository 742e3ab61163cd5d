"""Each workload against what one thread of WebAssembly can do on this machine.

Workload and ceiling run in turn on one core, in one process. The ratio is the median of the ratios of all rounds.
"""

from __future__ import annotations

import argparse
import statistics
import sys

from benchmarks.catalogue import Workload
from benchmarks.ceilings import ceiling
from benchmarks.command import Columns, Row, run_command
from benchmarks.measure import interleave
from benchmarks.subject import loaded

COLUMNS: Columns = {
    "median ms": lambda row: f"{row['median_ms']:.3f}",
    "min ms": lambda row: f"{row['min_ms']:.3f}",
    "rate": lambda row: f"{row['gflops']:.1f} GFLOP/s" if "gflops" in row else f"{row['gbps']:.1f} GB/s",
    "ceiling": lambda row: f"{row['ceiling']:.1f}",
    "rate / ceiling": lambda row: f"{row['ratio_to_ceiling']:.3f}",
    "relative error": lambda row: f"{row['relative_error']:.1e}",
}


def measure(workload: Workload, options: argparse.Namespace) -> Row:
    """Times in ms of one call; rate and ceiling in 10^9 operations, or bytes, a second."""
    with loaded(workload, with_copies=options.numpy) as subject:
        top = ceiling(workload.ceiling, workload.work)
        rounds = interleave((subject.run, top.run), options.seconds)
    subject_s, top_s = zip(*rounds, strict=True)
    return {
        "name": workload.name,
        "median_ms": round(statistics.median(subject_s) * 1e3, 4),
        "min_ms": round(min(subject_s) * 1e3, 4),
        "gflops" if workload.is_arithmetic else "gbps": round(workload.work / statistics.median(subject_s) * 1e-9, 2),
        "ceiling": round(top.work / statistics.median(top_s) * 1e-9, 2),
        "ratio_to_ceiling": round(statistics.median((workload.work / a) / (top.work / b) for a, b in rounds), 3),
        "relative_error": float(f"{subject.relative_error:.3g}"),
    }


if __name__ == "__main__":
    sys.exit(run_command("python -m benchmarks.kernels", __doc__ or "", measure, COLUMNS))
