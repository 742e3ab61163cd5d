"""A body's digest says what the function does: the order of functions does not count, each bit of the body does."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.programs import PROGRAMS, compiled
from tests.native_host import function_names
from tests.wasm_objects import linked
from zellige.artifact import Artifact
from zellige.backend.wasm.digest import BodyDigests
from zellige.backend.wasm.errors import DigestError, WasmFormatError
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import Code, CodeSection, Module

CALL = """
declare i32 @f{next}(i32)
define i32 @f{i}(i32 %x) noinline {{
  %y = call i32 @f{next}(i32 %x)
  %z = mul i32 %y, {i}
  ret i32 %z
}}
define float @g{i}() {{
  ret float {i}.0
}}
"""
LAST = """
define i32 @f4(i32 %x) noinline {
  %y = add i32 %x, 7
  ret i32 %y
}
define double @g4(double %x) {
  ret double %x
}
"""
FUNCTIONS = (*(CALL.format(i=i, next=i + 1) for i in (1, 2, 3)), LAST)
NAMES = tuple(f"{letter}{i}" for i in (1, 2, 3, 4) for letter in "fg")


@cache
def digests(order: tuple[int, ...]) -> dict[str, bytes]:
    module = linked(*(FUNCTIONS[i] for i in order), exports=NAMES)
    parsed = read(module)
    known = BodyDigests(parsed, Artifact(module).program.constant_base)
    return {entry.name: known.of(entry.index) for entry in parsed.exports}


@given(st.permutations(range(4)))
def test_the_order_of_functions_does_not_count(order: list[int]):
    assert digests(tuple(order)) == digests((0, 1, 2, 3))
    assert len(set(digests(tuple(order)).values())) == len(NAMES)


@settings(max_examples=300)
@given(st.sampled_from(("full", "simd", "mvp")), st.data())
def test_each_bit_of_a_body_counts(profile: str, data: st.DataObject):
    module = compiled(PROGRAMS["softmax"].path, profile).module
    parsed = read(module)
    base = Artifact(module).program.constant_base
    index = next(i for i, name in enumerate(function_names(parsed)) if name.endswith(".tile"))
    body = bytearray(parsed.bodies[index].body)
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    before = BodyDigests(parsed, base).of(index)
    try:
        after = BodyDigests(with_body(parsed, index, bytes(body)), base).of(index)
    except (DigestError, WasmFormatError):
        return
    assert after != before


def with_body(module: Module, index: int, body: bytes) -> Module:
    bodies = tuple(Code(body) if i == index else code for i, code in enumerate(module.bodies))
    return Module(tuple(CodeSection(bodies) if isinstance(s, CodeSection) else s for s in module.sections))
