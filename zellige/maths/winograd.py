"""The matrices of Winograd's minimal filtering, as upstream scales them.

With the weights w of a filter and a piece d of the input, `factor * output @ ((filter @ w) * (input @ d))` is what the
filter gives at as many places as a tile has. Rows are scaled so that the numbers stay small; `factor` undoes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Transforms:
    """The matrices for filters, input and output along one dimension."""

    filter: Matrix
    input: Matrix
    output: Matrix
    factor: float


def transforms(outputs: int, size: int) -> Transforms:
    """Those for tiles of `outputs` of a filter of `size`; (1, 1) changes nothing. Raises `KeyError` for others."""
    filter_, input_, output, factor = _ROWS[outputs, size]
    return Transforms(_matrix(filter_), _matrix(input_), _matrix(output), factor)


def _matrix(rows: _Rows) -> Matrix:
    return np.array(rows, np.float64)


_Rows = tuple[tuple[float, ...], ...]

_ROWS: Mapping[tuple[int, int], tuple[_Rows, _Rows, _Rows, float]] = MappingProxyType(
    {
        (1, 1): (((1,),), ((1,),), ((1,),), 1),
        (2, 3): (
            ((-1, 0, 0), (1 / 2, -1 / 2, 1 / 2), (1 / 2, 1 / 2, 1 / 2), (0, 0, 1)),
            ((-1, 0, 1, 0), (0, -1, 1, 0), (0, 1, 1, 0), (0, -1, 0, 1)),
            ((1, 1, 1, 0), (0, -1, 1, 1)),
            1,
        ),
        (4, 3): (
            (
                (1, 0, 0),
                (-1 / 3, 1 / 3, -1 / 3),
                (-1 / 3, -1 / 3, -1 / 3),
                (1 / 12, -1 / 6, 1 / 3),
                (1 / 12, 1 / 6, 1 / 3),
                (0, 0, 1),
            ),
            (
                (1 / 4, 0, -5 / 16, 0, 1 / 16, 0),
                (0, 1 / 4, -1 / 4, -1 / 16, 1 / 16, 0),
                (0, -1 / 4, -1 / 4, 1 / 16, 1 / 16, 0),
                (0, 1 / 4, -1 / 8, -1 / 4, 1 / 8, 0),
                (0, -1 / 4, -1 / 8, 1 / 4, 1 / 8, 0),
                (0, 1 / 4, 0, -5 / 16, 0, 1 / 16),
            ),
            (
                (1 / 8, 1 / 4, 1 / 4, 1 / 8, 1 / 8, 0),
                (0, -1 / 4, 1 / 4, -1 / 4, 1 / 4, 0),
                (0, 1 / 4, 1 / 4, 1 / 2, 1 / 2, 0),
                (0, -1 / 4, 1 / 4, -1, 1, 1 / 2),
            ),
            32,
        ),
        (2, 5): (
            (
                (1, 0, 0, 0, 0),
                (1 / 6, -1 / 6, 1 / 6, -1 / 6, 1 / 6),
                (-1 / 6, -1 / 6, -1 / 6, -1 / 6, -1 / 6),
                (-4 / 15, 2 / 15, -1 / 15, 1 / 30, -1 / 60),
                (1 / 60, 1 / 30, 1 / 15, 2 / 15, 4 / 15),
                (0, 0, 0, 0, 1),
            ),
            (
                (1 / 8, 3 / 16, -1 / 4, -3 / 16, 1 / 8, 0),
                (0, 1 / 8, 1 / 16, -5 / 16, 1 / 8, 0),
                (0, -1 / 8, -5 / 16, -1 / 16, 1 / 8, 0),
                (0, 1 / 4, -1 / 8, -1 / 4, 1 / 8, 0),
                (0, -1 / 8, -1 / 4, 1 / 8, 1 / 4, 0),
                (0, 1 / 8, 3 / 16, -1 / 4, -3 / 16, 1 / 8),
            ),
            ((1 / 2, 1, 1, 2, 1, 0), (0, -1, 1, -1, 2, 1 / 2)),
            16,
        ),
    }
)
