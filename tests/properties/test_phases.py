"""A compilation can stop after each phase and go on from the text, and the module has the same bytes."""

from itertools import pairwise
from pathlib import Path

import pytest

from zellige.compiler.driver import compile_from, lower
from zellige.compiler.options import CompileOptions
from zellige.compiler.phases import PHASE_NAMES
from zellige.support.printing import module_text

PROGRAMS = {
    "matmul": """
func.func @main(%x: tensor<4x8xf32>, %b: tensor<16xf32>) -> tensor<4x16xf32> {
  %w = arith.constant dense<0.5> : tensor<8x16xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x16xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x16xf32>) outs(%i : tensor<4x16xf32>) -> tensor<4x16xf32>
  %z = linalg.generic {
    indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%y, %b : tensor<4x16xf32>, tensor<16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%p: f32, %q: f32, %r: f32):
    %s = arith.addf %p, %q : f32
    %t = math.exp %s : f32
    linalg.yield %t : f32
  } -> tensor<4x16xf32>
  return %z : tensor<4x16xf32>
}
""",
    "constant and loop": """
func.func @main(%x: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>) {
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
  %lower = arith.constant 0 : index
  %upper = arith.constant 3 : index
  %step = arith.constant 1 : index
  %y = scf.for %i = %lower to %upper step %step iter_args(%v = %x) -> (tensor<5xf32>) {
    %e = tensor.empty() : tensor<5xf32>
    %s = linalg.add ins(%v, %c : tensor<5xf32>, tensor<5xf32>) outs(%e : tensor<5xf32>) -> tensor<5xf32>
    scf.yield %s : tensor<5xf32>
  }
  return %y, %c : tensor<5xf32>, tensor<5xf32>
}
""",
}

OPTIONS = [CompileOptions(), CompileOptions(deterministic=True), CompileOptions("simd"), CompileOptions("mvp")]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("program", PROGRAMS)
def test_going_through_text_after_each_phase_makes_the_same_module(
    program: str, options: CompileOptions, tmp_path: Path
) -> None:
    source: str | Path = PROGRAMS[program]
    for phase in PHASE_NAMES[:-1]:
        text = module_text(lower(source, options, first=phase, last=phase))
        source = tmp_path / f"{phase}.mlir"
        source.write_text(text, encoding="utf-8")
    assert compile_from(source, options, first="link").module == compile_from(PROGRAMS[program], options).module


@pytest.mark.parametrize(("last", "first"), list(pairwise(PHASE_NAMES)))
def test_two_halves_make_the_same_module(last: str, first: str, tmp_path: Path) -> None:
    half = tmp_path / "half.mlir"
    half.write_text(module_text(lower(PROGRAMS["matmul"], OPTIONS[0], last=last)), encoding="utf-8")
    whole = compile_from(PROGRAMS["matmul"], OPTIONS[0])
    assert compile_from(half, OPTIONS[0], first=first).module == whole.module


def test_compiling_twice_makes_the_same_module() -> None:
    first, second = (compile_from(PROGRAMS["matmul"], OPTIONS[0]) for _ in range(2))
    assert first.module == second.module
