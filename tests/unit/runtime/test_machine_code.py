"""Machine code in executable pages, called through ctypes."""

from __future__ import annotations

import ctypes
import gc
import mmap
import platform
from pathlib import Path

import pytest

from zellige.runtime import machine_code
from zellige.runtime.machine_code import MachineCode
from zellige.support.errors import RuntimeTrap

RETURN_7 = bytes.fromhex("b807000000 c3")  # mov eax, 7; ret
ADD = bytes.fromhex("8d0437 c3")  # lea eax, [rdi + rsi]; ret

pytestmark = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="machine code of x86_64")


def test_pieces_run() -> None:
    code = MachineCode([RETURN_7, ADD, RETURN_7 * 100])
    assert ctypes.CFUNCTYPE(ctypes.c_int)(code.addresses[0])() == 7
    assert ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int)(code.addresses[1])(20, 22) == 42
    assert [address % machine_code.ALIGNMENT_BYTES for address in code.addresses] == [0, 0, 0]


def test_there_may_be_no_piece() -> None:
    assert MachineCode([]).addresses == ()


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")
def test_pages_are_never_writable_and_executable_and_go_with_the_object() -> None:
    code = MachineCode([RETURN_7 * 5000])
    address = code.addresses[0]
    assert permissions(address) == "r-xp"
    del code
    gc.collect()
    assert permissions(address) != "r-xp"


def permissions(address: int) -> str | None:
    """Those of the pages at an address, None where there are none."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        pages, words = line.split()[:2]
        start, end = pages.split("-")
        if int(start, 16) <= address < int(end, 16):
            return words
    return None


class Forbidding:
    """A C library whose `mprotect` refuses."""

    def mprotect(self, *_: object) -> int:
        ctypes.set_errno(13)
        return -1


def test_a_system_that_forbids_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def library(_: None, *, use_errno: bool) -> Forbidding:
        assert use_errno
        return Forbidding()

    monkeypatch.setattr(ctypes, "CDLL", library)
    with pytest.raises(RuntimeTrap, match="does not make memory executable: permission denied") as caught:
        MachineCode([RETURN_7])
    assert caught.value.code == "specialize"


def test_a_system_without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(mmap, "mmap", refuse)
    with pytest.raises(RuntimeTrap, match="no memory for 6 bytes of it: cannot allocate memory") as caught:
        MachineCode([RETURN_7])
    assert caught.value.code == "specialize"


def test_another_architecture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(RuntimeTrap, match="on riscv64, expected a Unix on x86_64"):
        MachineCode([RETURN_7])
