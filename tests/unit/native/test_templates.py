"""Templates of small programs: they compute what numpy does, on each level that this processor has."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import zellige
from tests.native_calls import PAGE, Host, on_x86_64, runnable_levels
from tests.native_host import with_records
from zellige.artifact import Artifact
from zellige.backend.llvm.flat_code import FlatCode
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import CustomSection
from zellige.backend.wasm.specialize import matching
from zellige.backend.wasm.template_section import TEMPLATES_SECTION, encode, templates_text
from zellige.backend.wasm.writer import write
from zellige.native.levels import LEVELS, Level, levels_of
from zellige.native.templates import build
from zellige.template_database import Template, TemplateDatabase, convention

Array = np.ndarray[Any, np.dtype[Any]]

LINEAR = """
func.func @main(%x: tensor<19x48xf32>, %bias: tensor<80xf32>) -> tensor<19x80xf32> {
  %w = arith.constant dense<"0xWEIGHTS"> : tensor<48x80xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<19x80xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<19x80xf32>) -> tensor<19x80xf32>
  %y = linalg.matmul ins(%x, %w : tensor<19x48xf32>, tensor<48x80xf32>) outs(%i : tensor<19x80xf32>)
      -> tensor<19x80xf32>
  %r = linalg.generic {
    indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (n)>, affine_map<(m, n) -> (m, n)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%y, %bias : tensor<19x80xf32>, tensor<80xf32>) outs(%e : tensor<19x80xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero : f32
    linalg.yield %m : f32
  } -> tensor<19x80xf32>
  return %r : tensor<19x80xf32>
}
"""
WEIGHTS = np.random.default_rng(0).standard_normal((48, 80), np.float32)

SOFTMAX = """
func.func @main(%x: tensor<24x600xf32>) -> tensor<24x600xf32> {
  %e = tensor.empty() : tensor<24x600xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<24x600xf32>) outs(%e : tensor<24x600xf32>) -> tensor<24x600xf32>
  return %y : tensor<24x600xf32>
}
"""

WIDE = SOFTMAX.replace("-> tensor<24x600xf32> {", "-> tensor<24x600xf64> {").replace(
    "  return %y : tensor<24x600xf32>",
    """
  %w = tensor.empty() : tensor<24x600xf64>
  %z = linalg.generic {
    indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%y : tensor<24x600xf32>) outs(%w : tensor<24x600xf64>) {
  ^bb0(%a: f32, %b: f64):
    %c = arith.extf %a : f32 to f64
    linalg.yield %c : f64
  } -> tensor<24x600xf64>
  return %z : tensor<24x600xf64>""",
)

BYTES = """
func.func @main(%x: tensor<16x64xi8>, %w: tensor<64x32xi8>) -> tensor<16x32xi32> {
  %zero = arith.constant 0 : i32
  %e = tensor.empty() : tensor<16x32xi32>
  %i = linalg.fill ins(%zero : i32) outs(%e : tensor<16x32xi32>) -> tensor<16x32xi32>
  %y = linalg.generic {
    indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
    iterator_types = ["parallel", "parallel", "reduction"]
  } ins(%x, %w : tensor<16x64xi8>, tensor<64x32xi8>) outs(%i : tensor<16x32xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %u = arith.extui %a : i8 to i32
    %s = arith.extsi %b : i8 to i32
    %p = arith.muli %u, %s : i32
    %t = arith.addi %c, %p : i32
    linalg.yield %t : i32
  } -> tensor<16x32xi32>
  return %y : tensor<16x32xi32>
}
"""


def linear(x: Array, weights: Array, bias: Array) -> Array:
    return np.maximum(x.astype(np.float64) @ weights + bias, 0)


def softmax(x: Array) -> Array:
    powers = np.exp(x.astype(np.float64) - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def products(x: Array, weights: Array) -> Array:
    return x.view(np.uint8).astype(np.int32) @ weights.astype(np.int32)


@dataclass(frozen=True)
class Sample:
    """A program with one kernel, its inputs and what it computes. Weights are in the constant memory."""

    text: str
    inputs: tuple[Array, ...]
    expected: Callable[..., Array]
    dtype: str = "f4"
    result_access: str = "w"


def samples() -> dict[str, Sample]:
    generator = np.random.default_rng(1)
    numbers = [generator.standard_normal(shape).astype(np.float32) for shape in ((19, 48), (80,), (24, 600))]
    small = [generator.integers(-128, 128, shape).astype(np.int8) for shape in ((16, 64), (64, 32))]
    return {
        "linear": Sample(LINEAR.replace("WEIGHTS", WEIGHTS.tobytes().hex()), (numbers[0], WEIGHTS, numbers[1]), linear),
        "softmax": Sample(SOFTMAX, (numbers[2],), softmax, result_access="rw"),
        "wide": Sample(WIDE, (numbers[2],), softmax, "f8"),
        "bytes": Sample(BYTES, tuple(small), products, "i4"),
    }


SAMPLES = samples()


@cache
def compiled(name: str, profile: str = "full", *, deterministic: bool = False) -> Artifact:
    return zellige.compile(SAMPLES[name].text, profile=profile, deterministic=deterministic)


def templates(artifact: Artifact, *levels: Level) -> tuple[Template, ...]:
    built = build(artifact, levels)
    assert not built.omissions
    assert TemplateDatabase.from_bytes(built.database.to_bytes()) == built.database
    return built.database.templates


@on_x86_64
@pytest.mark.parametrize("level", runnable_levels(), ids=lambda level: level.name)
@pytest.mark.parametrize("profile", ["full", "simd"])
@pytest.mark.parametrize("name", SAMPLES)
def test_numbers(name: str, profile: str, level: Level) -> None:
    """All workgroups together compute what numpy does, with one memory or two."""
    sample = SAMPLES[name]
    (template,) = templates(compiled(name, profile), level)
    flat = FlatCode(template.code, template.entry_offset)
    host = Host(flat, template.scratch_bytes, pages=4, one_memory=profile == "simd")
    places: list[int] = []
    expected = sample.expected(*sample.inputs)
    contents = [*sample.inputs, np.zeros(expected.shape, sample.dtype)]
    free = PAGE
    for part, content in zip(template.footprint, contents, strict=True):
        assert (part.size_bytes, part.alignment) == (content.nbytes, content.itemsize)
        assert part.access == ("r" if len(places) < len(sample.inputs) else sample.result_access)
        memory = host.constant if part.memory == "constant" else host.device
        memory[free : free + content.nbytes] = np.frombuffer(content.tobytes(), np.uint8)
        places.append(free)
        free += content.nbytes + -content.nbytes % 64
    for workgroup in np.ndindex(template.workgroups):
        assert host.call(*places, workgroup=workgroup)
    found = host.device[places[-1] : places[-1] + contents[-1].nbytes].view(sample.dtype).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    host.device[:], host.scratch[:] = 255, 255
    assert not host.call(*places[:-1], places[-1] + 1)
    assert host.device.min() == 255, "a call that is declined writes nothing"


def test_what_is_known_of_a_template() -> None:
    artifact = compiled("wide")
    (template,) = templates(artifact, LEVELS["avx2"])
    (entry,) = artifact.program.entry_points
    assert (template.name, template.workgroups) == (entry.name, entry.workgroups)
    assert (template.group, template.version) == ("zellige.kernels", 1)
    assert template.features == LEVELS["avx2"].features
    assert template.convention == convention("x86_64")
    assert template.scratch_bytes >= 600 * 4
    assert (template.check.inputs, template.check.bit_equal) == (0, False)


def test_a_level_that_gives_the_same_code_adds_nothing() -> None:
    """Only products of bytes are different with the instructions for them."""
    levels = levels_of(["avx512", "avx2"])
    for name, expected in (("linear", ["avx512", "avx2"]), ("bytes", ["avx512", "avx512vnni", "avx2"])):
        found = [template.features for template in templates(compiled(name), *levels)]
        assert found == [LEVELS[level].features for level in expected]


def is_multiply_add(word: int) -> bool:
    """FMLA of four floats, by a vector or by one element of it."""
    return word & 0xFFE0FC00 == 0x4E20CC00 or word & 0xFFC0F400 == 0x4F801000


@pytest.mark.parametrize(
    ("profile", "deterministic", "expected"), [("full", False, True), ("full", True, False), ("simd", False, False)]
)
def test_code_for_neon(profile: str, deterministic: bool, expected: bool) -> None:
    """It multiplies and adds in one instruction if the portable body may, with relaxed SIMD."""
    artifact = compiled("linear", profile, deterministic=deterministic)
    (template,) = templates(artifact, LEVELS["neon"])
    words = struct.unpack(f"<{len(template.code) // 4}I", template.code[: len(template.code) // 4 * 4])
    assert any(map(is_multiply_add, words)) == expected


def test_progress_counts_kernels() -> None:
    seen: list[tuple[int, int]] = []
    artifact = compiled("linear")
    build(artifact, levels_of(["avx512", "neon"]), progress=lambda index, count, name: seen.append((index, count)))
    assert seen == [(0, 1)]


def test_a_module_without_built_in_functions_has_no_templates() -> None:
    built = build(zellige.compile(SAMPLES["linear"].text, builtins=False), levels_of(["avx2"]))
    assert not built.database.templates
    assert not built.omissions


def test_a_kernel_that_cannot_be_lowered() -> None:
    """It has no template, and the others have theirs."""
    text = """
    func.func @main(%x: tensor<2200000000xi8>) -> tensor<i32> {
      %zero = arith.constant 0 : i32
      %e = tensor.empty() : tensor<i32>
      %i = linalg.fill ins(%zero : i32) outs(%e : tensor<i32>) -> tensor<i32>
      %s = linalg.generic {
        indexing_maps = [affine_map<(d) -> (d)>, affine_map<(d) -> ()>], iterator_types = ["reduction"]
      } ins(%x : tensor<2200000000xi8>) outs(%i : tensor<i32>) {
      ^bb0(%a: i8, %b: i32):
        %w = arith.extsi %a : i8 to i32
        %t = arith.addi %b, %w : i32
        linalg.yield %t : i32
      } -> tensor<i32>
      return %s : tensor<i32>
    }
    """
    built = build(zellige.compile(text), levels_of(["avx2"]))
    assert not built.database.templates
    (omission,) = built.omissions
    assert omission.level == "avx2"
    assert omission.reason == "a buffer has 2200000000 bytes, native code reaches 2147483647"


def test_text_that_native_code_could_not_run_safely_is_refused() -> None:
    """A module may carry any text: an integer division by zero would end the process, not trap."""
    text = """
    func.func @main(%x: tensor<4096xi32>, %y: tensor<4096xi32>) -> tensor<4096xi32> {
      %e = tensor.empty() : tensor<4096xi32>
      %q = linalg.generic {
        indexing_maps = [affine_map<(d) -> (d)>, affine_map<(d) -> (d)>, affine_map<(d) -> (d)>],
        iterator_types = ["parallel"]
      } ins(%x, %y : tensor<4096xi32>, tensor<4096xi32>) outs(%e : tensor<4096xi32>) {
      ^bb0(%a: i32, %b: i32, %c: i32):
        %r = arith.muli %a, %b : i32
        linalg.yield %r : i32
      } -> tensor<4096xi32>
      return %q : tensor<4096xi32>
    }
    """
    artifact = zellige.compile(text)
    built = build(with_text(artifact, "arith.muli", "arith.divsi"), levels_of(["avx2"]))
    assert not built.database.templates
    assert {omission.reason for omission in built.omissions} == {"an integer division may have no result"}


def test_text_with_other_parameters_than_the_body_is_refused() -> None:
    """Its native code would take for arguments what stands behind them."""
    more = "%more: memref<4xf32, #hal.memory<device>> {llvm.noalias}, %more2: f32"
    artifact = with_text(compiled("linear"), r"(func\.func @[^)]*)\) {", rf"\1, {more}) {{")
    (omission,) = build(artifact, levels_of(["avx2"])).omissions
    parameters = ", ".join(["i32"] * 7)
    assert (
        omission.reason
        == f"its text has the parameters (i32, i32, i32, i32, i32, f32, i32, i32, i32), its body ({parameters})"
    )


def test_a_name_on_record_that_is_not_that_of_the_entry_point() -> None:
    """The text of one kernel is never made the code of another one."""
    text = """
    func.func @main(%x: tensor<32x32xf32>) -> tensor<32x32xf32> {
      %zero = arith.constant 0.0 : f32
      %e = tensor.empty() : tensor<32x32xf32>
      %i = linalg.fill ins(%zero : f32) outs(%e : tensor<32x32xf32>) -> tensor<32x32xf32>
      %y = linalg.matmul ins(%x, %x : tensor<32x32xf32>, tensor<32x32xf32>) outs(%i : tensor<32x32xf32>)
          -> tensor<32x32xf32>
      %z = linalg.matmul ins(%x, %y : tensor<32x32xf32>, tensor<32x32xf32>) outs(%i : tensor<32x32xf32>)
          -> tensor<32x32xf32>
      return %z : tensor<32x32xf32>
    }
    """
    artifact = zellige.compile(text)
    *others, one, two = matching(artifact.module)
    changed = with_records(artifact.module, *others, replace(one, name=two.name), replace(two, name=one.name))
    found = {template.name for template in build(artifact, levels_of(["avx2"])).database.templates}
    assert {one.name, two.name} <= found
    left = {template.name for template in build(Artifact(changed), levels_of(["avx2"])).database.templates}
    assert left == found - {one.name, two.name}


def with_text(artifact: Artifact, pattern: str, replacement: str) -> Artifact:
    """The module with another text of its kernels, and the digest of that."""
    text = templates_text(artifact.module)
    assert text is not None
    changed, times = re.subn(pattern, replacement, text)
    assert times
    found = read(artifact.module)
    sections = tuple(
        replace(section, content=encode(changed).content)
        if isinstance(section, CustomSection) and section.name == TEMPLATES_SECTION
        else section
        for section in found.sections
    )
    return Artifact(write(replace(found, sections=sections)))
