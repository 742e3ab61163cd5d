"""A program of dynamic sizes on the command line: one module, any size, and one sentence for sizes that do not fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zellige.tools.main import main

TEXT = """
func.func @main(%a: tensor<?x8xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %sums = linalg.reduce ins(%a : tensor<?x8xf32>) outs(%f : tensor<?xf32>) dimensions = [1] (%in: f32, %out: f32) {
    %s = arith.addf %in, %out : f32
    linalg.yield %s : f32
  }
  %0 = linalg.mul ins(%sums, %b : tensor<?xf32>, tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    text, module = tmp_path / "p.mlir", tmp_path / "p.wasm"
    text.write_text(TEXT)
    assert main(["compile", str(text), "-o", str(module)]) == 0
    return module


@pytest.mark.parametrize("rows", [0, 1, 33])
def test_one_module_runs_at_any_size(module: Path, tmp_path: Path, rows: int) -> None:
    a, b = np.random.default_rng(rows).random((rows, 8), np.float32), np.arange(rows, dtype=np.float32)
    paths = [str(tmp_path / f"{name}.npy") for name in "abr"]
    np.save(paths[0], a)
    np.save(paths[1], b)
    assert main(["run", str(module), "--input", paths[0], "--input", paths[1], "--output", paths[2]]) == 0
    np.testing.assert_allclose(np.load(paths[2]), a.sum(1) * b, rtol=1e-5)


def test_sizes_that_do_not_fit_are_one_sentence(module: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(module), "--input", "shape=2x8xf32", "--input", "shape=3xf32"]) == 4
    assert capsys.readouterr().err == (
        "zellige: error: 'main' stopped: dimension 0 of argument 1 ('b') differs from dimension 0 of argument 0 ('a')\n"
        "note: the arguments are a: tensor<2x8xf32>, b: tensor<3xf32>\n"
    )


def test_inspect_shows_what_is_open(module: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(module)]) == 0
    shown = capsys.readouterr().out
    assert "main(a: tensor<?x8xf32>, b: tensor<?xf32>) -> (result0: tensor<?xf32>)" in shown
    assert "slab: 0 bytes, and what depends on the sizes of the arguments" in shown
