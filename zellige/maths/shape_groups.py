"""Which dimensions of two shapes of as many elements are the same, by what is known of their sizes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from zellige.maths.sizes import Extent

Group = tuple[list[int], list[int]]
"""Dimensions of one shape that have as many elements as these of the other one."""


def common_groups(source: Sequence[Extent], target: Sequence[Extent]) -> list[Group]:
    """The shortest runs of dimensions of both shapes that have the same number of elements, in order.

    There is no run where a shape has no dimensions. Sizes are compared as polynomials, so that what is the same for
    some values only is in one run.
    """
    if not source or not target:
        return []
    groups: list[Group] = []
    i = j = 0
    while i < len(source) and j < len(target):
        end_i, end_j = _shortest(source[i:], target[j:])
        groups.append(([*range(i, i + end_i)], [*range(j, j + end_j)]))
        i, j = i + end_i, j + end_j
    groups[-1][0].extend(range(i, len(source)))  # what is left over has size 1
    groups[-1][1].extend(range(j, len(target)))
    return groups


def _shortest(source: Sequence[Extent], target: Sequence[Extent]) -> tuple[int, int]:
    """How many dimensions of both give the same product; all, where no fewer do."""
    for count in range(2, len(source) + len(target)):
        for many in range(max(1, count - len(target)), min(count - 1, len(source)) + 1):
            if prod(source[:many]) == prod(target[: count - many]):
                return many, count - many
    return len(source), len(target)
