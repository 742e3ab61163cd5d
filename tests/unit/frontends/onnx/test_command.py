"""ONNX models from the command line."""

from pathlib import Path

import numpy as np
import pytest
from onnx import parser

from zellige.tools.main import main

MODEL = parser.parse_model(
    """<ir_version: 8, opset_import: ["" : 17]>
    g (float[2,3] x, float[3] bias) => (float[2,3] y) { [scaled] a = Mul(x, bias) [summed] y = Add(a, bias) }"""
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.onnx"
    path.write_bytes(MODEL.SerializeToString())
    return path


def test_a_model_is_compiled_and_run(model: Path, tmp_path: Path) -> None:
    module, x, bias, y = (tmp_path / name for name in ("model.wasm", "x.npy", "bias.npy", "y.npy"))
    assert main(["compile", str(model), "-o", str(module)]) == 0
    np.save(x, np.ones((2, 3), np.float32))
    np.save(bias, np.array([1, 2, 3], np.float32))
    assert main(["run", str(module), f"--input={x}", f"--input={bias}", f"--output={y}"]) == 0
    np.testing.assert_array_equal(np.load(y), [[2, 4, 6], [2, 4, 6]])


def test_open_dimensions_are_given_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "open.onnx"
    text = '<ir_version: 8, opset_import: ["" : 17]> g (float[N,M] x) => (float[N,M] y) { y = Neg(x) }'
    path.write_bytes(parser.parse_model(text).SerializeToString())
    assert main(["compile", str(path), "--to", "input", "--dimension", "N=2", "--dimension=M=3"]) == 0
    assert "tensor<2x3xf32>" in capsys.readouterr().out
    assert main(["compile", str(path), "--to", "input", "--dimension", "N"]) == 2
    assert "expected --dimension NAME=SIZE, got 'N'" in capsys.readouterr().err


def test_the_names_of_the_graph_are_in_the_text(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(model), "--to", "input"]) == 0
    assert '{hal.name = "bias"}' in capsys.readouterr().out


def test_a_wrong_model_is_an_error_of_the_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "short.onnx"
    path.write_bytes(MODEL.SerializeToString()[:40])
    assert main(["compile", str(path), "-o", str(tmp_path / "m.wasm")]) == 1
    assert "is cut short or not an ONNX model" in capsys.readouterr().err
