"""The relocations of the WebAssembly tool conventions as a table: those of static 32-bit code, and names for others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class RelocationKind:
    """`field` is the encoding of the value: unsigned or signed LEB128 of 5 bytes, or 4 bytes little-endian.

    `target` is what the relocation's index names: a type, or a symbol of this kind.
    """

    name: str
    field: Literal["leb", "sleb", "i32"]
    target: Literal["function", "data", "type", "global", "section", "table"]
    has_addend: bool = False

    @property
    def width(self) -> int:
        return 4 if self.field == "i32" else 5


FUNCTION_INDEX_LEB = RelocationKind("FUNCTION_INDEX_LEB", "leb", "function")
TABLE_INDEX_SLEB = RelocationKind("TABLE_INDEX_SLEB", "sleb", "function")
TABLE_INDEX_I32 = RelocationKind("TABLE_INDEX_I32", "i32", "function")
MEMORY_ADDR_LEB = RelocationKind("MEMORY_ADDR_LEB", "leb", "data", has_addend=True)
MEMORY_ADDR_SLEB = RelocationKind("MEMORY_ADDR_SLEB", "sleb", "data", has_addend=True)
MEMORY_ADDR_I32 = RelocationKind("MEMORY_ADDR_I32", "i32", "data", has_addend=True)
TYPE_INDEX_LEB = RelocationKind("TYPE_INDEX_LEB", "leb", "type")
GLOBAL_INDEX_LEB = RelocationKind("GLOBAL_INDEX_LEB", "leb", "global")
FUNCTION_OFFSET_I32 = RelocationKind("FUNCTION_OFFSET_I32", "i32", "function", has_addend=True)
SECTION_OFFSET_I32 = RelocationKind("SECTION_OFFSET_I32", "i32", "section", has_addend=True)
GLOBAL_INDEX_I32 = RelocationKind("GLOBAL_INDEX_I32", "i32", "global")
TABLE_NUMBER_LEB = RelocationKind("TABLE_NUMBER_LEB", "leb", "table")
MEMORY_ADDR_LOCREL_I32 = RelocationKind("MEMORY_ADDR_LOCREL_I32", "i32", "data", has_addend=True)
FUNCTION_INDEX_I32 = RelocationKind("FUNCTION_INDEX_I32", "i32", "function")

RELOCATION_KINDS: Mapping[int, RelocationKind] = MappingProxyType(
    {
        0: FUNCTION_INDEX_LEB,
        1: TABLE_INDEX_SLEB,
        2: TABLE_INDEX_I32,
        3: MEMORY_ADDR_LEB,
        4: MEMORY_ADDR_SLEB,
        5: MEMORY_ADDR_I32,
        6: TYPE_INDEX_LEB,
        7: GLOBAL_INDEX_LEB,
        8: FUNCTION_OFFSET_I32,
        9: SECTION_OFFSET_I32,
        13: GLOBAL_INDEX_I32,
        20: TABLE_NUMBER_LEB,
        23: MEMORY_ADDR_LOCREL_I32,
        26: FUNCTION_INDEX_I32,
    }
)
"""By code."""

UNSUPPORTED_RELOCATIONS: Mapping[int, str] = MappingProxyType(
    {
        10: "TAG_INDEX_LEB (exceptions)",
        11: "MEMORY_ADDR_REL_SLEB (position-independent code)",
        12: "TABLE_INDEX_REL_SLEB (position-independent code)",
        14: "MEMORY_ADDR_LEB64 (64-bit memory)",
        15: "MEMORY_ADDR_SLEB64 (64-bit memory)",
        16: "MEMORY_ADDR_I64 (64-bit memory)",
        17: "MEMORY_ADDR_REL_SLEB64 (64-bit memory)",
        18: "TABLE_INDEX_SLEB64 (64-bit memory)",
        19: "TABLE_INDEX_I64 (64-bit memory)",
        21: "MEMORY_ADDR_TLS_SLEB (thread-local data)",
        22: "FUNCTION_OFFSET_I64 (64-bit memory)",
        24: "TABLE_INDEX_REL_SLEB64 (64-bit memory)",
        25: "MEMORY_ADDR_TLS_SLEB64 (thread-local data)",
    }
)
"""Code -> name, with what it is for."""
