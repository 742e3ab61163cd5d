"""Names that stand for an instruction."""

import pytest

from zellige.backend.wasm.access import parse_access
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.instructions import instructions


@pytest.mark.parametrize(
    ("name", "signature", "instruction"),
    [
        ("v128.load.m0.a4", "(i32, i32) -> (v128)", "v128.load memory=0 offset=64 align=16"),
        ("i32.load8_u.m2.a0", "(i32, i32) -> (i32)", "i32.load8_u memory=2 offset=64 align=1"),
        ("v128.load64_zero.m0.a2", "(i32, i32) -> (v128)", "v128.load64_zero memory=0 offset=64 align=4"),
        ("v128.store.m0.a4", "(i32, v128, i32) -> ()", "v128.store memory=0 offset=64 align=16"),
        ("v128.load32_lane.m0.a2.l3", "(i32, v128, i32) -> (v128)", "v128.load32_lane memory=0 offset=64 align=4 3"),
        (
            "i64.atomic.rmw16.cmpxchg_u.m0.a1",
            "(i32, i64, i64, i32) -> (i64)",
            "i64.atomic.rmw16.cmpxchg_u memory=0 offset=64 align=2",
        ),
        ("memory.fill.m0", "(i32, i32, i32) -> ()", "memory.fill 0"),
        ("memory.copy.m0.m2", "(i32, i32, i32) -> ()", "memory.copy 0 2"),
    ],
)
def test_names(name: str, signature: str, instruction: str):
    access = parse_access(f"zellige.{name}")
    assert str(access.signature) == signature
    assert [str(i) for i in instructions(access.encode(64), 0)] == [instruction]


@pytest.mark.parametrize(("name", "memory"), [
    ("v128.load.m2.a4", None),
    ("memory.size.m2", None),
    ("i32.atomic.load.m2.a2", None),
    ("v128.store8_lane.m2.a0.l1", 2),
    ("i32.atomic.rmw.add.m2.a2", 2),
    ("memory.copy.m0.m2", 0),
    ("memory.fill.m2", 2),
    ("memory.grow.m2", 2),
])  # fmt: skip
def test_the_memory_that_is_written(name: str, memory: int | None):
    assert parse_access(f"zellige.{name}").written_memory == memory


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("zellige.f32.add.m0", "'zellige.f32.add.m0' names no memory instruction"),
        ("zellige.f33.load.m0.a2", "'zellige.f33.load.m0.a2' names no memory instruction"),
        ("zellige.f32.load.a2", "'zellige.f32.load.a2' names no memory instruction"),
        ("zellige.f32.load.m0", "'zellige.f32.load.m0' must give an alignment"),
        ("zellige.f32.load.m0.m1.a2", "'zellige.f32.load.m0.m1.a2' names 2 memories, 'f32.load' has 1"),
        ("zellige.f32.load.m0.a3", "'zellige.f32.load.m0.a3' has alignment 2^3, expected at most 2^2"),
        ("zellige.i32.atomic.load.m0.a1", "'zellige.i32.atomic.load.m0.a1' has alignment 2^1, expected 2^2"),
        ("zellige.memory.fill.m0.a2", "'zellige.memory.fill.m0.a2' must not give an alignment"),
        ("zellige.v128.load8_lane.m0.a0", "'zellige.v128.load8_lane.m0.a0' must give a lane"),
        ("zellige.v128.load64_lane.m0.a3.l2", "'zellige.v128.load64_lane.m0.a3.l2' names lane 2 of 2"),
        ("zellige.f32.load.m0.a2.l0", "'zellige.f32.load.m0.a2.l0' must not give a lane"),
        ("zellige.memory.init.m0.m0", "'zellige.memory.init.m0.m0' names an instruction that cannot be called"),
    ],
)
def test_names_that_are_none(name: str, message: str):
    with pytest.raises(LinkError) as error:
        parse_access(name)
    assert str(error.value) == message
