"""The benchmark command measures right numbers, and says what it cannot measure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.catalogue import FOLDER, WORKLOADS, Workload
from benchmarks.ceilings import ceiling
from benchmarks.measure import LEAST_ROUNDS, interleave
from benchmarks.subject import WrongNumbers, checked_error

ROOT = Path(__file__).parents[2]


def _kernels(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.kernels", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_row_has_rate_ceiling_and_error():
    done = _kernels("matmul_128", "mlp", "--seconds", "0")
    assert done.returncode == 0, done.stderr
    matmul, mlp = map(json.loads, done.stdout.splitlines())
    keys = ["name", "median_ms", "min_ms", "gflops", "ceiling", "ratio_to_ceiling", "relative_error"]
    assert list(matmul) == keys
    assert list(mlp) == [key.replace("gflops", "gbps") for key in keys]
    assert 0 < matmul["ratio_to_ceiling"] <= 1.2
    assert matmul["min_ms"] <= matmul["median_ms"]
    assert max(matmul["relative_error"], mlp["relative_error"]) < 1e-5


def test_an_unknown_workload_is_refused():
    done = _kernels("matmul_129")
    assert done.returncode == 2
    assert "unknown workload 'matmul_129', known are matmul_128, " in done.stderr


def test_every_program_is_in_the_catalogue():
    assert {path.stem for path in FOLDER.glob("*.mlir")} == set(WORKLOADS)


def test_wrong_numbers_are_not_timed():
    workload = Workload("two", 1, "copy", {}, np.array([1.0, 2.0]))
    assert checked_error(workload, np.array([1.0, 2.0001], np.float32)) == pytest.approx(5e-5, rel=1e-2)
    with pytest.raises(WrongNumbers, match=r"relative error 0.5 against numpy, at most 0.0001 is right"):
        checked_error(workload, np.array([1.0, 3.0], np.float32))
    with pytest.raises(WrongNumbers):
        checked_error(workload, np.array([1.0, np.nan], np.float32))


def test_runs_take_turns():
    calls: list[str] = []
    rounds = interleave((lambda: calls.append("a"), lambda: calls.append("b")), 0.0)
    assert len(rounds) == LEAST_ROUNDS
    turns = [name for i, name in enumerate(calls) if i == 0 or calls[i - 1] != name]
    assert turns == ["a", "b"] * (len(turns) // 2)


@pytest.mark.parametrize("name", ["multiply_add", "dot", "copy", "read"])
def test_a_ceiling_runs(name: str):
    top = ceiling(name, 1000)  # pyright: ignore[reportArgumentType]  (the names above are its literals)
    top.run()
    assert top.work >= 1000
