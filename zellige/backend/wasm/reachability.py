"""What the exports need: the functions, data segments and globals that a module must hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zellige.backend.wasm.objects import ObjectFile, Relocation
from zellige.backend.wasm.relocation_kinds import TABLE_INDEX_I32, TABLE_INDEX_SLEB
from zellige.backend.wasm.resolve import Address, Function, LinkerSymbol, Resolver, Segment, Variable


@dataclass(frozen=True)
class Live:
    """All that is needed, in the order of the objects. `addressed` are the functions whose address is taken."""

    functions: tuple[Function, ...]
    segments: tuple[Segment, ...]
    variables: tuple[Variable, ...]
    addressed: tuple[Function, ...]
    linker_symbols: frozenset[str]


def find_live(objects: Sequence[ObjectFile], resolver: Resolver, roots: Iterable[Function]) -> Live:
    """Follow relocations from the roots. Raises `LinkError` for a symbol that is needed and has no meaning."""
    live: set[Function | Segment | Variable] = set()
    addressed: set[Function] = set()
    linker_symbols: set[str] = set()
    waiting: list[Function | Segment | Variable] = []

    def reach(item: Function | Segment | Variable) -> None:
        if item not in live:
            live.add(item)
            waiting.append(item)

    for root in roots:
        reach(root)
    while waiting:
        item = waiting.pop()
        for relocation in _relocations_of(objects, item):
            if relocation.kind.target == "type":
                continue
            match resolver.target(item.object, relocation.index):
                case Address(segment):
                    reach(segment)
                case Function() as function:
                    reach(function)
                    if relocation.kind in {TABLE_INDEX_I32, TABLE_INDEX_SLEB}:
                        addressed.add(function)
                case Variable() as variable:
                    reach(variable)
                case LinkerSymbol(name):
                    linker_symbols.add(name)
                case _:
                    pass
    return Live(
        tuple(sorted(item for item in live if isinstance(item, Function))),
        tuple(sorted(item for item in live if isinstance(item, Segment))),
        tuple(sorted(item for item in live if isinstance(item, Variable))),
        tuple(sorted(addressed)),
        frozenset(linker_symbols),
    )


def _relocations_of(objects: Sequence[ObjectFile], item: Function | Segment | Variable) -> Sequence[Relocation]:
    match item:
        case Function():
            return objects[item.object].code_relocations[item.index]
        case Segment():
            return objects[item.object].data_relocations[item.index]
        case Variable():
            return ()
