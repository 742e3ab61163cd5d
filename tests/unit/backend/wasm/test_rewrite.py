"""One body: relocated immediates, and the memory of each access."""

from collections.abc import Mapping

import pytest

from zellige.backend.wasm.access import Access, parse_access
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.instructions import instructions
from zellige.backend.wasm.leb128 import encode_padded
from zellige.backend.wasm.relocation_kinds import (
    FUNCTION_INDEX_LEB,
    GLOBAL_INDEX_LEB,
    MEMORY_ADDR_LEB,
    MEMORY_ADDR_SLEB,
)
from zellige.backend.wasm.rewrite import Patch, rewrite_body

FIELD = encode_padded(0, 5)
LOAD = parse_access("zellige.f32.load.m2.a2")
FILL = parse_access("zellige.memory.fill.m0")


def rewritten(*parts: str | bytes | Patch, local_memory: int = 1) -> list[str]:
    """Bytes in hexadecimal, and a patch for each field; without locals."""
    body = bytearray(b"\0")
    patches: dict[int, Patch] = {}
    for part in parts:
        if isinstance(part, Patch):
            patches[len(body)] = part
            body += FIELD
        else:
            body += bytes.fromhex(part) if isinstance(part, str) else part
    return texts(bytes(body), patches, local_memory)


def texts(body: bytes, patches: Mapping[int, Patch], local_memory: int) -> list[str]:
    return [str(instruction) for instruction in instructions(rewrite_body(body, patches, local_memory))]


def call(target: int | Access) -> Patch:
    return Patch(FUNCTION_INDEX_LEB, target)


def test_a_call_with_its_offset_becomes_the_instruction():
    assert rewritten("2000", "41c000", "10", call(LOAD), "1a0b") == [
        "local.get 0",
        "f32.load memory=2 offset=64 align=4",
        "drop",
        "end",
    ]


def test_an_address_may_be_the_offset():
    assert rewritten("2000", "41", Patch(MEMORY_ADDR_SLEB, 4096), "10", call(LOAD), "1a0b") == [
        "local.get 0",
        "f32.load memory=2 offset=4096 align=4",
        "drop",
        "end",
    ]


def test_an_access_without_offset_keeps_the_constant_before_it():
    assert rewritten("2000", "2000", "4104", "10", call(FILL), "0b")[2:] == ["i32.const 4", "memory.fill 0", "end"]


def test_own_accesses_get_the_local_memory():
    body = (
        "41002802004100",
        "fe100200",
        "fd560200 02",
        "3f00",
        "4000",
        "410041004100fc0b00",
        "410041004100fc0a0000",
        "0b",
    )
    found = [text for text in rewritten(*body) if "const" not in text]
    assert found == [
        "i32.load memory=1 offset=0 align=4",
        "i32.atomic.load memory=1 offset=0 align=4",
        "v128.load32_lane memory=1 offset=0 align=4 2",
        "memory.size 1",
        "memory.grow 1",
        "memory.fill 1",
        "memory.copy 1 1",
        "end",
    ]
    assert "memory=0" in " ".join(rewritten(*body, local_memory=0))


def test_encodings_are_the_shortest():
    body = b"\0\x23" + FIELD + b"\x1a\x0b"
    assert rewrite_body(body, {2: Patch(GLOBAL_INDEX_LEB, 3)}, 1) == bytes.fromhex("0023031a0b")


def test_the_address_of_a_load():
    assert rewritten("4100", "2802", Patch(MEMORY_ADDR_LEB, 1 << 20), "1a0b")[1] == (
        "i32.load memory=1 offset=1048576 align=4"
    )


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            ("2000", "10", call(LOAD), "0b"),
            "expected 'i32.const' with the constant offset before the call of 'f32.load'",
        ),
        (("41c00001", "10", call(LOAD)), "expected 'i32.const' with the constant offset before the call of 'f32.load'"),
        (("417f", "10", call(LOAD)), "the constant offset of 'f32.load' must not be negative, got -1"),
        (("10", FIELD), "the function of 'call' has no relocation"),
        (("d2", call(LOAD)), "the access is used by 'ref.func', expected a call"),
        (("23", call(0)), "relocation FUNCTION_INDEX_LEB is on the global of 'global.get'"),
        (("42", Patch(MEMORY_ADDR_SLEB, 0)), "1 relocations are not on an immediate that they fit"),
        (("410028420200",), "an access of an object is for memory 0, got memory 2"),
        (("410041004100fc0b01",), "an access of an object is for memory 0, got memory 1"),
        (("410041004100fc080000",), "the data of 'memory.init' has no relocation"),
    ],
)
def test_bodies_that_do_not_link(parts: tuple[str | bytes | Patch, ...], message: str):
    with pytest.raises(LinkError) as error:
        rewritten(*parts)
    assert str(error.value) == message
