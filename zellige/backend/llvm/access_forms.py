"""Which wasm instruction moves a value of an LLVM type, and what turns its operand into that type."""

from __future__ import annotations

import re
from dataclasses import dataclass

SIZES_BYTES = {"i8": 1, "i16": 2, "i32": 4, "i64": 8, "float": 4, "double": 8}
NUMBERS = {"i32": "i32", "i64": "i64", "float": "f32", "double": "f64"}
CARRIER = "<16 x i8>"
"""The one type of vectors in calls: a function that stands for an instruction has one signature."""

_VECTOR = re.compile(r"<(\d+) x (\w+)>")


@dataclass(frozen=True)
class AccessForm:
    """`load` gives and `store` takes a value of type `carrier`.

    `unpack` are the LLVM instructions from there to the value's type, one after the other, with `{}` for the operand;
    `pack` are those back. `lane` is the suffix of a store that writes part of a vector.
    """

    size_bytes: int
    load: str
    store: str
    carrier: str
    unpack: tuple[str, ...] = ()
    pack: tuple[str, ...] = ()
    lane: str = ""


def access_form(value_type: str) -> AccessForm | None:
    """The form for a type in LLVM's spelling; None where one instruction does not do."""
    if value_type in NUMBERS:
        number = NUMBERS[value_type]
        return AccessForm(SIZES_BYTES[value_type], f"{number}.load", f"{number}.store", value_type)
    if value_type in ("i8", "i16"):
        bits = value_type[1:]
        return AccessForm(
            SIZES_BYTES[value_type],
            f"i32.load{bits}_u",
            f"i32.store{bits}",
            "i32",
            (f"trunc i32 {{}} to {value_type}",),
            (f"zext {value_type} {{}} to i32",),
        )
    if value_type.startswith("ptr"):
        unpack, pack = (f"inttoptr i32 {{}} to {value_type}",), (f"ptrtoint {value_type} {{}} to i32",)
        return AccessForm(4, "i32.load", "i32.store", "i32", unpack, pack)
    vector = _VECTOR.fullmatch(value_type)
    return None if vector is None else _vector_form(value_type, int(vector[1]), vector[2])


def _vector_form(value_type: str, lanes: int, element: str) -> AccessForm | None:
    if element not in SIZES_BYTES:
        return None
    match lanes * SIZES_BYTES[element]:
        case 16:
            unpack, pack = (), ()
            if value_type != CARRIER:
                unpack, pack = (
                    (f"bitcast {CARRIER} {{}} to {value_type}",),
                    (f"bitcast {value_type} {{}} to {CARRIER}",),
                )
            return AccessForm(16, "v128.load", "v128.store", CARRIER, unpack, pack)
        case 8:
            full = f"<{2 * lanes} x {element}>"
            low = ", ".join(f"i32 {lane}" for lane in range(lanes))
            rest = ", i32 poison" * lanes
            widened = f"shufflevector {value_type} {{}}, {value_type} poison, <{2 * lanes} x i32> <{low}{rest}>"
            return AccessForm(
                8,
                "v128.load64_zero",
                "v128.store64_lane",
                CARRIER,
                low_lanes(value_type),
                (widened, f"bitcast {full} {{}} to {CARRIER}"),
                ".l0",
            )
        case 4:
            unpack, pack = (f"bitcast i32 {{}} to {value_type}",), (f"bitcast {value_type} {{}} to i32",)
            return AccessForm(4, "i32.load", "i32.store", "i32", unpack, pack)
        case 2:
            return AccessForm(
                2,
                "i32.load16_u",
                "i32.store16",
                "i32",
                ("trunc i32 {} to i16", f"bitcast i16 {{}} to {value_type}"),
                (f"bitcast {value_type} {{}} to i16", "zext i16 {} to i32"),
            )
        case _:
            return None


def low_lanes(value_type: str) -> tuple[str, ...]:
    """Instructions from the carrier to a vector of at most 128 bits that its first lanes are."""
    vector = _VECTOR.fullmatch(value_type)
    assert vector is not None, "a vector type"
    lanes, element = int(vector[1]), vector[2]
    all_lanes = 16 // SIZES_BYTES[element]
    full = f"<{all_lanes} x {element}>"
    cast = (f"bitcast {CARRIER} {{}} to {full}",) if full != CARRIER else ()
    if lanes == all_lanes:
        return cast
    low = ", ".join(f"i32 {lane}" for lane in range(lanes))
    return (*cast, f"shufflevector {full} {{}}, {full} poison, <{lanes} x i32> <{low}>")
