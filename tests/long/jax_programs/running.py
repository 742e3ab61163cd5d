"""One program of the table, through JAX and through us."""

from __future__ import annotations

import re
import time
import warnings
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any, cast

import numpy as np

import zellige
from tests.long.jax_programs.case import Case
from tests.long.jax_programs.comparison import disagreement
from zellige.support.errors import CompileError

jax: Any = import_module("jax")

TABLES = (
    "numpy_functions",
    "numpy_arrangements",
    "lax_functions",
    "lax_windows",
    "scipy_functions",
    "random_numbers",
    "transformations",
    "networks",
    "training",
    "open_shapes",
    "refusals",
)


def table(filter_text: str) -> list[tuple[str, Case]]:
    """The cases whose names, which start with that of their table, have the text."""
    found: list[tuple[str, Case]] = []
    for name in TABLES:
        cases = import_module(f"tests.long.jax_programs.{name}").cases()
        named = [(f"{name}/{case.name}", case) for case in cases]
        found += [(full, case) for full, case in named if re.search(filter_text, full)]
    return found


def work(connection: Connection, filter_text: str, start: int) -> None:
    """Run the programs from one on, and send a line for each."""
    for _, case in table(filter_text)[start:]:
        started = time.process_time()
        word, text = outcome(case)
        connection.send((word, text, time.process_time() - started))
        jax.clear_caches()
    connection.close()


def outcome(case: Case) -> tuple[str, str]:
    """A word and what explains it."""
    try:
        with warnings.catch_warnings(), jax.enable_x64(case.wide):
            warnings.simplefilter("ignore")
            text = _disagreement(case)
    except CompileError as error:
        first = str(error).splitlines()[0]
        if case.refused:
            return ("ok", "") if case.refused in str(error) else ("wrong", f"it should say '{case.refused}': {first}")
        return "refused", first
    except Exception as error:  # whatever it is, the next program is worth running
        return "crashed", f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    if case.refused and not text:
        return "wrong", f"it should be refused: {case.refused}"
    return ("wrong", text) if text else ("ok", "")


def _disagreement(case: Case) -> str:
    all_arguments = (case.arguments, *case.more_arguments)
    shapes = case.arguments
    if case.symbols:
        scope = jax.export.SymbolicScope()
        shapes = tuple(
            jax.ShapeDtypeStruct(jax.export.symbolic_shape(symbols, scope=scope), np.asarray(argument).dtype)
            for symbols, argument in zip(case.symbols, case.arguments, strict=True)
        )
    artifact = zellige.from_jax(case.function, *shapes)
    with zellige.load(artifact, cache=False) as program:
        for arguments in all_arguments:
            text = disagreement(_run(program, arguments), _expected(case, arguments))
            if text:
                return text
    return ""


def _run(program: Any, arguments: tuple[Any, ...]) -> list[Any]:
    leaves = [np.asarray(jax.numpy.asarray(leaf)) for leaf in jax.tree.leaves(arguments)]
    returned = program["main"](*leaves)
    results = cast("tuple[Any, ...]", returned) if isinstance(returned, tuple) else (returned,)
    return [np.array(result) for result in results]


def _expected(case: Case, arguments: tuple[Any, ...]) -> list[Any]:
    return [np.asarray(leaf) for leaf in jax.tree.leaves(jax.jit(case.function)(*arguments))]
