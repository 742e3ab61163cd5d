"""zellige as the subject of a measurement: a workload compiled, loaded, checked against numpy and ready to run."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import zellige
from benchmarks.catalogue import Array, Workload
from benchmarks.measure import Run

LARGEST_RELATIVE_ERROR = 1e-4


class WrongNumbers(Exception):
    """A program does not compute what numpy computes: its time means nothing."""


@dataclass(frozen=True)
class Subject:
    run: Run
    relative_error: float


@contextmanager
def loaded(workload: Workload, *, with_copies: bool) -> Generator[Subject]:
    """The workload as a run on buffers that are on the device already, or on numpy arrays that are copied.

    Raises `WrongNumbers` when the first result is not numpy's.
    """
    with zellige.load(zellige.compile(workload.text()), cache=False) as program:
        yield subject_of(workload, program, with_copies=with_copies)


def subject_of(workload: Workload, program: zellige.Program, *, with_copies: bool) -> Subject:
    """A loaded workload as a run. Raises `WrongNumbers` as `loaded` does."""
    function = program["main"]
    arrays = tuple(workload.inputs.values())
    result = function(*arrays)
    error = checked_error(workload, result)
    buffers = [program.device.array(array) for array in (*arrays, result)]
    run = partial(function, *arrays) if with_copies else partial(function.call_unchecked, *buffers)
    return Subject(run, error)


def checked_error(workload: Workload, result: Array) -> float:
    """The relative error of a result. Raises `WrongNumbers` when it is too large."""
    error = workload.relative_error(result)
    if not error <= LARGEST_RELATIVE_ERROR:
        raise WrongNumbers(f"relative error {error:.3g} against numpy, at most {LARGEST_RELATIVE_ERROR:g} is right")
    return error
