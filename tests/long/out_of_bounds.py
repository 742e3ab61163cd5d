"""Every kind of odd pointer, and random ones, for every template of programs: traps and memory as in the portable body.

    python -m tests.long.out_of_bounds FOLDER… [--random 100] [--filter RE]

The folders hold MLIR programs; what does not compile is skipped. One line a program: kernels, calls that were compared,
those in which native code did the work, those in which it declined, those that trapped in both forms. The exit status
is 1 when one differed by more than rounding explains (docs/equivalence.md), or when native code never ran for a kernel;
what rounding explains is a line.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

import zellige
from tests.native_calls import runnable_levels
from tests.watched_templates import WatchedTemplates
from zellige.native.comparison import Comparison, KernelPair
from zellige.native.equivalence import kernel_steps
from zellige.native.generated_inputs import ADDRESSES, Case, Effort
from zellige.native.levels import Level
from zellige.native.templates import build
from zellige.support.errors import CompileError
from zellige.template_database import TemplateDatabase

EFFORT = Effort(calls=6, pointer_cases=10**6, limit_bytes=1 << 26)


@dataclass
class Outcome:
    """Of one program and level."""

    kernels: int
    inputs: int = 0
    done: int = 0
    declined: int = 0
    trapped: int = 0
    faults: list[str] = field(default_factory=list[str])
    rounded: list[str] = field(default_factory=list[str])


def compared(artifact: zellige.Artifact, level: Level, random: int) -> Outcome:
    """Compare all kernels of a program that have a template for the level."""
    database = build(artifact, [level]).database
    outcome = Outcome(len(database.templates))
    for template in database.templates:
        alone, watched = TemplateDatabase((template,)), WatchedTemplates()
        with zellige.load(artifact, cache=False) as portable, watched(artifact, alone) as specialized:
            _compare_kernel(KernelPair(portable, specialized, template.name), artifact, random, outcome)
        outcome.done += watched.done.total()
        outcome.declined += watched.declined.total()
        if watched.done.total() == 0:
            outcome.faults.append(f"{template.name}: native code always declines")
    return outcome


def _compare_kernel(pair: KernelPair, artifact: zellige.Artifact, random: int, outcome: Outcome) -> None:
    seen, name = Comparison(), pair.info.name
    for case in (*pair.inputs(0).cases(EFFORT), *random_pointers(pair, random)):
        pair.compare(case, seen)
        if seen.fault is not None:
            break
    outcome.inputs += seen.inputs
    outcome.trapped += seen.traps
    reason = seen.objection(lambda: kernel_steps(artifact, name))
    if reason is not None:
        outcome.faults.append(f"{name}: {reason}")
    elif not seen.bit_equal:
        outcome.rounded.append(f"{name}: differs by {seen.error:.2g} of the scale, which rounding explains")


def random_pointers(pair: KernelPair, count: int) -> Iterator[Case]:
    """Cases in which one or two buffers stand anywhere from the arena to the end of addresses."""
    generator = np.random.default_rng(1)
    proper = next(pair.inputs(1).cases(Effort(calls=2, pointer_cases=0, limit_bytes=1 << 26)))
    buffers = [index for index, binding in enumerate(pair.info.bindings) if binding.is_buffer]
    for number in range(count):
        slots = list(proper.slots)
        for index in generator.choice(buffers, min(len(buffers), 1 + number % 2), replace=False):
            end = pair.places.device_end + 4096 if number % 4 < 2 else ADDRESSES
            slots[int(index)] = int(generator.integers(pair.places.arena, end))
        yield replace(proper, what=f"random pointers {slots}", slots=tuple(slots), workgroups=proper.workgroups[-1:])


def programs(folders: Sequence[Path], pattern: str) -> Iterator[Path]:
    """The MLIR files of folders, and files as they are."""
    for folder in folders:
        files = sorted(folder.glob("*.mlir")) if folder.is_dir() else [folder]
        yield from (path for path in files if re.search(pattern, path.name))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--random", type=int, default=100, help="random pointers for each kernel (default: 100)")
    parser.add_argument("--filter", default="", metavar="RE", help="only programs whose name has this")
    options = parser.parse_args()
    faults = 0
    for path in programs(options.folders, options.filter):
        try:
            artifact = zellige.compile(path)
        except CompileError as error:
            print(f"{path.name}: skipped: {error.message}", flush=True)
            continue
        for level in runnable_levels():
            seen = compared(artifact, level, options.random)
            faults += len(seen.faults)
            calls = f"{seen.inputs} calls, {seen.done} native, {seen.declined} declined, {seen.trapped} trapped"
            print(f"{path.name} {level.name}: {seen.kernels} kernels, {calls}", flush=True)
            for line in (*seen.faults, *seen.rounded):
                print(f"  {line}", flush=True)
    print(f"{faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
