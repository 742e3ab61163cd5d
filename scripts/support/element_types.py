"""Element types: which the compiler takes, and sets of them in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from xdsl.ir import Attribute
from xdsl.parser import Parser

from zellige.compiler.driver import lower
from zellige.compiler.options import CompileOptions
from zellige.compiler.universe import context
from zellige.dialects.stablehlo.element_kinds import Kind
from zellige.support.errors import CompileError

_FLOATS = (
    "f64 f32 f16 bf16 tf32 f80 f128 f8E3M4 f8E4M3 f8E4M3FN f8E4M3FNUZ f8E4M3B11FNUZ f8E5M2 f8E5M2FNUZ f8E8M0FNU "
    "f6E2M3FN f6E3M2FN f4E2M1FN"
)
_ASKED = {
    "float": _FLOATS.split(),
    "`i1`": ["i1"],
    "integer": ["i2", "i4", "i8", "i16", "i32", "i64", "i128"],
    "unsigned": ["ui2", "ui4", "ui8", "ui16", "ui32", "ui64"],
    "index": ["index"],
    "complex": ["complex<f32>", "complex<f64>"],
}


def _is_taken(element: str) -> bool:
    """Whether a function of tensors of this type gets through the input phase."""
    type_ = f"tensor<4x{element}>"
    text = f"func.func @f(%x: {type_}) -> {type_} {{\n  func.return %x : {type_}\n}}"
    try:
        lower(text, CompileOptions(), last="input")
    except CompileError:
        return False
    return True


@cache
def supported() -> Mapping[str, tuple[str, ...]]:
    """The types of each group that a program may have in tensors."""
    return {group: tuple(element for element in asked if _is_taken(element)) for group, asked in _ASKED.items()}


@cache
def _attributes() -> Mapping[str, tuple[Attribute, ...]]:
    """The types without signs as attributes."""
    known = context()
    return {
        group: tuple(Parser(known, element).parse_type() for element in elements)
        for group, elements in supported().items()
        if group != "unsigned"
    }


def words(accepts: Callable[[Attribute], bool]) -> str:
    """The types that are accepted: groups of which all are, and single types."""
    found: list[str] = []
    for group, elements in _attributes().items():
        accepted = [element for element in elements if accepts(element)]
        found += [group] if len(accepted) == len(elements) else [f"`{element}`" for element in accepted]
    return ", ".join(found)


def refused() -> tuple[str, ...]:
    """The types that are asked about and not supported."""
    return tuple(e for group, asked in _ASKED.items() for e in asked if e not in supported()[group])


_KINDS = {
    Kind.FLOAT: "float",
    Kind.BOOLEAN: "`i1`",
    Kind.SIGNED: "signed",
    Kind.UNSIGNED: "unsigned",
    Kind.COMPLEX: "complex",
}


def kinds(functions: Mapping[Kind, object]) -> str:
    """The kinds of elements that a table of scalars has functions for."""
    found = ", ".join(word for kind, word in _KINDS.items() if kind in functions)
    return found.replace("signed, unsigned", "integer")
