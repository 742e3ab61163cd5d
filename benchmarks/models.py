"""Models end to end: portable, with native templates, and in native onnxruntime, in turn on one core in one process.

FOLDER holds NAME.linalg.mlir, NAME.npz (arguments in_…, expected results out_…) and NAME.onnx. With --dispatches, a
table shows where the time goes: every kernel, its calls in one run, and their times, portable and specialised.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import zellige
from benchmarks.command import Row, line
from benchmarks.dispatches import DispatchRunner, dispatches_of, results_of
from benchmarks.measure import Run, interleave, pin_to_one_core
from benchmarks.native import add_processor_option, has_onnxruntime, load_specialised, ratio
from zellige.support.errors import ZelligeError

Array = npt.NDArray[Any]

LARGEST_ERROR = 1e-3
"""Of a result, as a part of its largest element."""

COLUMNS = {
    "portable ms": "portable_ms",
    "specialised ms": "specialised_ms",
    "onnxruntime ms": "onnxruntime_ms",
    "of native": "of_native",
    "times portable": "times_portable",
}


@dataclass(frozen=True)
class Model:
    """A model of the folder with its key."""

    name: str
    source: Path
    onnx: Path
    inputs: dict[str, Array]
    expected: tuple[Array, ...]

    @staticmethod
    def of(folder: Path, name: str) -> Model:
        with np.load(folder / f"{name}.npz") as values:
            inputs = {key[3:]: values[key] for key in values.files if key.startswith("in_")}
            expected = tuple(values[key] for key in values.files if key.startswith("out_"))
        return Model(name, folder / f"{name}.linalg.mlir", folder / f"{name}.onnx", inputs, expected)

    def error(self, results: tuple[Array, ...]) -> float:
        """The largest error as a part of the largest expected value of its result."""
        return max(
            float(np.abs(a.astype(np.float64) - b).max() / max(float(np.abs(b).max()), 1e-30))
            for a, b in zip(results, self.expected, strict=True)
        )


def measure(model: Model, options: argparse.Namespace) -> tuple[Row, list[Row]]:
    """Median times of one call with numpy arrays in and out, and the table of dispatches."""
    artifact = zellige.compile(model.source)
    arguments = tuple(model.inputs.values())
    table: list[Row] = []
    with (
        tempfile.TemporaryDirectory() as cache,
        zellige.load(artifact, cache=False) as portable,
        load_specialised(artifact, options.processor, cache) as specialised,
    ):
        runs: list[Run] = []
        errors: list[float] = []
        for program in (portable, specialised):
            errors.append(model.error(results_of(program["main"](*arguments))))
            runs.append(partial(program["main"], *arguments))
        peers = [_onnxruntime_run(model)] if has_onnxruntime() and model.onnx.exists() else []
        rounds = interleave([*runs, *peers], options.seconds)
        if options.dispatches:
            table = _dispatch_table(model, portable, specialised, options.seconds)
    medians = [statistics.median(times) for times in zip(*rounds, strict=True)]
    row: Row = {
        "name": model.name,
        "portable_ms": round(medians[0] * 1e3, 4),
        "specialised_ms": round(medians[1] * 1e3, 4),
        "times_portable": ratio(rounds, 0, 1),
        "native_kernels": sum(word == "native" for word in specialised.specialized.values()),
        "kernels": len(specialised.entry_points),
        "relative_error": float(f"{max(errors):.3g}"),
    }
    if peers:
        row |= {"onnxruntime_ms": round(medians[2] * 1e3, 4), "of_native": ratio(rounds, 2, 1)}
    return row, table


def _onnxruntime_run(model: Model) -> Run:
    onnxruntime: Any = import_module("onnxruntime")
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model.onnx), settings, providers=["CPUExecutionProvider"])
    names = [argument.name for argument in session.get_inputs()]
    inputs = dict(zip(names, model.inputs.values(), strict=True))
    return partial(session.run, None, inputs)


def _dispatch_table(model: Model, portable: zellige.Program, specialised: zellige.Program, seconds: float) -> list[Row]:
    """Per kernel: calls in one run, and the sum of the median times of their dispatches in ms, dearest first."""
    dispatches = dispatches_of(model.source, "main")
    arguments = tuple(model.inputs.values())
    times = [_median_times(DispatchRunner(p, "main", dispatches, arguments), seconds) for p in (portable, specialised)]
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for dispatch, before, after in zip(dispatches, *times, strict=True):
        entry = sums[dispatch.executable]
        entry[0] += 1
        entry[1] += before
        entry[2] += after
    total = sum(entry[2] for entry in sums.values())
    return [
        {
            "kernel": name,
            "calls": int(calls),
            "portable_ms": round(before * 1e3, 4),
            "specialised_ms": round(after * 1e3, 4),
            "part": round(after / total, 4),
            "state": specialised.specialized.get(name, "no built-in function"),
        }
        for name, (calls, before, after) in sorted(sums.items(), key=lambda item: -item[1][2])
    ]


def _median_times(run: Callable[[], list[float]], seconds: float) -> list[float]:
    first = sum(run())
    rounds = [run() for _ in range(max(5, int(seconds / max(first, 1e-6))))]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all models of the folder")
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="time for each model (default: 2)")
    parser.add_argument("--dispatches", action="store_true", help="show the time of every kernel too")
    parser.add_argument("--json", action="store_true", help="print JSON lines on a terminal too")
    add_processor_option(parser)
    options = parser.parse_args()
    names = options.names or sorted(path.name.split(".")[0] for path in options.folder.glob("*.linalg.mlir"))
    as_table = sys.stdout.isatty() and not options.json
    pin_to_one_core()
    if as_table:
        print(line(["model", *COLUMNS]))
    is_complete = True
    for name in names:
        try:
            row, table = measure(Model.of(options.folder, name), options)
        except ZelligeError as error:
            print(f"{name}: {error}", file=sys.stderr)
            is_complete = False
            continue
        if not row["relative_error"] <= LARGEST_ERROR:
            print(f"{name}: relative error {row['relative_error']:g} against the key", file=sys.stderr)
            is_complete = False
            continue
        if as_table:
            print(line([name, *(f"{row[key]:.3f}" if key in row else "-" for key in COLUMNS.values())]), flush=True)
            for entry in table:
                print(_dispatch_line(entry))
        else:
            print(json.dumps({**row, "dispatches": table} if table else row), flush=True)
    return 0 if is_complete else 1


def _dispatch_line(entry: Row) -> str:
    times = f"{entry['specialised_ms']:9.3f} ms {entry['part']:6.1%}  portable {entry['portable_ms']:9.3f} ms"
    return f"  {times}  {entry['calls']:3} x {entry['kernel']}  {entry['state']}"


if __name__ == "__main__":
    sys.exit(main())
