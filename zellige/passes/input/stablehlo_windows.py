"""How windows move over images: what convolutions, poolings and scans have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import DenseIntElementsAttr, TensorType, i64

from zellige.dialects.stablehlo.windows import WindowDimension
from zellige.maths.sizes import Extent, largest


def pairs(low: Sequence[int], high: Sequence[int]) -> DenseIntElementsAttr:
    """What is before and after each dimension."""
    numbers = [number for pair in zip(low, high, strict=True) for number in pair]
    return DenseIntElementsAttr.from_list(TensorType(i64, [len(low), 2]), numbers)


@dataclass(frozen=True)
class Window:
    """How a window moves: a number for each of its dimensions.

    `dilations` are the distances between its elements, `base_dilations` those that the operand's elements are moved
    apart to, `low` and `high` how much is added at the edges (negative: cut off).
    """

    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    base_dilations: tuple[int, ...]

    @staticmethod
    def of(
        strides: Sequence[int],
        dilations: Sequence[int],
        low: Sequence[int],
        high: Sequence[int],
        base_dilations: Sequence[int] | None = None,
    ) -> Window:
        base = base_dilations or [1] * len(strides)
        return Window(tuple(strides), tuple(dilations), tuple(low), tuple(high), tuple(base))

    def result_sizes(self, base: Sequence[Extent], window: Sequence[int]) -> list[Extent]:
        """The number of positions of a window of these sizes."""
        return [_positions(size, dimension) for size, dimension in zip(base, self.dimensions(window), strict=True)]

    def dimensions(self, sizes: Sequence[int]) -> list[WindowDimension]:
        rows = zip(sizes, self.strides, self.low, self.high, self.base_dilations, self.dilations, strict=True)
        return [WindowDimension(*row) for row in rows]


def _positions(base: Extent, window: WindowDimension) -> Extent:
    if isinstance(base, int):
        return window.positions(base)
    stretched = largest(base * window.base_dilation - (window.base_dilation - 1), 0)
    room = stretched + (window.low + window.high - window.extent)
    return largest(room // window.stride + 1, 0)
