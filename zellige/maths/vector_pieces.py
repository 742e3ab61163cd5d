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
    chunks += [(start + offset, width) for offset, width in binary_chunks(last - start)]
    rows = product(*(range(size) for size in outer))
    return tuple(Piece(row, start, width) for row in rows for start, width in chunks)


def binary_chunks(length: int) -> tuple[tuple[int, int], ...]:
    """Start and size of powers of two that make up a length, the largest first.

    A sum adds up each of them by halves, and then the sums: an order that does not depend on the width of vectors.
    """
    chunks: list[tuple[int, int]] = []
    start = 0
    while start < length:
        size = 1 << ((length - start).bit_length() - 1)
        chunks.append((start, size))
        start += size
    return tuple(chunks)


def descending_steps(tile: int) -> tuple[int, ...]:
    """Steps that go through any extent: a tile, then a quarter of the one before where that is whole, the last of 1.

    Of a tile of 16 that is 16, 4 and 1, so that a rest of 15 takes 3 + 3 steps and not 15. Each divides the one before:
    the multiples of it begin where those of the larger one end, and nothing is reached twice.
    """
    steps = [tile]
    while (step := steps[-1]) > 1:
        steps.append(step // 4 if step % 4 == 0 else 1)
    return tuple(steps)
