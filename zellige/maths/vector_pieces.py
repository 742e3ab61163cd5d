"""How a vector of any shape is cut into vectors that a machine has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Piece:
    """`width` neighbours along the last dimension, from `start` on, at `outer` in the dimensions before it."""

    outer: tuple[int, ...]
    start: int
    width: int


def pieces(shape: Sequence[int], lanes: int) -> tuple[Piece, ...]:
    """Full vectors of `lanes` elements along the last dimension, then powers of two for what is left, row by row."""
    *outer, last = shape
    chunks = [(start, lanes) for start in range(0, last - lanes + 1, lanes)]
    start = len(chunks) * lanes
    while start < last:
        width = 1 << ((last - start).bit_length() - 1)
        chunks.append((start, width))
        start += width
    rows = product(*(range(size) for size in outer))
    return tuple(Piece(row, start, width) for row in rows for start, width in chunks)
