"""`zellige compile --native-templates`: a file of checked templates beside the module, which names it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.native_calls import runnable_levels
from zellige.artifact import Artifact
from zellige.native.levels import LEVELS
from zellige.template_database import TemplateDatabase
from zellige.tools.main import main

PROGRAM = """\
func.func @main(%x: tensor<16x32xf32>, %w: tensor<32x48xf32>) -> tensor<16x48xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x48xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<16x48xf32>) -> tensor<16x48xf32>
  %y = linalg.matmul ins(%x, %w : tensor<16x32xf32>, tensor<32x48xf32>) outs(%i : tensor<16x48xf32>)
      -> tensor<16x48xf32>
  return %y : tensor<16x48xf32>
}
"""


def compile_program(folder: Path, *words: str) -> int:
    (folder / "model.mlir").write_text(PROGRAM, encoding="utf-8")
    return main(["compile", str(folder / "model.mlir"), "-o", str(folder / "model.wasm"), *words])


def test_templates_stand_beside_the_module(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those that this processor can run were equal bit by bit; of the others a note says that nobody knows."""
    assert compile_program(tmp_path, "--native-templates", "avx2,neon") == 0
    artifact, database = Artifact.load(tmp_path / "model.wasm"), tmp_path / "model.hwdb"
    assert artifact.template_databases == (hashlib.sha256(database.read_bytes()).digest(),)
    templates = TemplateDatabase.load(database).templates
    assert [template.features for template in templates] == [LEVELS[name].features for name in ("avx2", "neon")]
    runnable = [level.features for level in runnable_levels()]
    for template in templates:
        assert (template.check.inputs > 0) == (template.features in runnable)
        assert template.check.bit_equal == (template.features in runnable)
    unchecked = sum(template.features not in runnable for template in templates)
    assert f"note: {unchecked} of 2 templates are not checked" in capsys.readouterr().err


def test_the_module_is_the_portable_one_with_a_record(tmp_path: Path) -> None:
    assert compile_program(tmp_path) == 0
    portable = (tmp_path / "model.wasm").read_bytes()
    assert not (tmp_path / "model.hwdb").exists()
    assert compile_program(tmp_path, "--native-templates", "neon") == 0
    assert (tmp_path / "model.wasm").read_bytes().startswith(portable)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("avx1024",), "unknown feature level 'avx1024', known are avx512, avx2, neon"),
        (("avx2", "--no-builtins"), "'--native-templates' are made for built-in functions, '--no-builtins' makes none"),
        (("avx2", "--to", "vector"), "'--native-templates' are made from a module, '--to vector' stops before"),
        (("avx2", "-o", "model.hwdb"), "'model.hwdb' is where the templates go, expected another suffix than .hwdb"),
    ],
)
def test_what_cannot_be_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    assert compile_program(tmp_path, "--native-templates", *words) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "model.wasm").exists()
