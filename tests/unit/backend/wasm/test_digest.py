"""What the digest of a body depends on, and what not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.wasm_objects import linked
from zellige.artifact import Artifact
from zellige.backend.wasm.digest import BodyDigests, memory_kinds
from zellige.backend.wasm.errors import DigestError
from zellige.backend.wasm.instructions import Immediate, encode
from zellige.backend.wasm.opcodes import OPCODE_OF_NAME
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import (
    Code,
    CodeSection,
    DataSection,
    FunctionSection,
    Global,
    GlobalSection,
    Import,
    ImportSection,
    Module,
    TypeSection,
)
from zellige.backend.wasm.types import FunctionType, GlobalType, Limits, MemoryType
from zellige.backend.wasm.writer import write

LEAF = "define i32 @leaf(i32 %x) noinline {{\n %y = mul i32 %x, {}\n ret i32 %y\n}}\n"
CALLER = """
declare i32 @leaf(i32)
define i32 @caller(i32 %x) {
  %y = call i32 @leaf(i32 %x)
  %z = add i32 %y, 1
  ret i32 %z
}
"""
OTHER = "define i32 @other(i32 %x, i32 %y) {\n %z = mul i32 %x, %y\n ret i32 %z\n}\n"
LOOKUP = """
@table{0} = internal constant [4 x i32] [i32 3, i32 1, i32 4, i32 {1}]
define i32 @lookup{0}(i32 %i) {{
  %p = getelementptr i32, ptr @table{0}, i32 %i
  %x = load i32, ptr %p
  ret i32 %x
}}
"""


def digest(module: bytes, export: str) -> bytes:
    parsed = read(module)
    index = next(entry.index for entry in parsed.exports if entry.name == export)
    return BodyDigests(parsed, Artifact(module).program.constant_base).of(index)


def test_it_is_the_same_wherever_the_function_stands():
    alone = digest(linked(LEAF.format(3), CALLER, exports=("caller",)), "caller")
    others = (LEAF.format(3), CALLER, OTHER)
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        module = linked(*(others[i] for i in order), exports=("caller", "leaf", "other"))
        assert digest(module, "caller") == alone
        assert len({digest(module, name) for name in ("caller", "leaf", "other")}) == 3


def test_it_is_another_when_a_callee_does_something_else():
    three, five = (linked(LEAF.format(n), CALLER, exports=("caller",)) for n in (3, 5))
    assert digest(three, "caller") != digest(five, "caller")


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
def test_local_data_counts_where_local_memory_is_read(profile: str):
    one, two = (
        linked(LOOKUP.format("", n), OTHER, exports=("lookup", "other"), profile=profile, constants={0: b"weights"})
        for n in (1, 2)
    )
    assert digest(one, "lookup") != digest(two, "lookup")
    assert digest(one, "other") == digest(two, "other")


@pytest.mark.parametrize("profile", ["full", "simd", "mvp"])
def test_weights_do_not_count(profile: str):
    one, two = (
        linked(LOOKUP.format("", 1), exports=("lookup",), profile=profile, constants={0: weights})
        for weights in (b"weights", b"others!")
    )
    assert one != two
    assert digest(one, "lookup") == digest(two, "lookup")


def test_profiles_are_told_apart():
    modules = [linked(OTHER, exports=("other",), profile=profile) for profile in ("full", "simd")]
    assert read(modules[0]).bodies[0].body == read(modules[1]).bodies[0].body
    assert digest(modules[0], "other") != digest(modules[1], "other")


def instruction(name: str, *immediates: Immediate) -> bytes:
    return encode(OPCODE_OF_NAME[name], *immediates)


def module(*bodies: bytes, globals_: tuple[Global, ...] = (), types: tuple[FunctionType, ...] = ()) -> Module:
    """Functions without parameters and results; the instructions of each, without the last `end`."""
    return Module(
        (
            TypeSection((FunctionType((), ()), *types)),
            ImportSection((Import("zellige", "device", MemoryType(Limits(1))), Import("host", "f", 0))),
            FunctionSection((0,) * len(bodies)),
            GlobalSection(globals_),
            CodeSection(tuple(Code(b"\0" + body + instruction("end")) for body in bodies)),
        )
    )


def counter(value: int, *, mutable: bool = True) -> Global:
    return Global(GlobalType("i32", mutable=mutable), instruction("i32.const", value) + instruction("end"))


USE = instruction("global.get", 0) + instruction("drop")
USE_OTHER = instruction("global.get", 1) + instruction("drop")


def test_variables_count_by_type_and_initial_value():
    def of(body: bytes, *globals_: Global) -> bytes:
        return BodyDigests(module(body, globals_=globals_), 0).of(1)

    first = of(USE, counter(5))
    assert of(USE, counter(5), counter(7)) == first
    assert of(USE, counter(6)) != first
    assert of(USE, counter(5, mutable=False)) != first


def test_two_variables_that_start_equal_are_two():
    digests = BodyDigests(module(USE + USE, USE + USE_OTHER, globals_=(counter(5), counter(5))), 0)
    assert digests.of(1) != digests.of(2)


def test_types_of_blocks_count_by_what_they_are():
    block, end = OPCODE_OF_NAME["block"], instruction("end")
    pair, value = FunctionType(("i32", "i32"), ("i32",)), FunctionType((), ("i32",))

    def of(index: int, *types: FunctionType) -> bytes:
        return BodyDigests(module(encode(block, index) + end, types=types), 0).of(1)

    assert of(1, pair) == of(2, value, pair)
    assert of(1, pair) != of(1, value)


def chain(length: int) -> list[bytes]:
    """Functions of which each calls the next; the last one calls nothing."""
    return [*(instruction("call", index) for index in range(2, length + 1)), b""]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (module(instruction("call", 1)), "function 1 calls itself"),
        (module(instruction("call", 2), instruction("call", 1)), "function 1 calls itself"),
        (module(instruction("call", 0)), "function 0 is not one of the 1 functions with a body"),
        (module(instruction("call", 9)), "function 9 is not one of the 1 functions with a body"),
        (module(*chain(65)), "function 1 has calls that are nested more than 64 deep"),
        (module(instruction("ref.func", 1)), "'ref.func' takes the address of function 1"),
        (module(instruction("call_indirect", 0, 0)), "'call_indirect' depends on a table"),
        (module(instruction("data.drop", 0)), "'data.drop' depends on a passive data segment"),
        (module(instruction("elem.drop", 0)), "'elem.drop' depends on an element segment"),
        (module(USE), "global 0 is not one of the 0 globals with an initial value"),
        (module(instruction("block", 7) + instruction("end")), "type 7 does not exist, there are 1"),
    ],
)
def test_what_has_no_digest(content: Module, message: str):
    with pytest.raises(DigestError) as error:
        BodyDigests(content, 0).of(1)
    assert error.value.message == message


def test_a_function_that_has_none_does_not_spoil_the_others():
    digests = BodyDigests(module(instruction("call", 1), *chain(3)[1:]), 0)
    with pytest.raises(DigestError):
        digests.of(1)
    assert digests.of(3) == BodyDigests(module(b""), 0).of(1)


def changed(content: bytes, edit: Callable[[DataSection], DataSection]) -> bytes:
    sections = read(content).sections
    return write(Module(tuple(edit(s) if isinstance(s, DataSection) else s for s in sections)))


def test_a_data_segment_at_a_place_that_is_not_known():
    content = linked(LOOKUP.format("", 1), exports=("lookup",))
    offset = instruction("i32.const", 0) + instruction("i32.const", 0) + instruction("i32.add") + instruction("end")
    moved = changed(content, lambda s: DataSection(tuple(replace(segment, offset=offset) for segment in s.segments)))
    with pytest.raises(DigestError, match="a data segment stands at an address that is not a constant"):
        digest(moved, "lookup")


def test_the_kinds_of_memories():
    full, simd = (read(linked(OTHER, exports=("other",), profile=profile)) for profile in ("full", "simd"))
    assert memory_kinds(full) == ("device", "local", "constant")
    assert memory_kinds(simd) == ("device",)
