"""Flat code: what it refers to is in it, wherever it stands."""

from __future__ import annotations

import ctypes
import struct

import pytest

from tests.native_calls import BASELINE, on_x86_64
from zellige.backend.llvm.flat_code import FlatCode, flatten
from zellige.backend.llvm.native_objects import HostMachine, emit_native_object
from zellige.runtime.machine_code import MachineCode
from zellige.support.errors import CompilerBug

AARCH64 = HostMachine("aarch64-unknown-linux-gnu", "generic", (), 128)

TABLE = """
@table = internal constant [5 x i32] [i32 3, i32 1, i32 4, i32 1, i32 5], align 64
define i32 @entry(i32 %i) {
  %wide = zext i32 %i to i64
  %p = getelementptr [5 x i32], ptr @table, i64 0, i64 %wide
  %v = load i32, ptr %p
  ret i32 %v
}
"""
NUMBERS = struct.pack("<5i", 3, 1, 4, 1, 5)

SWITCH = """
define internal i32 @callee(i32 %i) noinline {
  %r = mul i32 %i, 1000
  ret i32 %r
}
define i32 @entry(i32 %i) {
start:
  switch i32 %i, label %other [i32 0, label %a  i32 1, label %b  i32 2, label %c  i32 3, label %d  i32 4, label %e]
a:
  %va = call i32 @callee(i32 7)
  ret i32 %va
b:
  %vb = mul i32 %i, %i
  ret i32 %vb
c:
  %vc = call i32 @callee(i32 %i)
  ret i32 %vc
d:
  %vd = sdiv i32 100, %i
  ret i32 %vd
e:
  %ve = xor i32 %i, -1
  ret i32 %ve
other:
  ret i32 -9
}
"""


def flat(text: str, host: HostMachine = BASELINE) -> FlatCode:
    return flatten(emit_native_object(text, host), "entry")


@on_x86_64
@pytest.mark.parametrize("before", [b"", bytes(64), bytes(4096 - 64)])
@pytest.mark.parametrize(("text", "expected"), [(TABLE, [3, 1, 4, 1, 5]), (SWITCH, [7000, 1, 2000, 33, -5, -9])])
def test_runs_wherever_it_stands(before: bytes, text: str, expected: list[int]) -> None:
    """A table, a jump table, a call: each is found by its distance."""
    code = flat(text)
    pages = MachineCode([before, code.code])
    function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_int32)(pages.addresses[1] + code.entry_offset)
    assert [function(number) for number in range(len(expected))] == expected


def signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def test_aarch64_addresses_are_distances() -> None:
    """`adrp` and what adds the rest become `adr` (op = 0, immlo in bits 29 and 30, immhi from bit 5), and adding 0."""
    code = flat(TABLE, AARCH64)
    words = list(enumerate(struct.unpack(f"<{code.code.index(NUMBERS) // 4}I", code.code[: code.code.index(NUMBERS)])))
    assert not [word for _, word in words if word & 0x9F000000 == 0x90000000], "an adrp is left"
    adr = [(4 * n, word) for n, word in words if word & 0x9F000000 == 0x10000000]
    assert len(adr) == 1
    place, word = adr[0]
    distance = signed((word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3, 21)
    assert code.code[place + distance : place + distance + len(NUMBERS)] == NUMBERS
    added = [word for _, word in words if word & 0xFFC00000 == 0x91000000]
    assert [word >> 10 & 0xFFF for word in added] == [0]


def test_aarch64_calls() -> None:
    """`bl` (bits 26 to 31 are 100101) counts in instructions from where it stands."""
    code = flat(
        """
        define internal i32 @callee(i32 %i) noinline {
          %r = mul i32 %i, 1000
          ret i32 %r
        }
        define i32 @entry(i32 %i) {
          %a = call i32 @callee(i32 %i)
          %b = add i32 %a, 1
          ret i32 %b
        }
        """,
        AARCH64,
    )
    words = struct.unpack(f"<{len(code.code) // 4}I", code.code)
    calls = [4 * n + 4 * signed(word & 0x3FFFFFF, 26) for n, word in enumerate(words) if word >> 26 == 0b100101]
    assert calls == [0]
    assert code.entry_offset > 0


@pytest.mark.parametrize("host", [BASELINE, AARCH64])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "declare float @sinf(float)\ndefine float @entry(float %x) {\n %y = call float @sinf(float %x)\n"
            " ret float %y\n}",
            "native code needs 'sinf', expected code that needs nothing outside itself",
        ),
        (
            "define float @entry(float %x, float %y) {\n %z = frem float %x, %y\n ret float %z\n}",
            "native code needs 'fmodf', expected code that needs nothing outside itself",
        ),
        (
            "@state = global i32 5\ndefine i32 @entry() {\n %x = load i32, ptr @state\n ret i32 %x\n}",
            "native code has a section '.data' to write to, expected none",
        ),
        (
            '@big = internal constant [4 x i8] c"abcd", align 128\ndefine i8 @entry(i64 %i) {\n'
            " %p = getelementptr i8, ptr @big, i64 %i\n %x = load i8, ptr %p\n ret i8 %x\n}",
            "needs alignment 128, code has 64",
        ),
    ],
)
def test_code_that_needs_something_else(host: HostMachine, text: str, message: str) -> None:
    with pytest.raises(CompilerBug) as caught:
        flat(text, host)
    assert message in caught.value.message
