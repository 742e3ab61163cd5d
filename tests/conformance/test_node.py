"""Modules give the same bits in Node, with plain WebAssembly JavaScript, as in wasmtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import zellige
from tests.conformance.node import BUNDLED, NODE, run_host, run_in_node
from tests.conformance.programs import PROGRAMS, Arrays, Program, as_tuple, compiled
from tests.native_calls import runnable_levels

pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node, neither on the path nor the one of pyright")

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
PROFILES = ("simd", "mvp")


def in_wasmtime(artifact: zellige.Artifact, function: str, *arguments: np.ndarray) -> Arrays:
    with zellige.load(artifact, cache=False) as program:
        return as_tuple(program[function](*arguments))


def bits(results: Arrays) -> list[bytes]:
    return [result.tobytes() for result in results]


@pytest.mark.parametrize("deterministic", [False, True], ids=["fast", "deterministic"])
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_bits_are_those_of_wasmtime(program: Program, profile: str, deterministic: bool, tmp_path: Path) -> None:
    artifact = compiled(program.path, profile, deterministic)
    assert bits(run_in_node(artifact, "main", program.arguments, tmp_path)) == bits(program.run(artifact))


@pytest.mark.skipif(BUNDLED is None, reason="the Node of pyright is not installed")
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_deterministic_bits_of_three_memories_are_those_of_wasmtime(program: Program, tmp_path: Path) -> None:
    artifact = compiled(program.path, "full", deterministic=True)
    results = run_in_node(artifact, "main", program.arguments, tmp_path, node=BUNDLED)
    assert bits(results) == bits(program.run(artifact))


@pytest.mark.skipif(not runnable_levels(), reason="templates are for other processors")
@pytest.mark.parametrize("name", ["convolution", "elementwise_f32", "matmul_f32", "matmul_i8"])
def test_bits_are_those_of_native_code(name: str, tmp_path: Path) -> None:
    """The same module: its own bodies in Node, native code in their place in wasmtime."""
    artifact, arguments = compiled(PROGRAMS[name].path, "simd"), PROGRAMS[name].arguments
    with zellige.load(artifact, cache=tmp_path, specialize="native") as program:
        results = as_tuple(program["main"](*arguments))
        assert "native" in program.specialized.values()
    assert bits(run_in_node(artifact, "main", arguments, tmp_path)) == bits(results)


@pytest.mark.parametrize("profile", PROFILES)
def test_digits_are_those_of_wasmtime(profile: str, tmp_path: Path) -> None:
    artifact = compiled(DIGITS / "digits.mlir", profile)
    full = compiled(DIGITS / "digits.mlir", "full")
    image = np.load(DIGITS / "test_scans.npz")["images"][:1].astype("<f4")
    probabilities = run_in_node(artifact, "main", [image], tmp_path)
    assert bits(probabilities) == bits(in_wasmtime(artifact, "main", image))
    np.testing.assert_allclose(probabilities[0], in_wasmtime(full, "main", image)[0], rtol=0, atol=1e-5)
    digit = run_in_node(artifact, "classify", [image], tmp_path)
    assert bits(digit) == bits(in_wasmtime(full, "classify", image))


@pytest.mark.parametrize("profile", PROFILES)
def test_an_assertion_is_reported(profile: str, tmp_path: Path) -> None:
    text = """
func.func @main(%x: tensor<2xi32>) -> tensor<2xi32> {
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  %second = tensor.extract %x[%c1] : tensor<2xi32>
  %is_positive = arith.cmpi sgt, %second, %zero : i32
  cf.assert %is_positive, "the second number must be positive"
  return %x : tensor<2xi32>
}"""
    zellige.compile(text, profile=profile).save(tmp_path / "module.wasm")
    (tmp_path / "x.bin").write_bytes(np.array([1, -1], "<i4").tobytes())
    done = run_host(tmp_path / "module.wasm", "main", tmp_path / "x.bin", "--", tmp_path / "y.bin")
    assert (done.returncode, done.stderr) == (4, "the second number must be positive\n")
