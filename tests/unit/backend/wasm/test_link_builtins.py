"""Which built-in functions a linked module declares, and where it says so."""

from __future__ import annotations

import pytest

from tests.wasm_objects import linked
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION, Builtin
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import CodeSection, CustomSection
from zellige.backend.wasm.specialize import builtin_records, matching

KERNEL = "define void @{}(i32 %x) {{\n {}\n ret void\n}}\n"
EQUAL = KERNEL.format("a", "") + KERNEL.format("b", "")
ENDLESS = KERNEL.format("a", "call void @a(i32 %x)\n call void @a(i32 %x)")
A, B = (Builtin(name, "group", f"kernel {name}", 1) for name in "ab")


def declared(ir: str, *builtins: Builtin, exports: tuple[str, ...] = ("a", "b")) -> list[tuple[str, int]]:
    return [(r.name, r.function_index) for r in builtin_records(linked(ir, exports=exports, builtins=builtins))]


def test_the_declaration_stands_before_the_code_and_the_text_before_the_names():
    module = linked(EQUAL, exports=("a",), builtins=[A], templates="text")
    order = [s.name if isinstance(s, CustomSection) else type(s) for s in read(module).sections]
    assert order.index(BUILTIN_SECTION) == order.index(CodeSection) - 1
    assert order.index("zellige.templates") == order.index("name") - 1


def test_the_digest_is_that_of_the_linked_body():
    module = linked(EQUAL, exports=("a",), builtins=[A])
    assert [record.name for record in matching(module)] == ["kernel a"]


def test_equal_functions_stay_two():
    assert declared(EQUAL, A, B) == declared(EQUAL, B, A) == [("kernel a", 0), ("kernel b", 1)]
    module = linked(EQUAL, exports=("a", "b"), builtins=(A, B))
    assert len({record.digest for record in matching(module)}) == 1


def test_what_nothing_needs_is_not_declared():
    assert declared(EQUAL, A, B, exports=("b",)) == [("kernel b", 0)]


def test_what_has_no_digest_is_not_declared():
    assert declared(ENDLESS, A, exports=("a",)) == []


def test_a_module_without_built_in_functions_has_no_section():
    assert read(linked(EQUAL, exports=("a",))).custom(BUILTIN_SECTION) is None


def test_a_built_in_function_has_to_exist():
    with pytest.raises(LinkError) as error:
        linked(EQUAL, exports=("a",), builtins=[Builtin("c", "group", "c", 1)])
    assert str(error.value) == "built-in function 'c' is not defined by any object"
