"""zellige bench: how long functions and kernels take."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from zellige.artifact import BindingInfo
from zellige.runtime.entry_point import Binding, PreparedDispatch
from zellige.runtime.program import Program
from zellige.support.errors import UsageError
from zellige.tools.arguments import PROGRAM, ArgumentParser, add_compile_options, add_load_options
from zellige.tools.arrays import random_like
from zellige.tools.programs import load_program

LEAST_RUNS = 3


def parser() -> ArgumentParser:
    result = ArgumentParser(
        "zellige bench",
        "Measure each function of a program on random arguments, and each of its kernels, on one thread.",
        "zellige bench model.wasm --seconds 2 --json",
    )
    result.add_argument("file", metavar="FILE", help=PROGRAM)
    result.add_argument(
        "--seconds", type=float, default=0.5, metavar="S", help="time for each measurement (default: 0.5)"
    )
    result.add_argument("--json", action="store_true", help="print one JSON object a line")
    add_load_options(result)
    add_compile_options(result)
    return result


def run(options: argparse.Namespace) -> int:
    if options.seconds < 0:
        raise UsageError(f"'--seconds' must not be negative, got {options.seconds}")
    with load_program(options.file, options) as program:
        for row in measurements(program, options.seconds):
            print(json.dumps(row) if options.json else _line(row), flush=True)
    return 0


def measurements(program: Program, seconds: float) -> Iterator[dict[str, Any]]:
    """One row for each function, then one for each entry point: all its workgroups, one after the other."""
    generator = np.random.default_rng(0)
    for name, function in program.functions.items():
        arguments = [program.device.array(random_like(signature, generator)) for signature in function.arguments]
        results = [program.device.array(random_like(signature, generator)) for signature in function.results]
        call = partial(function.call_unchecked, *arguments, *results)
        yield {"kind": "function", "name": name, **timed(call, seconds)}
    for name, entry in program.entry_points.items():
        if entry.workgroups is None:
            continue
        dispatch = entry.prepare([_binding(program, info) for info in entry.bindings])
        groups = list(product(*map(range, entry.workgroups)))
        times = timed(partial(_run_all, dispatch, groups), seconds)
        yield {"kind": "entry point", "name": name, "workgroups": len(groups), **times}


def _run_all(dispatch: PreparedDispatch, groups: Sequence[tuple[int, ...]]) -> None:
    for group in groups:
        dispatch(*group)


def timed(call: Callable[[], None], seconds: float, clock: Callable[[], float] = time.perf_counter) -> dict[str, Any]:
    """Run once to warm up, then for `seconds`, at least `LEAST_RUNS` times; the times are in seconds."""
    call()
    times: list[float] = []
    end = clock() + seconds
    while len(times) < LEAST_RUNS or clock() < end:
        start = clock()
        call()
        times.append(clock() - start)
    return {"median_s": statistics.median(times), "min_s": min(times), "runs": len(times)}


def _binding(program: Program, info: BindingInfo) -> Binding:
    """Something that the kernel can work on: zeros of its size, the start of the constants, the number 0."""
    match info.kind:
        case "device":
            return program.device.array(np.zeros(info.size_bytes, np.int8))
        case "constant":
            return program.info.constant_base
        case _:
            return 0


def _line(row: dict[str, Any]) -> str:
    groups = f", {row['workgroups']} workgroups" if "workgroups" in row else ""
    times = f"{row['median_s'] * 1e6:12.1f} us median {row['min_s'] * 1e6:12.1f} us least"
    return f"{times}  {row['kind']} {row['name']} ({row['runs']} runs{groups})"
