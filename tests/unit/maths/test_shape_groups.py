"""Runs of dimensions that two shapes have in common, by polynomials of sizes."""

from __future__ import annotations

import pytest

from zellige.maths.shape_groups import Group, common_groups
from zellige.maths.sizes import Extent, Size, Symbol

N, M = (Size.of(Symbol(name, name)) for name in "nm")


@pytest.mark.parametrize(
    ("source", "target", "groups"),
    [
        ([N, M, 768], [N, M, 12, 64], [([0], [0]), ([1], [1]), ([2], [2, 3])]),
        ([N, M, 12, 64], [N * M, 768], [([0, 1], [0]), ([2, 3], [1])]),
        ([N, M], [N, 1, 1, M], [([0], [0]), ([1], [1, 2, 3])]),
        ([N, 1, M], [N, M], [([0], [0]), ([1, 2], [1])]),
        ([N, M], [M, N], [([0, 1], [0, 1])]),
        ([N, M, 1], [N, M], [([0], [0]), ([1, 2], [1])]),
        ([N + M, 4], [2, (N + M) * 2], [([0, 1], [0, 1])]),
        ([], [1, 1], []),
    ],
)
def test_common_groups(source: list[Extent], target: list[Extent], groups: list[Group]) -> None:
    assert common_groups(source, target) == groups
