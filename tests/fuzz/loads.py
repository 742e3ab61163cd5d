"""Mutated modules through a whole load with native templates, and a run: what they do without templates, they do.

    python -m tests.fuzz.loads --count 5000 [--seed 1]

A load with the database that was made for the good module, or with templates made from the text in the mutated one,
has to end as the portable load of the same bytes: with the same typed error, the same trap, or the same results (within
what rounding explains, where templates are used). Each load happens in a process of its own kind, which must not die.
What does not end in the portable form says nothing, and is stopped.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import sys
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

import zellige
from tests.conformance.programs import FOLDER, PROGRAMS, as_tuple
from tests.fuzz import module_mutations as mutations
from tests.fuzz.command import Inputs, Seen, run
from tests.fuzz.linker import mutated
from tests.long.suites_specialized import bound_of, compare
from tests.native_calls import runnable_levels
from zellige.artifact import Artifact
from zellige.maths.rounding_bounds import Difference
from zellige.native.comparison import compare_kernels
from zellige.native.equivalence import kernel_steps
from zellige.native.generated_inputs import Effort
from zellige.native.templates import build
from zellige.runtime.specialization import NATIVE
from zellige.support.errors import RuntimeTrap, ZelligeError

Array = npt.NDArray[Any]

CHAIN = """
func.func @main(%x: tensor<16x40xf32>, %b: tensor<40x48xf32>) -> (tensor<16x48xf32>, tensor<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<"0xWEIGHTS"> : tensor<48x48xf32>
  %e = tensor.empty() : tensor<16x48xf32>
  %s = linalg.fill ins(%zero : f32) outs(%e : tensor<16x48xf32>) -> tensor<16x48xf32>
  %p = linalg.matmul ins(%x, %b : tensor<16x40xf32>, tensor<40x48xf32>) outs(%s : tensor<16x48xf32>)
      -> tensor<16x48xf32>
  %q = linalg.matmul ins(%p, %w : tensor<16x48xf32>, tensor<48x48xf32>) outs(%s : tensor<16x48xf32>)
      -> tensor<16x48xf32>
  %y = linalg.softmax dimension(1) ins(%q : tensor<16x48xf32>) outs(%e : tensor<16x48xf32>) -> tensor<16x48xf32>
  %r = tensor.empty() : tensor<16xf32>
  %start = linalg.fill ins(%zero : f32) outs(%r : tensor<16xf32>) -> tensor<16xf32>
  %sum = linalg.reduce ins(%q : tensor<16x48xf32>) outs(%start : tensor<16xf32>) dimensions = [1] (%a: f32, %c: f32) {
    %d = arith.addf %a, %c : f32
    linalg.yield %d : f32
  }
  return %y, %sum : tensor<16x48xf32>, tensor<16xf32>
}
"""
"""A value that only the slab holds, weights, and five kernels."""

ROWS = """
func.func @main(%x: tensor<64x256xf32>) -> tensor<64x256xf32> {
  %e = tensor.empty() : tensor<64x256xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<64x256xf32>) outs(%e : tensor<64x256xf32>) -> tensor<64x256xf32>
  return %y : tensor<64x256xf32>
}
"""
"""A kernel of several workgroups."""

MADE_EVERY = 8
"""One of so many loads makes its templates, which takes the compiler."""

EFFORT = Effort(calls=200, pointer_cases=200, limit_bytes=1 << 26)

CASES_A_PROCESS = 250
PORTABLE_SECONDS = 5.0
"""A load and two calls take a hundredth of a second."""

NATIVE_SECONDS = 60.0
"""The compiler takes a second, more where the machine is busy."""

SECTIONS: Sequence[tuple[str, mutations.Mutate]] = (
    ("bytes", mutated),
    ("a section", mutations.in_a_section),
    ("a section, valid", mutations.valid(mutations.in_a_section)),
    ("sections", mutations.whole_sections),
    ("code, valid", mutations.valid(mutations.in_code)),
    ("description", mutations.in_description),
    ("records", mutations.in_records),
    ("code, digests fit", mutations.valid(mutations.with_fitting_digests)),
)
TEXT: Sequence[tuple[str, mutations.Mutate]] = (
    *SECTIONS[1:4],
    *SECTIONS[5:],
    ("text, digest fits", mutations.with_another_text),
    ("text, digest fits", mutations.with_another_text),
)
"""For loads that make templates: of these a change of the code alone says nothing, and one of the text much."""


@dataclass(frozen=True)
class Good:
    """A module that names a database of its templates, and arguments of `main`."""

    artifact: Artifact
    database: bytes
    arguments: tuple[Array, ...]


@dataclass(frozen=True)
class Job:
    """What a process loads: without templates, with those of a file, or with ones that it makes."""

    module: bytes
    database: bytes | None
    arguments: tuple[Array, ...]


@dataclass(frozen=True)
class Doubt:
    """A job whose two forms have other results. Asks whether what was replaced is another function than its body."""

    job: Job


@dataclass(frozen=True)
class Ending:
    """How a load and two calls ended: `what` for an error or a trap, else the results of both calls.

    `fault` is what must not happen, whatever the module.
    """

    what: str = "returned"
    results: tuple[Array, ...] = ()
    native: tuple[str, ...] = ()
    fault: str | None = None


@cache
def good_modules() -> Sequence[Good]:
    weights = np.random.default_rng(0).standard_normal((48, 48), np.float32).tobytes().hex()
    numbers = np.random.default_rng(1)
    chain = CHAIN.replace("0xWEIGHTS", f"0x{weights}")
    x, b = (numbers.standard_normal(shape, np.float32) for shape in ((16, 40), (40, 48)))
    found = [
        _good(zellige.compile(chain), x, b),
        _good(zellige.compile(chain, profile="simd"), x, b),
        _good(zellige.compile(ROWS), numbers.standard_normal((64, 256), np.float32)),
    ]
    for name, profile in (("convolution", "full"), ("matmul_i8", "full"), ("argmax", "simd")):
        found.append(_good(zellige.compile(FOLDER / f"{name}.mlir", profile=profile), *PROGRAMS[name].arguments))
    return found


def _good(artifact: Artifact, *arguments: Array) -> Good:
    database = build(artifact, runnable_levels()).database.to_bytes()
    return Good(artifact.with_template_database(hashlib.sha256(database).digest()), database, arguments)


def ending(job: Job, *, is_native: bool) -> Ending:
    """Load a module and call `main` twice."""
    natives: tuple[str, ...] = ()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            loaded = _native(job, Path(folder)) if is_native else zellige.load(Artifact(job.module), cache=False)
            with loaded as program:
                natives = tuple(name for name, outcome in program.specialized.items() if outcome == NATIVE)
                results = tuple(value for _ in range(2) for value in as_tuple(program["main"](*job.arguments)))
        except ZelligeError as error:
            what = error.code if isinstance(error, RuntimeTrap) else type(error).__name__
            return Ending(what, native=natives, fault=_fault(said))
        except BaseException as cause:  # any other class is what this looks for
            return Ending(fault=f"{type(cause).__name__}: {cause}")
    return Ending(results=results, native=natives, fault=_fault(said))


def _native(job: Job, folder: Path) -> zellige.Program:
    if job.database is None:
        return zellige.load(Artifact(job.module), specialize="native", cache=False)
    file = folder / "model.hwdb"
    file.write_bytes(job.database)
    return zellige.load(Artifact(job.module), specialize="native", templates=file, cache=False)


def _fault(said: Sequence[warnings.WarningMessage]) -> str | None:
    if len(said) > 1 or any(warning.category is not zellige.SpecializeWarning for warning in said):
        return f"expected at most one warning, got {[str(warning.message) for warning in said]}"
    return None


def objections(job: Job) -> list[str]:
    """What is wrong with each function that was replaced, compared with its body on many inputs."""
    artifact, found = Artifact(job.module), list[str]()
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        with zellige.load(artifact, cache=False) as portable, _native(job, Path(folder)) as native:
            for name in [name for name, outcome in native.specialized.items() if outcome == NATIVE]:
                seen = compare_kernels(portable, native, name, EFFORT, seed=0)
                reason = seen.objection(lambda name=name: kernel_steps(artifact, name))
                found += [] if reason is None else [f"{name}: {reason}"]
    return found


def serve(connection: Connection) -> None:
    """Say that all is imported. Then answer each job with its portable ending, and with the native one; and a doubt."""
    connection.send(None)
    while True:
        match connection.recv():
            case Doubt(job):
                connection.send(objections(job))
            case job:
                connection.send(ending(job, is_native=False))
                connection.send(ending(job, is_native=True))


class ProcessDied(Exception):
    """A process ended before it answered."""


class Worker:
    """A process that loads modules; a new one where the last has died, was stopped, or has done enough."""

    def __init__(self) -> None:
        self._jobs = 0
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def start(self, job: Job) -> None:
        if self._jobs == CASES_A_PROCESS:
            self.stop()
        if self._process is None:
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
            self._pipe.recv()
        self._jobs += 1
        self._pipe.send(job)

    def doubt(self, job: Job) -> list[str]:
        """What is wrong with native code."""
        self._pipe.send(Doubt(job))
        return cast("list[str] | None", self._answer(NATIVE_SECONDS)) or []

    def answer(self, seconds: float) -> Ending | None:
        """The next ending, None when it takes longer. Raises `ProcessDied`."""
        return cast("Ending | None", self._answer(seconds))

    def _answer(self, seconds: float) -> object:
        try:
            if self._pipe.poll(seconds):
                return self._pipe.recv()
        except (EOFError, ConnectionError) as cause:
            assert self._process is not None
            self._process.join()
            code = self._process.exitcode
            self.stop()
            raise ProcessDied(f"the process died with exit code {code}") from cause
        self.stop()
        return None

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
        self._process, self._jobs = None, 0

    @property
    def _pipe(self) -> Connection:
        assert self._connection is not None
        return self._connection


def fuzz(inputs: Inputs) -> Seen:
    """Load modules, which follow from the seed and their number."""
    seen, worker = Seen(), Worker()
    try:
        for index, choice in inputs:
            kind, job = job_of(index, choice)
            try:
                seen.outcomes[_outcome(worker, job)] += 1
            except (AssertionError, ProcessDied) as cause:
                seen.fail(index, f"{kind}: {cause}")
    finally:
        worker.stop()
    return seen


def job_of(index: int, choice: random.Random) -> tuple[str, Job]:
    """The kind of mutation, and what is loaded."""
    good = choice.choice(good_modules())
    is_made = index % MADE_EVERY == 0
    kind, mutate = choice.choice(TEXT if is_made else SECTIONS)
    module = mutate(good.artifact.module, choice)
    return kind, Job(module, None if is_made else good.database, good.arguments)


def _outcome(worker: Worker, job: Job) -> str:
    worker.start(job)
    portable = worker.answer(PORTABLE_SECONDS)
    if portable is None:
        return "the portable form does not end"
    assert portable.fault is None, f"portable: {portable.fault}"
    native = worker.answer(NATIVE_SECONDS)
    assert native is not None, f"does not end, the portable form ends: {portable.what}"
    assert native.fault is None, native.fault
    if _keeps_state(portable):
        return "the portable form keeps state"
    difference = _difference(job, portable, native)
    if difference is not None:
        wrong = worker.doubt(job)
        if wrong or not _is_damaged(job, native):
            raise AssertionError("; ".join([difference, *wrong]))
        return "a portable body reads what another one left in local memory"
    used = "with native code" if native.native else "portable"
    source = "file" if job.database is not None else "made"
    return f"{source}, {used}: {native.what}"


def _keeps_state(portable: Ending) -> bool:
    """Whether the second call ended otherwise: some body reads what stands in local memory from before, and native code
    leaves something else there.
    """
    count = len(portable.results) // 2
    pairs = zip(portable.results[:count], portable.results[count:], strict=True)
    return not all(compare(first, second).bit_equal for first, second in pairs)


def _is_damaged(job: Job, native: Ending) -> bool:
    """Whether some function runs its portable body: only such a one can read what is not there any more."""
    return len(native.native) < len(Artifact(job.module).program.entry_points)


def _difference(job: Job, portable: Ending, native: Ending) -> str | None:
    """What the native form does that the portable form does not do."""
    if native.what != portable.what:
        return f"{native.what} instead of {portable.what}"
    found = Difference()
    for left, right in zip(portable.results, native.results, strict=True):
        if (left.dtype, left.shape) != (right.dtype, right.shape):
            return f"{right.dtype} instead of {left.dtype}"
        found |= compare(left, right)
    bound = 0.0 if found.bit_equal else bound_of(Artifact(job.module), native.native, portable.results)
    return f"results differ by {found.error:.2g} of their scale, bound {bound:.2g}" if found.error > bound else None


if __name__ == "__main__":
    sys.exit(run(fuzz, __doc__, count=5_000))
