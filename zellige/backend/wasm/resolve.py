"""Symbols across objects: what each name means, the same for all who use it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zellige.backend.wasm.access import ACCESS_PREFIX, Access, parse_access
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.objects import ObjectFile, Symbol
from zellige.backend.wasm.types import FunctionType, GlobalType

CONSTANTS = "__zellige_constants"
LINKER_DATA = frozenset({CONSTANTS, "__data_end", "__heap_base"})
"""Data symbols that the linker defines."""

STACK_POINTER = "__stack_pointer"
FUNCTION_TABLE = "__indirect_function_table"


@dataclass(frozen=True, slots=True, order=True)
class Function:
    """A defined function, by position of its object and among the defined functions there."""

    object: int
    index: int


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A data segment, by position of its object and in it."""

    object: int
    index: int


@dataclass(frozen=True, slots=True)
class Address:
    """A byte of a data segment."""

    segment: Segment
    offset: int


@dataclass(frozen=True, slots=True, order=True)
class Variable:
    """A defined wasm global, by position of its object and among the defined globals there."""

    object: int
    index: int


@dataclass(frozen=True, slots=True)
class LinkerSymbol:
    """Data, the stack pointer or the function table, which the linker itself makes."""

    name: str


@dataclass(frozen=True, slots=True)
class Absent:
    """Data that is declared weak and defined nowhere: its address is null."""


Target = Function | Address | Variable | LinkerSymbol | Absent | Access


class Resolver:
    """The meaning of each symbol of each object.

    A strong definition stands before weak ones, and the first weak one before the others; of comdat groups with one
    name the first is kept. Raises `LinkError` for a second strong definition.
    """

    def __init__(self, objects: Sequence[ObjectFile]) -> None:
        self._objects = objects
        self._dropped = _dropped_comdat_members(objects)
        self._definitions: dict[str, tuple[int, Symbol]] = {}
        for position, file in enumerate(objects):
            for symbol in file.symbols:
                if self._is_definition(position, symbol) and not symbol.is_local:
                    self._define(position, symbol)
        self._targets: dict[tuple[int, int], Target] = {}

    def function(self, name: str, role: str) -> Function:
        """The function of this name, which is an `export`, say. Raises `LinkError` when no object defines it."""
        found = self._definitions.get(name)
        if found is None or found[1].kind != "function":
            what = "not defined by any object" if found is None else f"{found[1].kind}, expected a function"
            raise LinkError(f"{role} '{name}' is {what}", symbol=name)
        target = self._defined(*found)
        assert isinstance(target, Function)
        return target

    def target(self, position: int, index: int) -> Target:
        """What symbol `index` of object `position` means.

        Raises `LinkError` when it is undefined, or declared differently from its definition.
        """
        key = position, index
        target = self._targets.get(key)
        if target is None:
            target = self._targets[key] = self._resolve(position, self._objects[position].symbols[index])
        return target

    def init_functions(self) -> Iterator[Function]:
        """The functions to call at the start, in their order. Raises `LinkError` for one with parameters or results."""
        found = [
            (init.priority, position, init.symbol)
            for position, file in enumerate(self._objects)
            for init in file.init_functions
        ]
        for _, position, index in sorted(found, key=lambda entry: entry[0]):
            target = self.target(position, index)
            file = self._objects[position]
            symbol = file.symbols[index]
            if not isinstance(target, Function) or file.functions[symbol.index] != FunctionType((), ()):
                raise LinkError(
                    f"'{symbol.name}' cannot run at the start: expected a defined function () -> ()",
                    object_name=file.name,
                    symbol=symbol.name,
                )
            yield target

    def _is_definition(self, position: int, symbol: Symbol) -> bool:
        return symbol.is_defined and (symbol.kind, symbol.index) not in self._dropped[position]

    def _define(self, position: int, symbol: Symbol) -> None:
        other = self._definitions.get(symbol.name)
        if other is None or (other[1].is_weak and not symbol.is_weak):
            self._definitions[symbol.name] = position, symbol
        elif not other[1].is_weak and not symbol.is_weak:
            raise LinkError(
                f"'{symbol.name}' is already defined by {self._objects[other[0]].name}",
                object_name=self._objects[position].name,
                symbol=symbol.name,
            )

    def _resolve(self, position: int, symbol: Symbol) -> Target:
        if symbol.is_local and self._is_definition(position, symbol):
            return self._defined(position, symbol)
        found = self._definitions.get(symbol.name)
        if found is None:
            return self._undefined(position, symbol)
        self._check_agreement(position, symbol, *found)
        return self._defined(*found)

    def _defined(self, position: int, symbol: Symbol) -> Target:
        file = self._objects[position]
        match symbol.kind:
            case "function":
                return Function(position, symbol.index - file.imported_functions)
            case "data":
                return Address(Segment(position, symbol.index), symbol.offset)
            case "global":
                return Variable(position, symbol.index - file.imported_globals)
            case "section" | "table":
                raise LinkError(
                    f"'{symbol.name}' is a {symbol.kind} that the object defines, not supported",
                    object_name=file.name,
                    symbol=symbol.name,
                )

    def _undefined(self, position: int, symbol: Symbol) -> Target:
        file, name = self._objects[position], symbol.name
        match symbol.kind:
            case "function" if name.startswith(ACCESS_PREFIX):
                return self._access(file, symbol)
            case "data" if name in LINKER_DATA:
                return LinkerSymbol(name)
            case "data" if symbol.is_weak:
                return Absent()
            case "table" if name == FUNCTION_TABLE:
                return LinkerSymbol(name)
            case "global" if name == STACK_POINTER:
                if file.module.globals[symbol.index] != GlobalType("i32", mutable=True):
                    raise LinkError(f"'{name}' must be a mutable i32", object_name=file.name, symbol=name)
                return LinkerSymbol(name)
            case _:
                raise LinkError(f"undefined {symbol.kind} '{name}'", object_name=file.name, symbol=name)

    def _access(self, file: ObjectFile, symbol: Symbol) -> Access:
        try:
            access = parse_access(symbol.name)
        except LinkError as cause:
            raise LinkError(cause.message, object_name=file.name, symbol=symbol.name) from None
        declared = file.functions[symbol.index]
        if declared != access.signature:
            raise LinkError(
                f"'{symbol.name}' is declared {declared}, the instruction is {access.signature}",
                object_name=file.name,
                symbol=symbol.name,
            )
        return access

    def _check_agreement(self, position: int, symbol: Symbol, other: int, definition: Symbol) -> None:
        used, defined = self._type(position, symbol), self._type(other, definition)
        if used != defined:
            raise LinkError(
                f"'{symbol.name}' is declared as {used}, but {self._objects[other].name} defines {defined}",
                object_name=self._objects[position].name,
                symbol=symbol.name,
            )

    def _type(self, position: int, symbol: Symbol) -> str:
        file = self._objects[position]
        match symbol.kind:
            case "function":
                return f"function {file.functions[symbol.index]}"
            case "global":
                return f"global {file.module.globals[symbol.index]}"
            case _:
                return symbol.kind


def _dropped_comdat_members(objects: Sequence[ObjectFile]) -> list[frozenset[tuple[str, int]]]:
    """For each object, kind and index of what belongs to a comdat group that an earlier object has."""
    seen: set[str] = set()
    dropped: list[frozenset[tuple[str, int]]] = []
    for file in objects:
        members: set[tuple[str, int]] = set()
        for comdat in file.comdats:
            if comdat.name in seen:
                members.update(("function", index) for index in comdat.functions)
                members.update(("data", index) for index in comdat.segments)
        seen.update(comdat.name for comdat in file.comdats)
        dropped.append(frozenset(members))
    return dropped
