"""zellige against native onnxruntime with one thread: the same workloads, in turn on one core, in one process.

The ratio is the median over all rounds of zellige's time by onnxruntime's: below 1, zellige is faster. onnxruntime may
use all vectors that the processor has, WebAssembly has 128 bits.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.catalogue import Workload
from benchmarks.command import Columns, Row, run_command
from benchmarks.measure import Run, interleave
from benchmarks.onnx_models import model_bytes, model_inputs
from benchmarks.subject import checked_error, loaded

COLUMNS: Columns = {
    "zellige ms": lambda row: f"{row['zellige_ms']:.3f}",
    "onnxruntime ms": lambda row: f"{row['onnxruntime_ms']:.3f}",
    "ratio": lambda row: f"{row['ratio']:.2f}",
    "lowest": lambda row: f"{row['lowest_ratio']:.2f}",
    "highest": lambda row: f"{row['highest_ratio']:.2f}",
}


def measure(workload: Workload, options: argparse.Namespace) -> Row:
    """Median times in ms of one call, and the median, lowest and highest of the rounds' ratios."""
    peer = onnxruntime_run(workload)
    with loaded(workload, with_copies=options.numpy) as subject:
        rounds = interleave((subject.run, peer), options.seconds)
    subject_s, peer_s = zip(*rounds, strict=True)
    ratios = [a / b for a, b in rounds]
    return {
        "name": workload.name,
        "zellige_ms": round(statistics.median(subject_s) * 1e3, 4),
        "onnxruntime_ms": round(statistics.median(peer_s) * 1e3, 4),
        "ratio": round(statistics.median(ratios), 3),
        "lowest_ratio": round(min(ratios), 3),
        "highest_ratio": round(max(ratios), 3),
    }


def onnxruntime_run(workload: Workload) -> Run:
    """The workload in onnxruntime, on numpy arrays that it does not copy. Raises `WrongNumbers` as the subject does."""
    onnxruntime: Any = import_module("onnxruntime")
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model_bytes(workload), settings, providers=["CPUExecutionProvider"])
    inputs = model_inputs(workload)
    checked_error(workload, session.run(None, inputs)[0])
    return partial(session.run, None, inputs)


if __name__ == "__main__":
    if not all(map(find_spec, ("onnx", "onnxruntime"))):
        sys.exit("benchmarks.peers: install 'onnx' and 'onnxruntime' first")
    sys.exit(run_command("python -m benchmarks.peers", __doc__ or "", measure, COLUMNS))
