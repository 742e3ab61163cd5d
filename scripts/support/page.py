"""The page as a whole."""

from __future__ import annotations

from pathlib import Path

from scripts.support import linalg_ops, onnx_operators, scalar_ops, translated_ops
from scripts.support.element_types import refused, supported
from scripts.support.markdown import names, table

PATH = Path(__file__).parents[2] / "docs" / "support.md"

_TITLE = """\
# What is supported

Written by `python -m scripts.support` from the tables of the code: do not edit. What is not here is refused by its
name, all of it at once, before anything is compiled.

"""

_TYPES = """\
## Element types

Floats of 8 and 16 bits are stored as such and computed with in f32. StableHLO tells signed integers (`i8`) from
unsigned ones (`ui8`); other dialects have ops for either.
"""


def page() -> str:
    """The text of `docs/support.md`."""
    rows = [(group, names(elements)) for group, elements in supported().items() if group != "`i1`"]
    types = [_TYPES, table(["", "types"], [*rows, ("boolean", "`i1`")]), f"Refused: {names(refused())}.\n"]
    sections = [
        "\n".join(types),
        linalg_ops.section(),
        scalar_ops.section(),
        *(translated_ops.section(dialect) for dialect in translated_ops.DIALECTS),
        onnx_operators.section(),
        translated_ops.refusals(),
    ]
    return _TITLE + "\n".join(sections)
