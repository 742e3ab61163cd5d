"""Text of the page: tables, lists, what docstrings say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from types import ModuleType

from xdsl.ir import Operation


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table without columns that have nothing but a head."""
    kept = list(rows)
    columns = [i for i in range(len(heads)) if any(row[i] for row in kept)]
    lines = [[heads[i] for i in columns], ["---"] * len(columns)]
    lines += [[row[i].replace("|", "\\|") for i in columns] for row in kept]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def names(values: Iterable[str]) -> str:
    """Names in a sentence."""
    return ", ".join(f"`{value}`" for value in values)


def short_name(op: type[Operation]) -> str:
    """The name of an op as code, without its dialect."""
    return f"`{op.name.partition('.')[2]}`"


def summary(op: type[Operation]) -> str:
    """The first sentence of what an op of ours says of itself; those of xDSL have upstream's meaning."""
    if not op.__module__.startswith("zellige.") or not op.__doc__:
        return ""
    text = _joined(op.__doc__.strip().split("\n\n")[0])
    sentence = re.match(r"(.*?\.)(\s|$)", text)
    found = sentence[1] if sentence else text
    return "" if found.startswith("`") and op.name in found else found


def paragraph(module: ModuleType, label: str) -> str:
    """What the docstring of a module says after `label:`, as one line."""
    lines = (module.__doc__ or "").split("\n")
    for i, line in enumerate(lines):
        if line.startswith(f"{label}:"):
            rest = lines[i + 1 :]
            end = next((j for j, other in enumerate(rest) if not other.startswith(" ")), len(rest))
            return _joined(" ".join([line.partition(":")[2], *rest[:end]]))
    return ""


def title(module: ModuleType) -> tuple[str, str]:
    """The name of a pass, and what it does in a sentence."""
    name, _, text = (module.__doc__ or "").partition("\n")[0].partition(": ")
    return name, text[0].upper() + text[1:]


def _joined(text: str) -> str:
    return " ".join(text.split())
