"""Identical code folding: one function for all that have the same type, the same code and the same relocations.

Functions that call each other in the same way are equal too: all functions with equal bytes start in one class, and a
class is split while its members refer to functions of different classes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from zellige.backend.wasm.objects import ObjectFile
from zellige.backend.wasm.reachability import Live
from zellige.backend.wasm.resolve import Function, Resolver


def fold(
    objects: Sequence[ObjectFile], resolver: Resolver, live: Live, alone: Iterable[Function] = ()
) -> Mapping[Function, Function]:
    """Each live function with the one that stands for it, the first of its class.

    A function whose address is taken stays itself, as a program may compare addresses, and so does one of `alone`.
    """
    themselves = {*live.addressed, *alone}
    callees: dict[Function, tuple[Function, ...]] = {}
    classes: dict[Function, int] = {}
    numbers: dict[Hashable, int] = {}
    for function in live.functions:
        file = objects[function.object]
        body = file.module.bodies[function.index].body
        called: list[Function] = []
        shape: list[Hashable] = []
        copied = 0
        for relocation in file.code_relocations[function.index]:
            if relocation.kind.target == "type":
                target: Hashable = file.module.types[relocation.index]
            else:
                target = resolver.target(function.object, relocation.index)
                if isinstance(target, Function):
                    called.append(target)
                    target = None
            shape += (body[copied : relocation.offset], relocation.kind.name, relocation.addend, target)
            copied = relocation.offset + relocation.kind.width
        identity = function if function in themselves else None
        key = (file.functions[file.imported_functions + function.index], tuple(shape), body[copied:], identity)
        callees[function] = tuple(called)
        classes[function] = numbers.setdefault(key, len(numbers))
    classes = _refined(classes, callees)
    first: dict[int, Function] = {}
    return {function: first.setdefault(classes[function], function) for function in live.functions}


def _refined(classes: dict[Function, int], callees: Mapping[Function, tuple[Function, ...]]) -> dict[Function, int]:
    count = len(set(classes.values()))
    while True:
        numbers: dict[Hashable, int] = {}
        split: dict[Function, int] = {}
        for function, number in classes.items():
            key = (number, tuple(classes[callee] for callee in callees[function]))
            split[function] = numbers.setdefault(key, len(numbers))
        if len(numbers) == count:
            return classes
        classes, count = split, len(numbers)
