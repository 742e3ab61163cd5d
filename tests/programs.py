"""Text to modules, and passes by name, for tests."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp

from zellige.compiler.universe import context, load_pass
from zellige.support.parsing import parse_module


def parse(text: str) -> ModuleOp:
    """The verified module of an MLIR text."""
    module = parse_module(text, "test.mlir", context())
    module.verify()
    return module


def apply(module: ModuleOp, *names: str) -> ModuleOp:
    """A copy of the module after these passes, each of which leaves it valid."""
    result = module.clone()
    for name in names:
        load_pass(name)().apply(context(), result)
        result.verify()
    return result
