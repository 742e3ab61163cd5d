"""What holds for all numbers, instructions and sizes of the linker."""

from hypothesis import given
from hypothesis import strategies as st

from zellige.backend.wasm.instructions import Immediate, encode, instructions
from zellige.backend.wasm.layout import PROFILES, lay_out
from zellige.backend.wasm.leb128 import (
    decode_signed,
    decode_unsigned,
    encode_padded,
    encode_signed,
    encode_unsigned,
)
from zellige.backend.wasm.opcodes import OPCODE_OF_NAME, Opcode
from zellige.backend.wasm.types import BYTE_OF_VALUE_TYPE, REFERENCE_TYPES, MemArg

U32 = st.integers(0, (1 << 32) - 1)
VALUE_TYPES = st.sampled_from(sorted(BYTE_OF_VALUE_TYPE))

IMMEDIATES: dict[str, st.SearchStrategy[Immediate]] = {
    **dict.fromkeys(("label", "function", "type", "table", "local", "global", "memory", "data", "element"), U32),
    "lane": st.integers(0, 255),
    "zero": st.just(0),
    "blocktype": st.none() | VALUE_TYPES | U32,
    "reftype": st.sampled_from(sorted(REFERENCE_TYPES)),
    "valuetypes": st.lists(VALUE_TYPES, max_size=3).map(tuple),
    "labels": st.lists(U32, min_size=1, max_size=5).map(tuple),
    "memarg": st.builds(MemArg, st.integers(0, 32), U32, U32),
    "i32": st.integers(-(1 << 31), (1 << 31) - 1),
    "i64": st.integers(-(1 << 63), (1 << 63) - 1),
    **{f"bytes{size}": st.binary(min_size=size, max_size=size) for size in (4, 8, 16)},
    "shuffle": st.binary(min_size=16, max_size=16),
}


@given(st.integers(0, (1 << 64) - 1))
def test_unsigned_round_trip(value: int):
    encoded = encode_unsigned(value)
    assert decode_unsigned(encoded, 0, 64) == (value, len(encoded))


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_signed_round_trip(value: int):
    encoded = encode_signed(value)
    assert decode_signed(encoded, 0, 64) == (value, len(encoded))


@given(U32)
def test_padding_keeps_the_value(value: int):
    assert decode_unsigned(encode_padded(value, 5), 0) == (value, 5)


@st.composite
def any_instruction(draw: st.DrawFn) -> tuple[Opcode, tuple[Immediate, ...]]:
    opcode = OPCODE_OF_NAME[draw(st.sampled_from(sorted(OPCODE_OF_NAME)))]
    return opcode, tuple(draw(IMMEDIATES[kind]) for kind in opcode.immediates)


@given(st.lists(any_instruction(), max_size=20))
def test_instructions_round_trip(wanted: list[tuple[Opcode, tuple[Immediate, ...]]]):
    body = b"\0" + b"".join(encode(opcode, *immediates) for opcode, immediates in wanted)
    found = list(instructions(body))
    assert [(i.opcode, i.immediates) for i in found] == wanted
    assert [i.end for i in found[:-1]] == [i.offset for i in found[1:]]


@given(
    st.sampled_from(PROFILES),
    st.integers(0, 1 << 28),
    st.integers(0, 1 << 28),
    st.integers(0, 12).map(lambda power: 1 << power),
    st.integers(0, 1 << 24),
)
def test_regions_are_aligned_apart_and_inside(
    profile: str, constant_bytes: int, data_bytes: int, alignment: int, stack_bytes: int
):
    layout = lay_out(
        profile,
        (),
        constant_bytes=constant_bytes,
        data_bytes=data_bytes,
        data_alignment=alignment,
        stack_bytes=stack_bytes,
    )
    local = sorted((layout.data, layout.stack), key=lambda region: (region.base, region.end))
    assert local[0].end <= local[1].base
    assert layout.data.base % alignment == layout.stack.end % 16 == layout.heap_base % 65536 == 0
    assert layout.stack.size_bytes >= stack_bytes
    pages = [memory.min_pages * 65536 for memory in layout.memories]
    assert max(region.end for region in local) <= pages[layout.local_memory]
    assert layout.constants.end <= pages[layout.constant_memory]
    if len(layout.memories) == 1:
        assert 65536 <= local[0].base <= local[1].end <= layout.constants.base <= layout.constants.end
        assert local[1].end <= layout.heap_base <= pages[0]
