"""What an artifact records beside its program."""

from hashlib import sha256

import pytest
import wasmtime

from tests.wasm_objects import SHARED, linked
from zellige.artifact import TEMPLATE_DATABASES_SECTION, Artifact, custom_section, sections
from zellige.backend.wasm.builtin_section import Builtin
from zellige.backend.wasm.specialize import matching
from zellige.support.errors import RuntimeTrap

FIRST, SECOND = (sha256(name).digest() for name in (b"first", b"second"))


def artifact() -> Artifact:
    return Artifact(linked(SHARED, exports=("shared",), builtins=[Builtin("shared", "group", "shared", 1)]))


def test_databases_are_recorded_one_after_another():
    none = artifact()
    assert none.template_databases == ()
    both = none.with_template_database(FIRST).with_template_database(SECOND)
    assert both.template_databases == (FIRST, SECOND)
    assert both.with_template_database(FIRST) is both


def test_a_record_changes_nothing_else():
    before = artifact()
    after = before.with_template_database(FIRST)
    assert after.module.startswith(before.module)
    assert after.program == before.program
    assert matching(after.module) == matching(before.module) != ()
    assert [kind for kind, _, _ in sections(after.module)] == [*(kind for kind, _, _ in sections(before.module)), 0]
    assert custom_section(after.module, TEMPLATE_DATABASES_SECTION) == FIRST
    wasmtime.Module.validate(wasmtime.Engine(), after.module)


def test_a_record_that_was_cut():
    module = artifact().with_template_database(FIRST).module
    content = TEMPLATE_DATABASES_SECTION.encode() + FIRST[:-1]
    start = module.index(TEMPLATE_DATABASES_SECTION.encode()) - 7  # id, size in 5 bytes, length of the name
    header = bytes((0, 1 + len(content), len(TEMPLATE_DATABASES_SECTION)))
    with pytest.raises(RuntimeTrap, match="has 31 bytes, expected 32 for each database"):
        _ = Artifact(module[:start] + header + content).template_databases
