"""All random nodes, and how often each family comes."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.onnx_growing import Growing
from tests.fuzz.onnx_nodes import (
    contractions,
    control,
    elementwise,
    indexing,
    movement,
    quantized,
    recurrent,
    reductions,
    windows,
)

FAMILIES: dict[str, dict[Callable[[Growing], None], int]] = {
    "elementwise": elementwise.FAMILY,
    "reductions": reductions.FAMILY,
    "movement": movement.FAMILY,
    "indexing": indexing.FAMILY,
    "contractions": contractions.FAMILY,
    "windows": windows.FAMILY,
    "quantized": quantized.FAMILY,
    "recurrent": recurrent.FAMILY,
    "control": control.FAMILY,
}
WEIGHTS = {
    "elementwise": 8,
    "movement": 7,
    "reductions": 5,
    "indexing": 3,
    "contractions": 4,
    "windows": 4,
    "quantized": 2,
    "recurrent": 1,
    "control": 2,
}


def grow(graph: Growing) -> None:
    """Add a node of a random family, or none where the oracle refuses what came up."""
    family = FAMILIES[graph.choice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]]
    graph.choice.choices(list(family), list(family.values()))[0](graph)
