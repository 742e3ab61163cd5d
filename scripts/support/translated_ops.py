"""Dialects that the input phase replaces: StableHLO, CHLO, TOSA; by the lists of ops that its passes have."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import cast

from xdsl.ir import Operation

from scripts.support.element_types import kinds
from scripts.support.markdown import paragraph, short_name, summary, table, title
from zellige.compiler.options import CompileOptions
from zellige.compiler.phases import phases
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.universe import known_passes, load_dialect
from zellige.passes.input.stablehlo_scalars import FUNCTIONS

DIALECTS = {"stablehlo": "StableHLO", "chlo": "CHLO", "tosa": "TOSA", "shape": "Shape"}


def passes() -> list[ModuleType]:
    """The modules of all passes, in order."""
    known = known_passes()
    pipelines = [Pipeline.parse(phase.pipeline, known) for phase in phases(CompileOptions())]
    modules = [sys.modules[type(found).__module__] for pipeline in pipelines for found in pipeline.passes]
    return list(dict.fromkeys(modules))


def handled(module: ModuleType) -> tuple[type[Operation], ...]:
    """The ops that a pass replaces; nothing for a pass that has no such list."""
    return cast("tuple[type[Operation], ...]", getattr(module, "HANDLED_OPS", ()))


def section(dialect: str) -> str:
    """All ops of a dialect: by the pass that replaces them, then those that none does."""
    parts = [f"## {DIALECTS[dialect]}\n"]
    left = {op.name: op for op in load_dialect(dialect).operations}
    for module in passes():
        found = [op for op in handled(module) if left.pop(op.name, None)]
        if found:
            parts += [_table(module, found)]
    if left:
        listed = ", ".join(map(short_name, left.values()))
        parts += ["### Not supported\n", f"Read, and refused where they stand: {listed}.\n"]
    return "\n".join(parts)


def _table(module: ModuleType, ops: Sequence[type[Operation]]) -> str:
    name, does = title(module)
    parts = [f"### {name}\n", f"{does}\n"]
    if leaves := paragraph(module, "Leaves"):
        parts += [f"Refused: {leaves}\n"]
    rows = [(short_name(op), kinds(FUNCTIONS.get(op, {})), summary(op)) for op in ops]
    return "\n".join([*parts, table(["op", "types", ""], sorted(rows))])


def refusals() -> str:
    """What passes refuse of ops that are supported as such."""
    rows = [(title(module)[0], paragraph(module, "Fails")) for module in passes()]
    kept = [(f"`{name}`", fails) for name, fails in rows if fails and not name.startswith("check-")]
    return "\n".join(["## Refused by passes\n", table(["pass", "fails"], kept)])
