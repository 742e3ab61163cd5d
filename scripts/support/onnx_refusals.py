"""What an operator of ONNX refuses: the texts of `node.unsupported` in its function and in those that it calls."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache, partial
from types import FunctionType, ModuleType

from zellige.frontends.onnx.nodes import Operator

_OURS = "zellige.frontends.onnx."


def refusals(operator: Operator) -> list[str]:
    """The texts, each once; what a text has of the node is `…`."""
    found: dict[str, None] = {}
    seen: set[FunctionType] = set()
    waiting = list(_functions(operator))
    while waiting:
        function = waiting.pop(0)
        if function in seen or not function.__module__.startswith(_OURS):
            continue
        seen.add(function)
        module = sys.modules[function.__module__]
        definition = _definitions(module).get(function.__name__)
        if definition is None:
            continue
        for inner in ast.walk(definition):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                if inner.func.attr == "unsupported":
                    found[_text(inner.args[0])] = None
            elif isinstance(inner, ast.Name):
                waiting += _functions(getattr(module, inner.id, None))
    return list(found)


def _functions(value: object) -> Iterator[FunctionType]:
    """The functions that a value calls when it is called."""
    if isinstance(value, partial):
        for part in (value.func, *value.args):
            yield from _functions(part)
    elif isinstance(value, FunctionType):
        yield value


@cache
def _definitions(module: ModuleType) -> dict[str, ast.FunctionDef]:
    assert module.__file__ is not None
    with open(module.__file__, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _text(argument: ast.expr) -> str:
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
