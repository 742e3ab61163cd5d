"""What is printed of built-in functions."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.wasm_objects import linked
from zellige.artifact import Artifact
from zellige.backend.wasm.builtin_section import IS_AVAILABLE, Builtin
from zellige.backend.wasm.specialize import matching
from zellige.tools import inspect

TILE = "define void @gelu.tile(i32 %x) {\n ret void\n}\ndefine i32 @group.is_available() {\n ret i32 0\n}\n"
BUILTINS = (
    Builtin("gelu.tile", "group", 'gelu "fast"', 2),
    Builtin("group.is_available", "group", "any", 2, IS_AVAILABLE),
)
DATABASE = sha256(b"database").digest()


def built(*, templates: str = "text") -> Artifact:
    exports = ("gelu.tile", "group.is_available")
    return Artifact(linked(TILE, exports=exports, builtins=BUILTINS, templates=templates))


def printed(artifact: Artifact, folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    path = folder / "model.wasm"
    artifact.save(path)
    assert inspect.run(inspect.parser().parse_args([str(path), *options])) == 0
    return capsys.readouterr().out


def test_built_in_functions_with_their_templates_and_databases(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    artifact = built().with_template_database(DATABASE)
    digest = matching(artifact.module)[0].digest.hex()
    text = printed(artifact, tmp_path, capsys)
    assert (
        "built-in functions\n"
        f'  function 0: (@builtin "group" "gelu \\"fast\\"" 2 {digest[:16]})\n'
        '  function 1: (@builtin "group" "any" 2)\n'
        "  templates: made from 4 bytes of text in the module\n"
        f"  template databases: {DATABASE.hex()[:16]}\n"
    ) in text


def test_without_text_and_databases(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert "  templates: none\n  template databases: none\n" in printed(built(templates=""), tmp_path, capsys)


def test_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    artifact = built().with_template_database(DATABASE)
    facts: dict[str, Any] = json.loads(printed(artifact, tmp_path, capsys, "--json"))
    function = {"function_index": 0, "kind": "function", "group": "group", "name": 'gelu "fast"', "version": 2}
    available = {
        "function_index": 1,
        "kind": "is_available",
        "group": "group",
        "name": "any",
        "version": 2,
        "digest": "",
    }
    assert facts["builtins"] == [{**function, "digest": matching(artifact.module)[0].digest.hex()}, available]
    assert facts["templates_bytes"] == 4
    assert facts["template_databases"] == [DATABASE.hex()]


def test_a_module_without_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    artifact = Artifact(linked(TILE, exports=("gelu.tile",)))
    assert "built-in" not in printed(artifact, tmp_path, capsys)
    facts: dict[str, Any] = json.loads(printed(artifact, tmp_path, capsys, "--json"))
    assert (facts["builtins"], facts["templates_bytes"], facts["template_databases"]) == ([], None, [])
