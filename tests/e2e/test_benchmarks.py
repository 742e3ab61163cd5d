"""The benchmark command measures right numbers, and says what it cannot measure."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import zellige
from benchmarks.catalogue import FOLDER, WORKLOADS, Workload
from benchmarks.ceilings import ceiling
from benchmarks.dispatches import DispatchRunner, dispatches_of
from benchmarks.long_program import program_text
from benchmarks.measure import LEAST_ROUNDS, interleave
from benchmarks.native_ceilings import native_ceilings
from benchmarks.subject import WrongNumbers, checked_error
from zellige.compiler.phases import PHASE_NAMES

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


@pytest.mark.parametrize("processor", [[], ["--processor", "none"]], ids=["native", "masked"])
def test_native_templates_are_measured_beside_the_portable_bodies(processor: list[str]):
    command = [sys.executable, "-m", "benchmarks.native", "matmul_128", "--seconds", "0", *processor]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (row,) = map(json.loads, done.stdout.splitlines())
    assert row["kernels"] == 1
    assert row["portable_ms"] > 0
    assert row["specialised_ms"] > 0
    assert row["native_kernels"] in ((0,) if processor else (0, 1))


@pytest.mark.parametrize("bits", [512, 256])
def test_native_ceilings_count_operations(bits: int):
    """Where the processor has no vectors of that width, there is no ceiling."""
    for top in native_ceilings([bits]):
        top.run()
        assert top.work % (bits // 32) == 0


def test_compile_time_is_that_of_the_command_and_of_its_passes():
    command = [
        sys.executable,
        "-m",
        "benchmarks.compile_time",
        "--ops",
        "40",
        "--stages",
        "1",
        "--passes",
        "--iree",
        "",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (row,) = map(json.loads, done.stdout.splitlines())
    assert 0 < row["kernels"] <= row["dispatches"]
    phases = list(dict.fromkeys(entry["phase"] for entry in row["passes"]))
    assert phases == [*PHASE_NAMES[:-1], "read, link"]
    assert sum(entry["s"] for entry in row["passes"]) > 0


def test_a_long_program_computes_what_its_ops_say():
    """The attention and convolution blocks keep numbers finite, and go through all widths."""
    text = program_text(300, stages=2)
    assert text.count("stablehlo.dot_general") > 10
    assert text.count("stablehlo.convolution") > 2
    with zellige.load(zellige.compile(text), cache=False) as program:
        signature = program["main"].arguments[0]
        x = np.random.default_rng(0).standard_normal([n or 0 for n in signature.shape]).astype(np.float32)
        assert np.isfinite(program["main"](x)).all()


def test_native_ceilings_stand_beside_that_of_webassembly():
    command = [sys.executable, "-m", "benchmarks.native_ceilings", "--seconds", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.startswith("WebAssembly ")
    assert first.endswith(" 1.00 times WebAssembly")
    assert all(re.fullmatch(r"\d+ bits .* times WebAssembly", line) for line in rest)


LAYERS = """
func.func @main(%x: tensor<8x64xf32>) -> tensor<8x64xf32> {
  %w = arith.constant dense<0.5> : tensor<64x64xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x64xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x64xf32>) -> tensor<8x64xf32>
  %0 = linalg.matmul ins(%x, %w : tensor<8x64xf32>, tensor<64x64xf32>) outs(%f : tensor<8x64xf32>) -> tensor<8x64xf32>
  %1 = linalg.matmul ins(%0, %w : tensor<8x64xf32>, tensor<64x64xf32>) outs(%f : tensor<8x64xf32>) -> tensor<8x64xf32>
  return %1 : tensor<8x64xf32>
}
"""


def test_a_model_is_taken_apart_into_its_dispatches(tmp_path: Path):
    x = np.ones((8, 64), np.float32)
    (tmp_path / "layers.linalg.mlir").write_text(LAYERS)
    np.savez(tmp_path / "layers.npz", in_x=x, out_y=x * 32 * 32)
    command = [sys.executable, "-m", "benchmarks.models", str(tmp_path), "--seconds", "0", "--dispatches"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (row,) = map(json.loads, done.stdout.splitlines())
    assert row["relative_error"] < 1e-6
    assert sum(entry["calls"] for entry in row["dispatches"]) >= 2
    assert sum(entry["part"] for entry in row["dispatches"]) == pytest.approx(1, abs=1e-3)


def test_a_dispatch_runs_on_the_memory_of_the_program(tmp_path: Path):
    """After all dispatches, one by one, the result is that of the function."""
    dispatches = dispatches_of(LAYERS, "main")
    x = np.full((8, 64), 2, np.float32)
    with zellige.load(zellige.compile(LAYERS), cache=False) as program:
        runner = DispatchRunner(program, "main", dispatches, [x])
        (result,) = runner.results
        result[:] = 0
        assert len(runner()) == program["main"].info.dispatches
        np.testing.assert_array_equal(result, x * 32 * 32)
