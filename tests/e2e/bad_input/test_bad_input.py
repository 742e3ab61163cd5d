"""What a user gets for a wrong program or a wrong call, through the command line: exit code and whole message.

Programs that cannot be compiled are `programs/NAME.mlir`, with the message in `NAME.txt` beside it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PROGRAMS = Path(__file__).with_name("programs")
REPOSITORY = Path(__file__).parents[3]

ADD = """\
func.func @main(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %z = linalg.add ins(%x, %y : tensor<2x3xf32>, tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %z : tensor<2x3xf32>
}
"""
HUGE = """\
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<1099511627776xf32>
  %y = linalg.fill ins(%one : f32) outs(%e : tensor<1099511627776xf32>) -> tensor<1099511627776xf32>
  %s = tensor.extract_slice %y[5] [2] [1] : tensor<1099511627776xf32> to tensor<2xf32>
  return %s : tensor<2xf32>
}
"""

CALLS = {
    "one argument of two": (
        ("run", "add.wasm", "--input", "x.npy"),
        4,
        "'main' takes 2 arguments (x: tensor<2x3xf32>, y: tensor<2x3xf32>), got 1",
    ),
    "a module where text is expected": (
        ("compile", "add.wasm", "-o", "again.wasm"),
        2,
        "'add.wasm' is a WebAssembly module, expected MLIR text",
    ),
    "a module that is not there": (("run", "gone.wasm"), 2, "cannot read 'gone.wasm': no such file or directory"),
    "another dtype": (
        ("run", "add.wasm", "--input", "x.npy", "--input", "f64.npy"),
        4,
        "argument 1 ('y') of 'main' has dtype float64, expected float32 (tensor<2x3xf32>)\nnote: try y.astype('<f4')",
    ),
    "another shape": (
        ("run", "add.wasm", "--input", "flat.npy", "--input", "x.npy"),
        4,
        "argument 0 ('x') of 'main' has shape (6,), expected (2, 3) (tensor<2x3xf32>)",
    ),
    "another byte order": (
        ("run", "add.wasm", "--input", "big_endian.npy", "--input", "x.npy"),
        4,
        "argument 0 ('x') of 'main' has dtype big-endian float32, expected float32 (tensor<2x3xf32>)\n"
        "note: try x.astype('<f4')",
    ),
    "a module that is cut short": (
        ("run", "short.wasm", "--input", "x.npy", "--input", "x.npy"),
        4,
        "the module is cut short: the section at offset 0x8 ends at 0x89, the file at 0xc",
    ),
    "a description that disagrees with the code": (
        ("run", "renamed.wasm", "--function", "mian"),
        4,
        "the module and its 'zellige.program' section disagree: 'mian' is declared, the module has no such export",
    ),
    "a transient of 2^42 bytes": (
        ("run", "huge.mlir", "--input", "shape=2xf32:ones"),
        4,
        "cannot allocate 4398046511232 bytes of device memory: 64 of at most 4294901760 bytes are in use",
    ),
    "an argument of 2^42 bytes": (
        ("run", "add.wasm", "--input", "shape=1099511627776xf32:zeros"),
        2,
        "an array of shape (1099511627776,) does not fit into the memory of this machine",
    ),
}


def zellige(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from zellige.tools.main import main; sys.exit(main())"
    return subprocess.run([sys.executable, "-c", code, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program `add.wasm`, spoilt copies of it, and arrays that fit and that do not."""
    folder = tmp_path_factory.mktemp("calls")
    (folder / "add.mlir").write_text(ADD)
    (folder / "huge.mlir").write_text(HUGE)
    assert zellige(folder, "compile", "add.mlir", "-o", "add.wasm").returncode == 0
    module = (folder / "add.wasm").read_bytes()
    (folder / "short.wasm").write_bytes(module[:8] + b"\x01\x7f\x00\x00")  # two bytes of a section of 127
    (folder / "renamed.wasm").write_bytes(module.replace(b'"name":"main"', b'"name":"mian"'))
    x = np.ones((2, 3), "<f4")
    arrays = {"x": x, "f64": x.astype("<f8"), "flat": x.reshape(6), "big_endian": x.astype(">f4")}
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)
    return folder


@pytest.mark.parametrize("name", sorted(path.stem for path in PROGRAMS.glob("*.mlir")))
def test_a_program_that_cannot_be_compiled(name: str) -> None:
    done = zellige(PROGRAMS, "compile", f"{name}.mlir", "-o", "/dev/null")
    assert (done.stderr, done.returncode, done.stdout) == ((PROGRAMS / f"{name}.txt").read_text(), 1, "")


@pytest.mark.parametrize("case", CALLS)
def test_a_call_that_cannot_be_made(folder: Path, case: str) -> None:
    words, code, message = CALLS[case]
    done = zellige(folder, *words)
    assert (done.stderr, done.returncode, done.stdout) == (f"zellige: error: {message}\n", code, "")
