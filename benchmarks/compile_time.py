"""How long compiling takes, by pass, and beside IREE where `iree-compile` is found.

Without a FILE, generated programs of growing length are compiled (`long_program`). Seconds are those that the process
of the compiler had on one core, from start to end, so other processes do not count.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import zellige
from benchmarks.command import Row, line
from benchmarks.long_program import STAGES, program_text
from benchmarks.measure import pin_to_one_core
from zellige.compiler.observers import Timing
from zellige.compiler.phases import phases

OPS = (1250, 2500, 5000, 10000)
IREE = ("--iree-hal-target-backends=llvm-cpu", "--iree-llvmcpu-target-cpu=host")
COLUMNS = {"ops": "ops", "kernels": "kernels", "zellige s": "zellige_s", "IREE s": "iree_s", "ratio": "ratio"}


class DoesNotCompile(Exception):
    """A compiler's own message."""


def cpu_seconds(command: list[str]) -> float:
    """Of a process and its threads. Raises `DoesNotCompile` where it ends with an error."""
    with tempfile.TemporaryFile("w+") as errors, subprocess.Popen(command, stderr=errors) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise DoesNotCompile(next((text.strip() for text in errors if "error" in text), f"status {status}"))
    return usage.ru_utime + usage.ru_stime


def measure(source: Path, peer: str | None) -> Row:
    """One compilation by each compiler."""
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "program.wasm"
        ours = [sys.executable, "-m", "zellige.tools.main", "compile", str(source), "-o", str(module)]
        seconds = cpu_seconds(ours)
        program = zellige.Artifact.load(module).program
        row: Row = {
            "dispatches": sum(function.dispatches for function in program.functions),
            "kernels": len(program.entry_points),
            "zellige_s": round(seconds, 2),
        }
        if peer is not None:
            try:
                peer_s = cpu_seconds([peer, *IREE, str(source), "-o", str(Path(folder) / "program.vmfb")])
            except DoesNotCompile as error:
                return {**row, "iree_error": str(error)}
            row |= {"iree_s": round(peer_s, 2), "ratio": round(seconds / peer_s, 2)}
    return row


def by_pass(source: Path) -> list[tuple[str, str, float]]:
    """Phase, name and processor seconds of each pass, in order; a pass whose phase is checked after it has that too."""
    timing = Timing(clock=time.process_time)
    start = time.process_time()
    zellige.compile(source, observers=[timing])
    total = time.process_time() - start
    ends = [phase.pipeline.rsplit(",", 1)[1] for phase in phases(zellige.CompileOptions())]
    rows: list[tuple[str, str, float]] = []
    rest = list(phases(zellige.CompileOptions()))
    for text, seconds in timing.seconds:
        rows.append((rest[0].name, text.split("{")[0], seconds))
        if len(rest) > 1 and text == ends[len(ends) - len(rest)]:
            rest.pop(0)
    return [*rows, ("read, link", "", total - sum(seconds for *_, seconds in rows))]


def _print_passes(rows: list[tuple[str, str, float]], least: float) -> None:
    total = sum(seconds for *_, seconds in rows)
    sums: defaultdict[str, float] = defaultdict(float)
    for phase, _, seconds in rows:
        sums[phase] += seconds
    for phase, seconds in sums.items():
        print(f"  {seconds:8.2f} s {seconds / total:6.1%}  {phase}")
        for of_phase, name, part in rows:
            if of_phase == phase and name and part >= least * total:
                print(f"  {part:8.2f} s {part / total:6.1%}      {name}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compile_time", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: generated programs")
    parser.add_argument("--ops", type=int, nargs="+", default=OPS, metavar="N", help="their length")
    parser.add_argument("--stages", type=int, default=STAGES, metavar="N", help="how many widths they go through")
    parser.add_argument("--passes", action="store_true", help="show where the time goes")
    parser.add_argument("--iree", default=shutil.which("iree-compile"), metavar="FILE", help="another iree-compile")
    parser.add_argument("--json", action="store_true", help="print JSON lines on a terminal too")
    options = parser.parse_args()
    pin_to_one_core()
    as_table = sys.stdout.isatty() and not options.json
    if as_table:
        print(line(["program", *COLUMNS]))
    with tempfile.TemporaryDirectory() as folder:
        sources: list[tuple[Path, int | None]] = [(path, None) for path in options.files]
        for ops in () if options.files else options.ops:
            path = Path(folder) / f"{ops}.mlir"
            path.write_text(program_text(ops, options.stages))
            sources.append((path, ops))
        for source, ops in sources:
            try:
                row: Row = {"name": source.stem, "ops": ops, **measure(source, options.iree or None)}
            except DoesNotCompile as error:
                print(f"{source.name}: {error}", file=sys.stderr)
                return 1
            table = by_pass(source) if options.passes else []
            if as_table:
                print(line([source.stem, *(str(row.get(key) or "-") for key in COLUMNS.values())]), flush=True)
                _print_passes(table, least=0.01)
            else:
                passes = [{"phase": phase, "pass": name, "s": round(s, 3)} for phase, name, s in table]
                print(json.dumps({**row, "passes": passes} if passes else row), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
