"""How long loading takes: portable, and with native templates, all from the cache.

python -m benchmarks.load_time [FILE …] [--seconds S] [--json]

FILE is MLIR text or a module; without one, some workloads are loaded.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

import zellige
from benchmarks.catalogue import WORKLOADS
from benchmarks.command import Row, line
from benchmarks.measure import interleave, pin_to_one_core
from zellige.native.levels import best_levels
from zellige.native.templates import build
from zellige.runtime.processor import this_processor
from zellige.runtime.specialization import NATIVE
from zellige.template_database import TemplateDatabase

DEFAULTS = ("matmul_512", "ffn_128x768x3072")
COLUMNS = ("native_kernels", "module_bytes", "portable_ms", "templates_ms", "file_ms", "more_templates", "more_file")


def load_times(artifact: zellige.Artifact, folder: Path, seconds: float) -> Row:
    """Median milliseconds of loading a module: portable, with templates made on the spot before, with those of a file.

    `more_…` is the median of what a load takes longer than the portable load right before it.
    """
    templates = folder / "model.hwdb"
    artifact = _with_templates(artifact, templates)
    module = folder / "model.wasm"
    artifact.save(module)
    portable = partial(zellige.load, module, cache=folder / "cache")
    native = partial(portable, specialize="native")
    with native() as program:
        kernels = sum(outcome == NATIVE for outcome in program.specialized.values())
    runs = [partial(_run, load) for load in (portable, native, partial(native, templates=templates))]
    rounds = [[seconds * 1e3 for seconds in times] for times in interleave(runs, seconds)]
    first, made, file = (statistics.median(times) for times in zip(*rounds, strict=True))
    return {
        "native_kernels": kernels,
        "module_bytes": len(artifact.module),
        "portable_ms": first,
        "templates_ms": made,
        "file_ms": file,
        "more_templates": statistics.median(times[1] - times[0] for times in rounds),
        "more_file": statistics.median(times[2] - times[0] for times in rounds),
    }


def _run(load: partial[zellige.Program]) -> None:
    load().close()


def _with_templates(artifact: zellige.Artifact, path: Path) -> zellige.Artifact:
    """The program that names a database for this processor, which is written to `path`."""
    processor = this_processor()
    built: TemplateDatabase = build(artifact, best_levels(processor.architecture, processor.features)).database
    built.save(path)
    return artifact.with_template_database(hashlib.sha256(built.to_bytes()).digest())


def artifact_of(path: Path) -> zellige.Artifact:
    """A module, or a program that is compiled first."""
    if path.suffix == ".wasm":
        return zellige.Artifact.load(path)
    return zellige.compile(path.read_text(encoding="utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load_time", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=f"default: workloads {', '.join(DEFAULTS)}")
    parser.add_argument("--seconds", type=float, default=3.0, metavar="S", help="time for each (default: 3)")
    parser.add_argument("--json", action="store_true", help="print JSON lines on a terminal too")
    options = parser.parse_args()
    subjects = {path.name: partial(artifact_of, path) for path in options.files} or {
        name: partial(zellige.compile, WORKLOADS[name](name).text()) for name in DEFAULTS
    }
    pin_to_one_core()
    as_table = sys.stdout.isatty() and not options.json
    if as_table:
        print(line(["program", *COLUMNS]))
    for name, artifact in subjects.items():
        with tempfile.TemporaryDirectory() as folder:
            row = load_times(artifact(), Path(folder), options.seconds)
        cells = [f"{value:.3f}" if isinstance(value, float) else f"{value:,}" for value in row.values()]
        print(line([name, *cells]) if as_table else json.dumps({"name": name, **row}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
