"""Lines of optimised LLVM IR as calls that name an instruction and a memory."""

import pytest

from zellige.backend.llvm.memory_index import rewrite_accesses
from zellige.support.errors import CompilerBug


def rewritten(*lines: str) -> list[str]:
    """The body of a function with these lines after rewriting."""
    text = "\n".join(["define void @f() {", *(f"  {line}" for line in lines), "}"])
    return [line.strip() for line in rewrite_accesses(text).partition("}")[0].splitlines()[1:]]


def calls(*lines: str) -> list[str]:
    """The functions that are called, without the prefix of their names."""
    return [
        line.partition("@zellige.")[2].partition("(")[0] for line in rewritten(*lines) if "call" in line and "@" in line
    ]


@pytest.mark.parametrize(
    ("kind", "instruction"),
    [
        ("i8", "i32.load8_u.m0.a0"),
        ("i16", "i32.load16_u.m0.a0"),
        ("i32", "i32.load.m0.a0"),
        ("i64", "i64.load.m0.a0"),
        ("float", "f32.load.m0.a0"),
        ("double", "f64.load.m0.a0"),
        ("ptr addrspace(2)", "i32.load.m0.a0"),
        ("<16 x i8>", "v128.load.m0.a0"),
        ("<2 x double>", "v128.load.m0.a0"),
        ("<2 x float>", "v128.load64_zero.m0.a0"),
        ("<8 x i8>", "v128.load64_zero.m0.a0"),
        ("<4 x i8>", "i32.load.m0.a0"),
        ("<2 x i16>", "i32.load.m0.a0"),
        ("<2 x i8>", "i32.load16_u.m0.a0"),
    ],
)
def test_loads(kind: str, instruction: str) -> None:
    assert calls(f"%v = load {kind}, ptr addrspace(2) %p, align 1") == [instruction]


@pytest.mark.parametrize(
    ("kind", "instruction"),
    [
        ("i8", "i32.store8.m0.a0"),
        ("i16", "i32.store16.m0.a0"),
        ("i32", "i32.store.m0.a0"),
        ("i64", "i64.store.m0.a0"),
        ("float", "f32.store.m0.a0"),
        ("double", "f64.store.m0.a0"),
        ("ptr addrspace(2)", "i32.store.m0.a0"),
        ("<4 x i32>", "v128.store.m0.a0"),
        ("<2 x float>", "v128.store64_lane.m0.a0.l0"),
        ("<4 x i8>", "i32.store.m0.a0"),
        ("<2 x i8>", "i32.store16.m0.a0"),
    ],
)
def test_stores(kind: str, instruction: str) -> None:
    assert calls(f"store {kind} %v, ptr addrspace(2) %p, align 1") == [instruction]


def test_a_store_of_a_constant_vector() -> None:
    line = "store <4 x float> <float 1.0, float 2.0, float 3.0, float 4.0>, ptr addrspace(2) %p, align 16"
    packed, address, call = rewritten(line)
    assert packed.endswith("bitcast <4 x float> <float 1.0, float 2.0, float 3.0, float 4.0> to <16 x i8>")
    assert address.endswith("ptrtoint ptr addrspace(2) %p to i32")
    assert call.startswith("call void @zellige.v128.store.m0.a4(")


@pytest.mark.parametrize(("space", "memory"), [(2, 0), (3, 2)])
def test_spaces_are_memories(space: int, memory: int) -> None:
    assert calls(f"%v = load i32, ptr addrspace({space}) %p, align 4") == [f"i32.load.m{memory}.a2"]


def test_alignment_is_at_most_the_size() -> None:
    assert calls("%v = load i32, ptr addrspace(2) %p, align 64") == ["i32.load.m0.a2"]


def test_metadata_after_an_access_does_not_matter() -> None:
    assert calls("%v = load i32, ptr addrspace(2) %p, align 4, !noundef !0") == ["i32.load.m0.a2"]


def test_pointers_may_be_constant_expressions() -> None:
    address, call = rewritten("store i32 5, ptr addrspace(2) inttoptr (i32 16 to ptr addrspace(2)), align 16")
    assert address.endswith("ptrtoint ptr addrspace(2) inttoptr (i32 16 to ptr addrspace(2)) to i32")
    assert call.startswith("call void @zellige.i32.store.m0.a2(")


def test_scalars_of_local_memory_are_left_to_llvm() -> None:
    lines = [
        "%w = load <3 x float>, ptr %p, align 4",
        "store volatile <4 x float> %x, ptr %p, align 16",
        "%v = load i32, ptr %p, align 4",
        "%q = load ptr addrspace(2), ptr %p, align 4",
        "store ptr addrspace(2) %q, ptr %p, align 4",
    ]
    assert rewritten(*lines) == lines


def test_vectors_of_local_memory_keep_their_offset() -> None:
    lines = [
        "%q = getelementptr inbounds nuw i8, ptr %p, i32 48",
        "%v = load <4 x float>, ptr %q, align 4",
        "store <4 x float> %v, ptr %p, align 4",
    ]
    text = "\n".join(rewritten(*lines))
    assert "@zellige.v128.load.m1.a2(i32 %zellige.1, i32 48)" in text
    assert "@zellige.v128.store.m1.a2(" in text


@pytest.mark.parametrize(
    ("line", "instruction"),
    [
        ("%v = load atomic i32, ptr addrspace(2) %p seq_cst, align 4", "i32.atomic.load.m0.a2"),
        ("store atomic i64 %v, ptr addrspace(2) %p seq_cst, align 8", "i64.atomic.store.m0.a3"),
        ("%v = atomicrmw add ptr addrspace(2) %p, i32 %x seq_cst, align 4", "i32.atomic.rmw.add.m0.a2"),
        ("%v = atomicrmw xchg ptr addrspace(2) %p, i64 1 seq_cst, align 8", "i64.atomic.rmw.xchg.m0.a3"),
        (
            "call void @llvm.memset.p2.i32(ptr addrspace(2) noundef align 16 %p, i8 0, i32 %n, i1 false)",
            "memory.fill.m0",
        ),
        (
            "tail call void @llvm.memcpy.p2.p3.i32(ptr addrspace(2) align 4 %p, ptr addrspace(3) %q, i32 64, i1 false)",
            "memory.copy.m0.m2",
        ),
        ("call void @llvm.memmove.p0.p2.i32(ptr %p, ptr addrspace(2) %q, i32 %n, i1 false)", "memory.copy.m1.m0"),
        ("call void @llvm.memset.p0.i32(ptr align 4 dereferenceable(8) %p, i8 %b, i32 8, i1 false)", "memory.fill.m1"),
    ],
)
def test_atomics_and_blocks(line: str, instruction: str) -> None:
    assert calls(line) == [instruction]


@pytest.mark.parametrize(
    "line",
    [
        "%v = load volatile i32, ptr addrspace(2) %p, align 4",
        "%v = load <3 x float>, ptr addrspace(2) %p, align 4",
        "%v = load i24, ptr addrspace(2) %p, align 4",
        "store <8 x float> %v, ptr addrspace(2) %p, align 4",
        "%v = cmpxchg ptr addrspace(2) %p, i32 0, i32 1 seq_cst seq_cst, align 4",
        "%v = atomicrmw fadd ptr addrspace(2) %p, float 1.0 seq_cst, align 4",
        "%v = call <4 x i32> @llvm.masked.load.v4i32.p2(ptr addrspace(2) %p, i32 4, <4 x i1> %m, <4 x i32> poison)",
        "%v = call <4 x float> @llvm.masked.gather.v4f32.v4p2(<4 x ptr addrspace(2)> %p, <4 x i1> %m, <4 x float> %z)",
        "call void @llvm.memset.p2.i32(ptr addrspace(2) %p, i8 0, i32 4, i1 true)",
    ],
)
def test_what_has_no_instruction_is_not_passed_on(line: str) -> None:
    with pytest.raises(CompilerBug):
        rewritten(line)


def offset_of(*lines: str) -> tuple[str, int]:
    """The pointer that the last line's address is taken from, and the constant offset."""
    *_, address, call = rewritten(*lines)
    return address.split()[-3], int(call.rstrip(")").split()[-1])


@pytest.mark.parametrize(
    ("steps", "base", "offset"),
    [
        (["%q = getelementptr inbounds float, ptr addrspace(2) %p, i32 4"], "%p", 16),
        (["%q = getelementptr inbounds nuw i8, ptr addrspace(2) %p, i32 12"], "%p", 12),
        (["%q = getelementptr i8, ptr addrspace(2) %p, i32 -4"], "%q", 0),
        (["%q = getelementptr i8, ptr addrspace(2) %p, i32 %n"], "%q", 0),
        (
            [
                "%r = getelementptr i64, ptr addrspace(2) %p, i32 1",
                "%q = getelementptr i8, ptr addrspace(2) %r, i32 2",
            ],
            "%p",
            10,
        ),
    ],
)
def test_constant_steps_go_into_the_offset(steps: list[str], base: str, offset: int) -> None:
    assert offset_of(*steps, "store i32 %v, ptr addrspace(2) %q, align 4") == (base, offset)


@pytest.mark.parametrize(
    ("space", "flags", "step", "offset"),
    [
        (2, "", 128, 128),
        (2, "", 65537, 0),  # from a pointer that may be below zero
        (2, "inbounds ", 65537, 65537),
        (3, "", 128, 0),  # constants start at address 0
        (3, "nuw ", 128, 128),
    ],
)
def test_steps_that_may_come_from_below_the_memory_stay(space: int, flags: str, step: int, offset: int) -> None:
    move = f"%q = getelementptr {flags}i8, ptr addrspace({space}) %p, i32 {step}"
    lines = rewritten(move, f"%x = load i32, ptr addrspace({space}) %q, align 4")
    assert f"i32 {offset})" in lines[-1]


SPLAT = (
    "%x = load float, ptr addrspace(2) %p, align 4",
    "%i = insertelement <4 x float> poison, float %x, i64 0",
    "%s = shufflevector <4 x float> %i, <4 x float> poison, <4 x i32> zeroinitializer",
)


def test_a_load_that_is_spread_is_one_instruction() -> None:
    *_, call, cast = rewritten(*SPLAT)
    assert "@zellige.v128.load32_splat.m0.a2(" in call
    assert cast.startswith("%s = bitcast <16 x i8>")


def test_a_spread_may_have_more_lanes_than_what_it_reads() -> None:
    load, insert, spread = (line.replace("4 x float", "2 x float") for line in SPLAT)
    *_, call, cast = rewritten(load, insert, spread.replace("<2 x i32> zero", "<4 x i32> zero"))
    assert "@zellige.v128.load32_splat.m0.a2(" in call
    assert cast == "%s = bitcast <16 x i8> %zellige.2 to <4 x float>"


def test_a_load_with_other_uses_is_not_spread() -> None:
    assert calls(*SPLAT, "%y = fadd float %x, %x") == ["f32.load.m0.a2"]


def test_what_is_wider_than_a_vector_is_not_spread() -> None:
    assert calls(*(line.replace("4 x", "8 x") for line in SPLAT)) == ["f32.load.m0.a2"]
