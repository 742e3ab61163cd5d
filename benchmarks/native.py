"""Each workload portable, with native templates, and in native onnxruntime: in turn on one core, in one process.

Ratios are medians of the ratios of all rounds. Contractions also run beside what the core can multiply and add in
vectors of 512 and 256 bits. Without onnxruntime its columns stay empty.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import zellige
from benchmarks.catalogue import Workload
from benchmarks.command import Columns, Row, run_command
from benchmarks.measure import interleave
from benchmarks.native_ceilings import native_ceilings
from benchmarks.peers import onnxruntime_run
from benchmarks.subject import subject_of
from zellige.native.levels import LEVELS

CEILINGS = (512, 256)

COLUMNS: Columns = {
    "portable ms": lambda row: f"{row['portable_ms']:.3f}",
    "specialised ms": lambda row: f"{row['specialised_ms']:.3f}",
    "onnxruntime ms": lambda row: f"{row['onnxruntime_ms']:.3f}" if "onnxruntime_ms" in row else "-",
    "of native": lambda row: f"{row['of_native']:.2f}" if "of_native" in row else "-",
    "times portable": lambda row: f"{row['times_portable']:.2f}",
    "GFLOP/s": lambda row: f"{row['gflops']:.0f}" if "gflops" in row else "-",
    **{f"{bits} bits": lambda row, bits=bits: f"{row.get(f'ceiling_{bits}', '-')}" for bits in CEILINGS},
}


def measure(workload: Workload, options: argparse.Namespace) -> Row:
    """Median times in ms of one call. `of_native` is onnxruntime's time by the specialised one, `times_portable` the
    portable time by the specialised one, ceilings are in 10^9 operations a second.
    """
    artifact = zellige.compile(workload.text())
    with (
        tempfile.TemporaryDirectory() as cache,
        zellige.load(artifact, cache=False) as portable,
        load_specialised(artifact, options.processor, cache) as specialised,
    ):
        programs = [portable, specialised]
        runs = [subject_of(workload, program, with_copies=options.numpy).run for program in programs]
        peers = [onnxruntime_run(workload)] if has_onnxruntime() else []
        tops = native_ceilings(CEILINGS) if workload.ceiling == "multiply_add" else []
        rounds = interleave([*runs, *peers, *(top.run for top in tops)], options.seconds)
    columns = [statistics.median(times) for times in zip(*rounds, strict=True)]
    row: Row = {
        "name": workload.name,
        "portable_ms": round(columns[0] * 1e3, 4),
        "specialised_ms": round(columns[1] * 1e3, 4),
        "times_portable": ratio(rounds, 0, 1),
        "native_kernels": sum(word == "native" for word in specialised.specialized.values()),
        "kernels": len(specialised.entry_points),
    }
    if peers:
        row |= {"onnxruntime_ms": round(columns[2] * 1e3, 4), "of_native": ratio(rounds, 2, 1)}
    if workload.is_arithmetic:
        row["gflops"] = round(workload.work / columns[1] * 1e-9, 1)
    for top, seconds in zip(tops, columns[2 + len(peers) :], strict=True):
        row[f"ceiling_{top.bits}"] = round(top.work / seconds * 1e-9, 1)
    return row


def load_specialised(artifact: zellige.Artifact, processor: str | None, cache: str | Path) -> zellige.Program:
    """The program with native templates, for this machine or less of it."""
    features = None if processor is None else set[str]() if processor == "none" else set(LEVELS[processor].features)
    return zellige.load(artifact, cache=cache, specialize="native", processor=features)


def ratio(rounds: Sequence[tuple[float, ...]], above: int, below: int) -> float:
    """The median over the rounds."""
    return round(statistics.median(times[above] / times[below] for times in rounds), 3)


def has_onnxruntime() -> bool:
    return all(map(find_spec, ("onnx", "onnxruntime")))


def add_processor_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--processor", choices=[*LEVELS, "none"], help="use templates of this level only (default: the machine's best)"
    )


if __name__ == "__main__":
    sys.exit(run_command("python -m benchmarks.native", __doc__ or "", measure, COLUMNS, add_processor_option))
