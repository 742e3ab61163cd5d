"""The frame of both commands: arguments in, one row a workload out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.catalogue import WORKLOADS, Workload
from benchmarks.measure import pin_to_one_core
from benchmarks.subject import WrongNumbers
from zellige.support.errors import ZelligeError

Row = dict[str, Any]
Measure = Callable[[Workload, argparse.Namespace], Row]
Columns = Mapping[str, Callable[[Row], str]]
"""Heading -> the cell of a row."""


def run_command(
    prog: str,
    description: str,
    measure: Measure,
    columns: Columns,
    add_options: Callable[[argparse.ArgumentParser], object] = lambda _: None,
) -> int:
    """Measure the workloads that the command line names; the exit status is 1 when one could not be measured."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(WORKLOADS)}")
    parser.add_argument("--seconds", type=float, default=1.0, metavar="S", help="time for each workload (default: 1)")
    parser.add_argument("--numpy", action="store_true", help="pass numpy arrays, and so time their copies too")
    parser.add_argument("--json", action="store_true", help="print JSON lines on a terminal too")
    add_options(parser)
    options = parser.parse_args()
    for name in options.names:
        if name not in WORKLOADS:
            parser.error(f"unknown workload '{name}', known are {', '.join(WORKLOADS)}")
    as_table = sys.stdout.isatty() and not options.json
    pin_to_one_core()
    if as_table:
        print(line(["workload", *columns]))
    is_complete = True
    for name in options.names or WORKLOADS:
        try:
            row = measure(WORKLOADS[name](name), options)
        except (WrongNumbers, ZelligeError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            is_complete = False
            continue
        print(line([name, *(cell(row) for cell in columns.values())]) if as_table else json.dumps(row), flush=True)
    return 0 if is_complete else 1


def line(cells: list[str]) -> str:
    """A row of a table."""
    return f"{cells[0]:20}" + "".join(f"{cell:>16}" for cell in cells[1:])
