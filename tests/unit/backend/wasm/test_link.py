"""Objects to one module: what is in it, and what does not link."""

import json

import pytest

from tests.wasm_objects import CORPUS, FULL, KERNEL, SHARED, describe, emit, linked
from zellige.artifact import PROGRAM_SECTION, Artifact
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.link import ConstantSegment, LinkOptions, link
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import CustomSection, DataCountSection, Import
from zellige.backend.wasm.types import Limits, MemoryType

ADD = "define i32 @{}(i32 %x) {{\n %y = add i32 %x, {}\n ret i32 %y\n}}\n"
MAIN = "define i32 @main(i32 %x) {\n ret i32 %x\n}\n"


def test_the_memories_of_profile_full():
    module = read(linked(KERNEL, SHARED, constants={0: b"abc"}))
    assert module.imports == (Import("zellige", "device", MemoryType(Limits(2, 65536))),)
    assert [memory.limits for memory in module.memories[1:]] == [Limits(17, 17), Limits(1, 1)]
    assert [(segment.memory, bytes(segment.content[:3])) for segment in module.data_segments] == [
        (2, b"abc"),
        (1, b"\0\0\x80"),
    ]


@pytest.mark.parametrize("profile", ["simd", "mvp"])
def test_the_memory_of_the_other_profiles(profile: str):
    module = read(linked(MAIN, constants={64: b"abc"}, profile=profile))
    assert module.imports == (Import("zellige", "device", MemoryType(Limits(18))),)
    assert len(module.memories) == 1
    assert not module.tables


def test_the_sections_that_describe_the_module():
    data = linked(MAIN)
    module = read(data)
    names = [section.name for section in module.sections if isinstance(section, CustomSection)]
    assert names == ["name", "producers", "target_features", PROGRAM_SECTION]
    content = {s.name: bytes(s.content) for s in module.sections if isinstance(s, CustomSection)}
    assert content["name"] == b"\x00\x08\x07zellige\x01\x07\x01\x00\x04main"
    assert content["producers"] == b"\x01\x0cprocessed-by\x01\x07zellige\x00"
    assert content["target_features"] == b"\x01+\x07simd128"
    assert json.loads(content[PROGRAM_SECTION])["heap_base"] == 65536
    assert Artifact(data).program.constant_bytes == 0
    assert module.find(DataCountSection) is None


def test_only_what_the_exports_need_is_kept():
    data = "@{0} = global i32 {1}\ndefine ptr @get_{0}() {{\n ret ptr @{0}\n}}\n"
    irs = data.format("used", 5) + data.format("unused", 6)
    module = read(linked(irs, exports=("get_used",)))
    assert [entry.name for entry in module.exports] == ["get_used"]
    assert len(module.bodies) == 1
    assert [bytes(segment.content) for segment in module.data_segments] == [b"\5\0\0\0"]
    assert not module.globals  # nothing has a stack frame


def test_an_undefined_symbol_that_nothing_needs_is_no_error():
    linked(MAIN + "declare void @missing()\ndefine void @unused() {\n call void @missing()\n ret void\n}")


def test_equal_functions_become_one():
    caller = "declare i32 @{0}(i32)\ndefine i32 @{1}(i32 %x) {{\n %y = call i32 @{0}(i32 %x)\n ret i32 %y\n}}\n"
    module = read(
        linked(
            ADD.format("a", 1),
            ADD.format("b", 1),
            ADD.format("c", 2),
            caller.format("a", "call_a"),
            caller.format("b", "call_b"),
            caller.format("c", "call_c"),
            exports=("a", "b", "call_a", "call_b", "call_c"),
        )
    )
    index = {entry.name: entry.index for entry in module.exports}
    assert index["a"] == index["b"]
    assert index["call_a"] == index["call_b"] != index["call_c"]
    assert len(module.bodies) == 4
    assert len(module.types) == 1


def test_equal_functions_that_call_each_other_become_one():
    pair = """
    define i32 @{0}(i32 %x) noinline {{
      %z = icmp eq i32 %x, 0
      br i1 %z, label %end, label %more
    more:
      %y = call i32 @{1}(i32 {2})
      ret i32 %y
    end:
      ret i32 7
    }}
    """
    even = pair.format("even0", "odd0", "%x") + pair.format("odd0", "even0", "3")
    other = pair.format("even1", "odd1", "%x") + pair.format("odd1", "even1", "3")
    module = read(linked(even, other, exports=("even0", "even1")))
    assert len(module.bodies) == 2
    assert len({entry.index for entry in module.exports}) == 1


def test_a_function_whose_address_is_taken_stays_itself():
    irs = ADD.format("a", 1) + ADD.format("b", 1) + "define i1 @main(ptr %p) {\n %e = icmp eq ptr %p, @a\n ret i1 %e\n}"
    module = read(linked(irs, exports=("main", "b", "a")))
    assert len({entry.index for entry in module.exports}) == 3


def test_weak_definitions_give_way():
    weak = "define weak i32 @value() {\n ret i32 1\n}\n"
    strong = "define i32 @value() {\n ret i32 2\n}\n"
    assert read(linked(weak, strong, exports=("value",))).bodies == read(linked(strong, exports=("value",))).bodies
    assert read(linked(weak, weak, exports=("value",))).bodies == read(linked(weak, exports=("value",))).bodies


def test_the_first_comdat_of_a_name_is_kept():
    assert len(read(linked(CORPUS["comdat"][0], CORPUS["comdat"][0], exports=("weak",))).bodies) == 1


def test_debug_information_is_dropped():
    module = read(linked(CORPUS["debug"][0]))
    names = {section.name for section in module.sections if isinstance(section, CustomSection)}
    assert not any(name.startswith((".debug", "reloc", "linking")) for name in names)


def test_zeros_take_no_room_where_the_memory_is_new():
    zeros = "@scratch = global [100000 x i8] zeroinitializer\n@one = global i32 1\n"
    code = declared("", "store volatile ptr @scratch, ptr %p\n store volatile ptr @one, ptr %p")
    assert len(linked(zeros + code)) < 1000
    assert len(linked(zeros + code, profile="simd")) > 100000


def test_the_same_inputs_give_the_same_bytes():
    assert linked(KERNEL, SHARED) == linked(KERNEL, SHARED)


def test_large_constants_are_not_copied_into_lists():
    content = bytes(range(256)) * (1 << 16)
    module = linked(MAIN, constants={0: content, 1 << 24: content})
    assert module.count(content) == 2
    assert read(module).memories[2].limits == Limits(512, 512)


def declared(declaration: str, call: str) -> str:
    return f"{declaration}\ndefine void @main(i32 %a, ptr %p) {{\n {call}\n ret void\n}}"


def called(result: str, name: str, operands: str) -> str:
    return declared(f"declare {result} @{name}(i32, i32)", f"call {result} @{name}({operands})")


CONSTANT_STORE = declared(
    "declare void @zellige.i32.store.m2.a2(i32, i32, i32)",
    "call void @zellige.i32.store.m2.a2(i32 %a, i32 1, i32 0)",
)


@pytest.mark.parametrize(
    ("irs", "message"),
    [
        ([declared("declare void @f()", "call void @f()")], "0.o: undefined function 'f'"),
        ([declared("@d = external global i32", "store i32 1, ptr @d")], "0.o: undefined data 'd'"),
        ([MAIN, MAIN], "1.o: 'main' is already defined by 0.o"),
        (
            [declared("declare void @f(i32)", "call void @f(i32 1)"), "define i64 @f(i32 %x) {\n ret i64 1\n}"],
            "0.o: 'f' is declared as function (i32) -> (), but 1.o defines function (i32) -> (i64)",
        ),
        (
            [declared("@f = external global i32", "store volatile i32 1, ptr @f"), "define void @f() {\n ret void\n}"],
            "0.o: 'f' is declared as data, but 1.o defines function () -> ()",
        ),
        ([ADD.format("other", 1)], "export 'main' is not defined by any object"),
        (["@main = global i32 1"], "export 'main' is data, expected a function"),
        (
            [
                declared(
                    "declare void @zellige.v128.lode.m0.a4(i32, i32)",
                    "call void @zellige.v128.lode.m0.a4(i32 %a, i32 0)",
                )
            ],
            "0.o: 'zellige.v128.lode.m0.a4' names no memory instruction",
        ),
        (
            [
                declared(
                    "declare i64 @zellige.i32.load.m0.a2(i32, i32)", "call i64 @zellige.i32.load.m0.a2(i32 %a, i32 0)"
                )
            ],
            "0.o: 'zellige.i32.load.m0.a2' is declared (i32, i32) -> (i64), the instruction is (i32, i32) -> (i32)",
        ),
        (
            [
                declared(
                    "declare i32 @zellige.i32.load.m0.a2(i32, i32)", "call i32 @zellige.i32.load.m0.a2(i32 0, i32 %a)"
                )
            ],
            "0.o: function 'main': expected 'i32.const' with the constant offset before the call of 'i32.load'",
        ),
        (
            [declared("declare i32 @zellige.i32.load.m0.a2(i32, i32)", "store ptr @zellige.i32.load.m0.a2, ptr %p")],
            "0.o: function 'main': the access is used by 'i32.const', expected a call",
        ),
        (
            [
                declared(
                    "declare i32 @zellige.i32.load.m3.a2(i32, i32)", "call i32 @zellige.i32.load.m3.a2(i32 %a, i32 0)"
                )
            ],
            "0.o: 'zellige.i32.load.m3.a2': there is no memory 3, profile 'full' has 3",
        ),
        ([CONSTANT_STORE], "0.o: 'zellige.i32.store.m2.a2': the constant memory is never stored to"),
    ],
)
def test_objects_that_do_not_link(irs: list[str], message: str):
    with pytest.raises(LinkError) as error:
        linked(*irs)
    assert str(error.value) == message


def test_a_call_of_an_instruction_in_a_profile_without_its_memory():
    with pytest.raises(LinkError, match="there is no memory 2, profile 'simd' has 1"):
        linked(CONSTANT_STORE, profile="simd")


@pytest.mark.parametrize(
    ("constants", "message"),
    [
        ([(0, 10), (8, 4)], "the constant at offset 8 starts before byte 10, the end of another"),
        ([(-1, 10)], "the constant at offset -1 starts before byte 0"),
        ([((1 << 32) - 4, 8)], "the constant memory needs 4294967300 bytes, a memory has at most 4294967296"),
    ],
)
def test_constants_that_do_not_fit(constants: list[tuple[int, int]], message: str):
    segments = [ConstantSegment(offset, bytes(size)) for offset, size in constants]
    with pytest.raises(LinkError, match=message):
        link([("main.o", emit(MAIN, FULL))], segments, LinkOptions("full", ("main",), ()), describe)


def test_a_malformed_object_is_named():
    with pytest.raises(LinkError) as error:
        link([("bad.o", b"\0asm\1\0\0\0\1")], [], LinkOptions("full", (), ()), describe)
    assert str(error.value) == "bad.o: unexpected end inside a number at offset 0x9"
