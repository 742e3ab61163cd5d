"""What a module carries for native code: marks of kernels, and text that reads back."""

from pathlib import Path

import pytest

import zellige
from tests.properties.test_phases import PROGRAMS
from zellige.artifact import KERNEL_GROUP, KERNELS_ARE_AVAILABLE, custom_section
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION, FUNCTION, IS_AVAILABLE, decode
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.template_section import TEMPLATES_SECTION, templates_text
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.dialects.flow import executables
from zellige.tools.main import main

PROGRAM = PROGRAMS["matmul"]

SMALL = """
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
"""


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
def test_each_built_in_kernel_has_a_template(profile: str) -> None:
    artifact = zellige.compile(PROGRAM, profile=profile)
    content = custom_section(artifact.module, BUILTIN_SECTION)
    text = templates_text(artifact.module)
    assert content is not None
    assert text is not None
    records = decode(content)
    kernels = {record.name for record in records if record.kind == FUNCTION}
    assert {executable.sym_name.data for executable in executables(read_module(text, "text", context()))} == kernels
    assert kernels == {entry.name for entry in artifact.program.entry_points}
    assert {record.group for record in records} == {KERNEL_GROUP}
    (available,) = (record for record in records if record.kind == IS_AVAILABLE)
    exports = {export.name: export.index for export in read(artifact.module).exports}
    assert exports[KERNELS_ARE_AVAILABLE] == available.function_index


@pytest.mark.parametrize("deterministic", [False, True])
def test_the_templates_say_whether_they_fuse(*, deterministic: bool) -> None:
    text = templates_text(zellige.compile(PROGRAM, deterministic=deterministic).module)
    assert text is not None
    assert ("intrinsic.deterministic" in read_module(text, "text", context()).attributes) is deterministic


def test_a_module_without_work_for_native_code_says_nothing_of_it() -> None:
    _check_plain(zellige.compile(SMALL))


def test_no_builtins_leaves_all_of_it_out(tmp_path: Path) -> None:
    source, module = tmp_path / "program.mlir", tmp_path / "program.wasm"
    source.write_text(PROGRAM, encoding="utf-8")
    assert main(["compile", str(source), "-o", str(module), "--no-builtins"]) == 0
    _check_plain(zellige.Artifact.load(module))


def _check_plain(artifact: zellige.Artifact) -> None:
    assert custom_section(artifact.module, BUILTIN_SECTION) is None
    assert custom_section(artifact.module, TEMPLATES_SECTION) is None
    assert KERNELS_ARE_AVAILABLE not in {export.name for export in read(artifact.module).exports}
