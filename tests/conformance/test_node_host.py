"""A module with one memory does the same in Node, through `node_host.mjs`, as in our runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import wasmtime

import zellige
from tests.conformance.node import NODE, run_host
from zellige.artifact import (
    ABI_VERSION,
    FAULT_ADDRESS,
    PROGRAM_SECTION,
    Artifact,
    FunctionInfo,
    MemoryInfo,
    ProgramInfo,
    TensorSignature,
)

pytestmark = pytest.mark.skipif(NODE is None, reason="there is no Node, neither on the path nor the one of pyright")

TEXT = f"""(module
  (import "zellige" "device" (memory $device 2))
  (data (i32.const 65536) "\\0a\\00\\00\\00")
  (func (export "main") (param $state i32) (local $x i32) (local $i i32)
    ;; both results are x + 10, the second as i64; the last byte of the slab is written
    (i32.store8 offset=99999 (i32.load offset=16 (local.get $state)) (i32.const 1))
    (loop $next
      (local.set $x (i32.add
        (i32.load (i32.const 65536))
        (i32.load (i32.add (i32.load offset=32 (local.get $state)) (i32.shl (local.get $i) (i32.const 2))))))
      (i32.store
        (i32.add (i32.load offset=40 (local.get $state)) (i32.shl (local.get $i) (i32.const 2)))
        (local.get $x))
      (i64.store
        (i32.add (i32.load offset=48 (local.get $state)) (i32.shl (local.get $i) (i32.const 3)))
        (i64.extend_i32_s (local.get $x)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 6)))))
  (func (export "refuse") (param $state i32)
    (i32.store (i32.const {FAULT_ADDRESS}) (i32.const 1))
    unreachable))"""


def description() -> ProgramInfo:
    shape = (2, 3)
    main = FunctionInfo(
        "main",
        (TensorSignature("x", "i32", shape),),
        (TensorSignature("narrow", "i32", shape), TensorSignature("wide", "i64", shape)),
        100000,
        100000,
        1,
    )
    return ProgramInfo(
        abi=ABI_VERSION,
        profile="mvp",
        features=(),
        memories=(MemoryInfo("device", 0, 2, True),),
        heap_base=65600,
        constant_base=65536,
        constant_bytes=4,
        functions=(main, FunctionInfo("refuse", (), (), 0, 0, 0)),
        entry_points=(),
        messages=("it always refuses",),
    )


@pytest.fixture
def artifact() -> Artifact:
    name, content = PROGRAM_SECTION.encode(), description().to_json()
    body = bytes([len(name)]) + name + content
    size = bytes([len(body) & 0x7F | 0x80, len(body) >> 7 & 0x7F | 0x80, len(body) >> 14])
    return Artifact(bytes(wasmtime.wat2wasm(TEXT)) + b"\0" + size + body)


def test_node_computes_what_the_runtime_computes(artifact: Artifact, tmp_path: Path) -> None:
    artifact.save(tmp_path / "m.wasm")
    x = np.arange(-3, 3, dtype="<i4").reshape(2, 3)
    (tmp_path / "x.bin").write_bytes(x.tobytes())
    done = run_host(
        tmp_path / "m.wasm", "main", tmp_path / "x.bin", "--", tmp_path / "narrow.bin", tmp_path / "wide.bin"
    )
    assert done.returncode == 0, done.stderr
    with zellige.load(artifact, cache=False) as program:
        narrow, wide = program["main"](x)
    np.testing.assert_array_equal(narrow, x + 10)
    np.testing.assert_array_equal(wide, x.astype("<i8") + 10)
    assert (tmp_path / "narrow.bin").read_bytes() == narrow.tobytes()
    assert (tmp_path / "wide.bin").read_bytes() == wide.tobytes()


DYNAMIC = """
func.func @main(%a: tensor<?x?xf32>, %b: tensor<?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %a, %c0 : tensor<?x?xf32>
  %m = tensor.dim %a, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%n, %n) : tensor<?x?xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %t = tensor.empty(%m, %n) : tensor<?x?xf32>
  %0 = linalg.transpose ins(%a : tensor<?x?xf32>) outs(%t : tensor<?x?xf32>) permutation = [1, 0]
  %1 = linalg.matmul ins(%a, %0 : tensor<?x?xf32>, tensor<?x?xf32>) outs(%f : tensor<?x?xf32>) -> tensor<?x?xf32>
  %2 = linalg.matmul ins(%1, %1 : tensor<?x?xf32>, tensor<?x?xf32>) outs(%f : tensor<?x?xf32>) -> tensor<?x?xf32>
  %3 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>,
                                        affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
       ins(%2, %b : tensor<?x?xf32>, tensor<?xf32>) outs(%e : tensor<?x?xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %sum = arith.addf %x, %y : f32
    linalg.yield %sum : f32
  } -> tensor<?x?xf32>
  return %3 : tensor<?x?xf32>
}
"""


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (70, 20)])
def test_node_runs_programs_of_dynamic_size(shape: tuple[int, int], tmp_path: Path) -> None:
    zellige.compile(DYNAMIC, profile="simd").save(tmp_path / "m.wasm")
    a = np.random.default_rng(2).integers(-3, 4, shape).astype("<f4")
    b = np.arange(shape[0], dtype="<f4")
    for name, values in (("a", a), ("b", b)):
        (tmp_path / name).write_bytes(values.tobytes())
    given = [f"{tmp_path / name}:{'x'.join(map(str, x.shape))}" for name, x in (("a", a), ("b", b))]
    done = run_host(tmp_path / "m.wasm", "main", *given, "--", tmp_path / "r")
    assert (done.returncode, done.stderr) == (0, "")
    result = np.frombuffer((tmp_path / "r").read_bytes(), "<f4").reshape(shape[0], shape[0])
    np.testing.assert_array_equal(result, a @ a.T @ (a @ a.T) + b)


def test_node_reports_sizes_that_do_not_fit_together(tmp_path: Path) -> None:
    zellige.compile(DYNAMIC, profile="simd").save(tmp_path / "m.wasm")
    (tmp_path / "a").write_bytes(bytes(4 * 6))
    (tmp_path / "b").write_bytes(bytes(4 * 3))
    done = run_host(tmp_path / "m.wasm", "main", f"{tmp_path / 'a'}:2x3", f"{tmp_path / 'b'}:3", "--", tmp_path / "r")
    message = "dimension 0 of argument 1 ('b') differs from dimension 0 of argument 0 ('a')\n"
    assert (done.returncode, done.stderr) == (4, message)


def test_node_reports_an_assertion(artifact: Artifact, tmp_path: Path) -> None:
    artifact.save(tmp_path / "m.wasm")
    done = run_host(tmp_path / "m.wasm", "refuse", "--")
    assert (done.returncode, done.stderr) == (4, "it always refuses\n")
    with zellige.load(artifact, cache=False) as program, pytest.raises(zellige.RuntimeTrap, match="it always refuses"):
        program["refuse"]()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["main"], "usage: node node_host.mjs MODULE FUNCTION [INPUT ...] -- [OUTPUT ...]\n"),
        (["mian", "--"], "the program has no function 'mian'\n"),
        (["main", "--"], "'main' has 1 arguments and 2 results\n"),
    ],
)
def test_wrong_usage_is_said(artifact: Artifact, tmp_path: Path, arguments: list[str], message: str) -> None:
    artifact.save(tmp_path / "m.wasm")
    done = run_host(tmp_path / "m.wasm", *arguments)
    assert (done.returncode, done.stderr) == (2, message)
