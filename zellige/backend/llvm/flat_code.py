"""An ELF object as one piece of machine code that runs wherever it stands, at a multiple of 64.

The functions come first, then the constants that they read, and places that refer to others are resolved. On aarch64
the address of a constant is that of its page (`adrp`) and what an instruction adds to it, which would need code at a
multiple of the page size. As all is near, `adrp` becomes `adr`, which gives the whole address, and nothing is left
to add.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Any, cast

from elftools.elf.elffile import ELFFile as _ELFFile

from zellige.support.errors import CompilerBug

ELFFile = cast("Any", _ELFFile)

ALIGNMENT_BYTES = 64

_SHF_WRITE, _SHF_ALLOC, _SHF_EXECINSTR = 1, 2, 4
_UNWINDING = ".eh_frame"
"""For debuggers and exceptions; native code neither throws nor is thrown through."""


@dataclass(frozen=True)
class FlatCode:
    """Machine code and the offset of its entry."""

    code: bytes
    entry_offset: int


def flatten(content: bytes, entry: str) -> FlatCode:
    """The code of an ELF object that needs nothing outside itself, with the function `entry`.

    Raises `CompilerBug` where it does: an undefined symbol, memory to write to, a relocation that holds an address.
    """
    return _Object(ELFFile(BytesIO(content))).flatten(entry)


class _Object:
    def __init__(self, elf: Any) -> None:
        self._elf = elf
        self._symbols: list[Any] = list(elf.get_section_by_name(".symtab").iter_symbols())
        self._offsets: dict[int, int] = {}
        self._code = bytearray()

    def flatten(self, entry: str) -> FlatCode:
        for symbol in self._symbols[1:]:
            if symbol["st_shndx"] == "SHN_UNDEF":
                raise CompilerBug(f"native code needs '{symbol.name}', expected code that needs nothing outside itself")
        for index, section in self._loaded():
            self._place(index, section)
        relocate = _RELOCATIONS[self._elf.get_machine_arch()]
        for section in self._elf.iter_sections():
            if section["sh_type"] == "SHT_RELA" and section["sh_info"] in self._offsets:
                for relocation in section.iter_relocations():
                    self._relocate(relocate, self._offsets[section["sh_info"]], relocation)
        found = next(symbol for symbol in self._symbols if symbol.name == entry)
        return FlatCode(bytes(self._code), self._address(found))

    def _loaded(self) -> Iterator[tuple[int, Any]]:
        """Sections that are there when the program runs, code first."""
        sections = [
            (index, section)
            for index, section in enumerate(self._elf.iter_sections())
            if section["sh_flags"] & _SHF_ALLOC and section["sh_size"] and section.name != _UNWINDING
        ]
        return iter(sorted(sections, key=lambda item: not item[1]["sh_flags"] & _SHF_EXECINSTR))

    def _place(self, index: int, section: Any) -> None:
        if section["sh_flags"] & _SHF_WRITE:
            raise CompilerBug(f"native code has a section '{section.name}' to write to, expected none")
        alignment: int = max(1, section["sh_addralign"])
        if alignment > ALIGNMENT_BYTES:
            raise CompilerBug(f"section '{section.name}' needs alignment {alignment}, code has {ALIGNMENT_BYTES}")
        self._code.extend(bytes(-len(self._code) % alignment))
        self._offsets[index] = len(self._code)
        self._code.extend(section.data())

    def _address(self, symbol: Any) -> int:
        section: int = symbol["st_shndx"]
        if section not in self._offsets:
            raise CompilerBug(f"'{symbol.name}' stands in section {section}, which is not part of the code")
        return self._offsets[section] + cast("int", symbol["st_value"])

    def _relocate(self, relocate: Relocate, start: int, relocation: Any) -> None:
        place: int = start + relocation["r_offset"]
        target = self._address(self._symbols[relocation["r_info_sym"]]) + cast("int", relocation["r_addend"])
        relocate(self._code, relocation["r_info_type"], place, target)


Relocate = Callable[[bytearray, int, int, int], None]
"""Make the field at a place refer to a target: code, type of the relocation, place, target."""


def _relocate_x86_64(code: bytearray, kind: int, place: int, target: int) -> None:
    match kind:
        case 2 | 4:  # R_X86_64_PC32, R_X86_64_PLT32
            struct.pack_into("<i", code, place, target - place)
        case 24:  # R_X86_64_PC64
            struct.pack_into("<q", code, place, target - place)
        case _:
            raise CompilerBug(f"unknown relocation {kind} for x86-64 in native code")


def _relocate_aarch64(code: bytearray, kind: int, place: int, target: int) -> None:
    distance = target - place
    match kind:
        case 261:  # R_AARCH64_PREL32
            struct.pack_into("<i", code, place, distance)
        case 260:  # R_AARCH64_PREL64
            struct.pack_into("<q", code, place, distance)
        case 274 | 275:  # R_AARCH64_ADR_PREL_LO21, R_AARCH64_ADR_PREL_PG_HI21
            _check_reach(distance, 21)
            low, high = distance & 3, distance >> 2 & 0x7FFFF
            _patch(code, place, 0xE0FFFFE0, low << 29 | high << 5)
        case 277 | 278 | 284 | 285 | 286 | 299:  # R_AARCH64_{ADD_ABS,LDST8_ABS,…,LDST128_ABS}_LO12_NC
            _patch(code, place, 0xFFF << 10, 0)
        case 282 | 283:  # R_AARCH64_JUMP26, R_AARCH64_CALL26
            _check_reach(distance, 28)
            _patch(code, place, 0x3FFFFFF, distance >> 2 & 0x3FFFFFF)
        case _:
            raise CompilerBug(f"unknown relocation {kind} for aarch64 in native code")


def _check_reach(distance: int, bits: int) -> None:
    if not -(1 << bits - 1) <= distance < 1 << bits - 1:
        raise CompilerBug(f"native code refers to what is {distance} bytes away, expected a number of {bits} bits")


def _patch(code: bytearray, place: int, field: int, value: int) -> None:
    """Replace the bits of a field of an instruction."""
    (word,) = struct.unpack_from("<I", code, place)
    struct.pack_into("<I", code, place, word & ~field & 0xFFFFFFFF | value)


_RELOCATIONS: MappingProxyType[str, Relocate] = MappingProxyType(
    {"x64": _relocate_x86_64, "AArch64": _relocate_aarch64}
)
