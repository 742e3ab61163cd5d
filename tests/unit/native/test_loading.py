"""`zellige.load(…, specialize=…)`: templates are used where they may be, else one warning says why not.

Most templates here claim to have done the work, and do nothing: where one runs, the numbers are wrong.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import zellige
from tests.native_calls import on_x86_64, runnable_levels
from zellige.artifact import Artifact
from zellige.backend.wasm.instructions import instructions
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.specialize import matching
from zellige.native.templates import build
from zellige.runtime.processor import this_processor
from zellige.template_database import Check, Template, TemplateDatabase, convention

pytestmark = on_x86_64

PROGRAM = """
func.func @main(%x: tensor<24x600xf32>) -> tensor<24x600xf32> {
  %e = tensor.empty() : tensor<24x600xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<24x600xf32>) outs(%e : tensor<24x600xf32>) -> tensor<24x600xf32>
  return %y : tensor<24x600xf32>
}
"""
X = np.random.default_rng(0).standard_normal((24, 600), np.float32)

IDLE = bytes.fromhex("c70201000000 31c0 c3")
"""mov dword [rdx], 1; xor eax, eax; ret: says that the work is done."""

DECLINING = bytes.fromhex("c70200000000 31c0 c3")
"""mov dword [rdx], 0; xor eax, eax; ret: leaves the work to the portable body."""


@cache
def program() -> Artifact:
    return zellige.compile(PROGRAM)


@cache
def softmax() -> np.ndarray[Any, np.dtype[Any]]:
    e = np.exp(X.astype(np.float64) - X.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def template(code: bytes = IDLE) -> Template:
    (record,) = matching(program().module)
    ours = convention("x86_64")
    good = Check(1000, bit_equal=True, max_relative_error=0.0)
    return Template(
        record.name, record.digest, record.group, record.version, (), ours, code, 0, 64, (), (1, 1, 1), good
    )


@dataclass(frozen=True)
class Setting:
    """A module that names a file, and the file's content."""

    artifact: Artifact
    content: bytes

    @staticmethod
    def of(*templates: Template) -> Setting:
        content = TemplateDatabase(templates).to_bytes()
        return Setting(program().with_template_database(hashlib.sha256(content).digest()), content)

    def named(self) -> Setting:
        """The same with a module that names the content as it is."""
        return replace(self, artifact=program().with_template_database(hashlib.sha256(self.content).digest()))

    def load(self, folder: Path, specialize: Any = "native", **options: Any) -> zellige.Program:
        (folder / "model.hwdb").write_bytes(self.content)
        self.artifact.save(folder / "model.wasm")
        return zellige.load(
            folder / "model.wasm",
            specialize=specialize,
            templates=folder / "model.hwdb",
            cache=folder / "cache",
            **options,
        )


def is_right(loaded: zellige.Program) -> bool:
    return bool(np.allclose(loaded["main"](X), softmax(), rtol=1e-5))


def outcome(loaded: zellige.Program) -> str:
    (word,) = loaded.specialized.values()
    return word


def test_a_template_runs_in_place_of_the_body(tmp_path: Path) -> None:
    for _ in range(2):  # the second time from the cache
        with Setting.of(template()).load(tmp_path, "require") as loaded:
            assert outcome(loaded) == "native"
            assert not is_right(loaded)
    with zellige.load(tmp_path / "model.wasm", cache=tmp_path / "cache") as portable:
        assert is_right(portable)
        assert not portable.specialized


def test_a_template_that_declines_leaves_the_work_to_the_body(tmp_path: Path) -> None:
    with Setting.of(template(DECLINING)).load(tmp_path, "require") as loaded:
        assert outcome(loaded) == "native"
        assert is_right(loaded)


def test_a_template_may_begin_anywhere_in_its_code(tmp_path: Path) -> None:
    behind = replace(template(b"\xcc" * 7 + DECLINING), entry_offset=7)
    with Setting.of(behind).load(tmp_path, "require") as loaded:
        assert is_right(loaded)


def test_the_template_that_uses_most_of_the_processor_is_taken(tmp_path: Path) -> None:
    feature = this_processor().features[0]
    ours = replace(template(DECLINING), features=(feature,))
    foreign = replace(template(), features=("sse9", "mmx9"))
    with Setting.of(template(), ours, foreign).load(tmp_path, "require") as loaded:
        assert is_right(loaded)
    with Setting.of(template(DECLINING), replace(ours, code=IDLE)).load(tmp_path, "require", processor=()) as loaded:
        assert is_right(loaded)


def changed_body() -> Setting:
    """The module with another byte in the body of its kernel: a load that promises less about its address."""
    setting = Setting.of(template())
    module = setting.artifact.module
    parsed = read(module)
    (record,) = matching(module)
    body = parsed.bodies[record.function_index - parsed.imported_functions].body
    load = next(i for i in instructions(body) if i.name == "v128.load" and body[i.offset + 2] & 0x3F)
    start = module.index(body) + load.offset + 2
    changed = module[:start] + bytes([module[start] - 1]) + module[start + 1 :]
    return replace(setting, artifact=Artifact(changed))


def other_bytes(change: Callable[[bytes], bytes], *, is_named: bool) -> Setting:
    setting = Setting.of(template())
    changed = replace(setting, content=change(setting.content))
    return changed.named() if is_named else changed


def resealed(content: bytes) -> bytes:
    """The last byte of the code changed, and the checksum with it."""
    changed = content[:-1] + b"\x90"
    return changed[:8] + hashlib.sha256(changed[40:]).digest() + changed[40:]


def unreadable_index(content: bytes) -> bytes:
    changed = content[:48] + b"?" + content[49:]
    return changed[:8] + hashlib.sha256(changed[40:]).digest() + changed[40:]


BAD_INPUT: dict[str, tuple[Callable[[], Setting], dict[str, Any], str]] = {
    "a changed body": (changed_body, {}, "its body is not the one that its digest stands for"),
    "a foreign database": (
        lambda: replace(Setting.of(template()), artifact=program()),
        {},
        "the template database was not made for this module",
    ),
    "a truncated database": (lambda: other_bytes(lambda c: c[:-20], is_named=True), {}, "its checksum differs"),
    "an empty file": (lambda: other_bytes(lambda c: b"", is_named=True), {}, "it begins with b''"),
    "a malformed database": (lambda: other_bytes(unreadable_index, is_named=True), {}, "the index is not JSON"),
    "another format": (
        lambda: other_bytes(lambda c: c[:5] + b"\2" + c[6:], is_named=True),
        {},
        "its format has version 020000",
    ),
    "code that was changed": (lambda: other_bytes(lambda c: c[:-1] + b"\x90", is_named=True), {}, "its checksum"),
    "code and checksum that were changed": (
        lambda: other_bytes(resealed, is_named=False),
        {},
        "was not made for this module",
    ),
    "another version of the group": (
        lambda: Setting.of(replace(template(), version=9)),
        {},
        "its templates are for version 9 of 'zellige.kernels', the module has version 1",
    ),
    "a template for another body": (
        lambda: Setting.of(replace(template(), digest=bytes(32))),
        {},
        "its templates are for another body",
    ),
    "a processor without the features": (
        lambda: Setting.of(replace(template(), features=("sse9",))),
        {},
        "its templates need sse9, which the processor does not have",
    ),
    "features that are masked": (
        lambda: Setting.of(replace(template(), features=this_processor().features[:1])),
        {"processor": ("sse9",)},
        f"its templates need {this_processor().features[:1][0]}",
    ),
    "another calling convention": (
        lambda: Setting.of(replace(template(), convention="x86_64-win64 wasmtime-unchecked 1")),
        {},
        "its templates are called as 'x86_64-win64 wasmtime-unchecked 1', this runtime calls as 'x86_64-sysv",
    ),
    "a template for a function that is not there": (
        lambda: Setting.of(template(DECLINING), replace(template(), name="other", digest=bytes(32))),
        {},
        "there are templates for functions that the module does not have ('other')",
    ),
    "strict": (
        lambda: Setting.of(replace(template(), check=Check(1000, bit_equal=False, max_relative_error=1e-7))),
        {"strict": True},
        "its templates are not equal bit by bit to its body",
    ),
    "verify": (lambda: Setting.of(template()), {"verify": True}, "its template differs from it: "),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_runs_the_portable_body_with_one_warning(tmp_path: Path, case: str) -> None:
    make, options, reason = BAD_INPUT[case]
    setting = make()
    for _ in range(2):  # the second time from the cache
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loaded = setting.load(tmp_path, "native", **options)
        with loaded:
            assert [warning.category for warning in caught] == [zellige.SpecializeWarning]
            assert reason in str(caught[0].message)
            assert caught[0].filename == __file__
            assert is_right(loaded)
            assert reason in outcome(loaded) or "not have ('other')" in reason


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_an_error_where_templates_are_required(tmp_path: Path, case: str) -> None:
    make, options, reason = BAD_INPUT[case]
    for _ in range(2):
        with pytest.raises(zellige.RuntimeTrap) as caught:
            make().load(tmp_path, "require", **options)
        assert caught.value.code == "specialize"
        assert reason in caught.value.message


def test_one_warning_tells_all_reasons(tmp_path: Path) -> None:
    setting = Setting.of(replace(template(), version=9), replace(template(), name="other", digest=bytes(32)))
    with pytest.warns(zellige.SpecializeWarning, match=r"1 of 1 built-in.*version 9.*; there are templates.*'other'"):
        assert is_right(setting.load(tmp_path))


def test_a_system_that_forbids_machine_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.warns(zellige.SpecializeWarning, match="riscv64"):
        assert is_right(Setting.of(template()).load(tmp_path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    program().save(tmp_path / "model.wasm")
    with pytest.raises(zellige.UsageError, match="cannot read"):
        zellige.load(tmp_path / "model.wasm", specialize="native", templates=tmp_path / "none.hwdb")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"specialize": "nativ"}, "'specialize' is 'nativ', expected 'native' or 'require'; did you mean 'native'?"),
        ({"templates": "model.hwdb"}, "need 'specialize'"),
        ({"verify": True}, "need 'specialize'"),
        ({"specialize": "native", "processor": "avx2"}, "'processor' is 'avx2', expected a collection"),
    ],
)
def test_options_that_do_not_fit(options: dict[str, Any], message: str) -> None:
    with pytest.raises(zellige.UsageError) as caught:
        zellige.load(program(), **options)
    assert message in str(caught.value)


def made_on_the_spot(folder: Path, **options: Any) -> zellige.Program:
    return zellige.load(program(), cache=folder, specialize="require", **options)


@pytest.mark.skipif(not runnable_levels(), reason="no templates are made for this processor")
def test_without_a_file_templates_are_made_and_kept(tmp_path: Path) -> None:
    for options in ({}, {}, {"verify": True}):
        with made_on_the_spot(tmp_path, **options) as loaded:
            assert outcome(loaded) == "native"
            assert is_right(loaded)
    assert len(list(tmp_path.glob("*.hwdb"))) == 1


@pytest.mark.skipif(not runnable_levels(), reason="no templates are made for this processor")
def test_templates_are_made_for_a_lesser_processor(tmp_path: Path) -> None:
    for level in runnable_levels():
        with made_on_the_spot(tmp_path, processor=level.features) as loaded:
            assert outcome(loaded) == "native"
            assert is_right(loaded)
    assert len(list(tmp_path.glob("*.hwdb"))) == len(runnable_levels())


def test_with_all_features_masked_the_portable_body_runs(tmp_path: Path) -> None:
    with pytest.warns(zellige.SpecializeWarning, match="the processor has the features of none of them"):
        loaded = zellige.load(program(), cache=tmp_path, specialize="native", processor=())
    assert is_right(loaded)


def test_a_module_without_text_for_templates(tmp_path: Path) -> None:
    bare = Artifact(program().module.replace(b"zellige.templates", b"something.else...", 1))
    with pytest.warns(zellige.SpecializeWarning, match="no section 'zellige.templates'"):
        assert is_right(zellige.load(bare, cache=tmp_path, specialize="native"))


@pytest.mark.skipif(not runnable_levels(), reason="no templates are made for this processor")
@pytest.mark.parametrize("has_file", [True, False])
def test_a_load_from_the_cache_needs_no_compiler_and_no_linker(tmp_path: Path, has_file: bool) -> None:
    artifact, options = program(), "specialize='require', cache=sys.argv[2]"
    if has_file:
        content = build(artifact, runnable_levels()[:1]).database.to_bytes()
        (tmp_path / "model.hwdb").write_bytes(content)
        artifact = artifact.with_template_database(hashlib.sha256(content).digest())
        options += ", templates=sys.argv[3]"
    artifact.save(tmp_path / "model.wasm")
    paths = [str(tmp_path / name) for name in ("model.wasm", "cache", "model.hwdb")]
    script = f"import sys, zellige; zellige.load(sys.argv[1], {options})"
    told = "print(*[m for m in ('xdsl', 'llvmlite', 'zellige.backend', 'zellige.compiler') if m in sys.modules])"
    assert run_python(script, paths)  # decides
    assert run_python(f"{script}; {told}", paths) == "\n"


def run_python(script: str, arguments: Sequence[str]) -> str:
    command = [sys.executable, "-c", f"{script}; print()" if "print" not in script else script, *arguments]
    root = Path(zellige.__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
