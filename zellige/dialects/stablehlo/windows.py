"""Windows that slide over a tensor: of a convolution, of `reduce_window`, of `select_and_scatter`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import DYNAMIC_INDEX, DenseArrayBase, DenseIntElementsAttr, IntegerType, TensorType, i1, i64
from xdsl.utils.exceptions import VerifyException


def _dilated(size: int, dilation: int) -> int:
    return (size - 1) * dilation + 1 if size else 0


@dataclass(frozen=True)
class WindowDimension:
    """One dimension of a window, in elements.

    `base_dilation - 1` holes stand between the elements of the tensor, and `low` and `high` holes around them; negative
    amounts cut elements off. `window_dilation - 1` elements are left out between those that the window takes.
    """

    size: int
    stride: int = 1
    low: int = 0
    high: int = 0
    base_dilation: int = 1
    window_dilation: int = 1
    is_reversed: bool = False

    @property
    def extent(self) -> int:
        """The number of elements from the first to the last one of the window."""
        return _dilated(self.size, self.window_dilation)

    @property
    def moves_base(self) -> bool:
        """Whether the tensor itself has to be padded, cut or stretched."""
        return bool(self.low or self.high or self.base_dilation > 1)

    def padded(self, base: int) -> int:
        """What becomes of `base` elements with the holes between and around them."""
        return self.low + _dilated(base, self.base_dilation) + self.high

    def positions(self, base: int) -> int:
        """How many places the window has on `base` elements; dynamic when these are."""
        if base == DYNAMIC_INDEX:
            return DYNAMIC_INDEX
        room = self.padded(base) - self.extent
        return room // self.stride + 1 if room >= 0 and self.padded(base) else 0


def windowed_shape(shape: Sequence[int], window: Sequence[WindowDimension]) -> tuple[int, ...]:
    """How many places a window has along each dimension."""
    return tuple(along.positions(size) for size, along in zip(shape, window, strict=True))


@dataclass(frozen=True)
class Cumulative:
    """A window over all elements up to each one along a dimension, or from each one on."""

    dim: int
    is_reverse: bool


def cumulative(shape: Sequence[int], window: Sequence[WindowDimension]) -> Cumulative | None:
    """What a window accumulates, if it does: as large as one dimension, and 1 along all others."""
    wide = [d for d, along in enumerate(window) if along != WindowDimension(1)]
    if len(wide) != 1:
        return None
    (dim,) = wide
    size = shape[dim]
    for is_reverse in (False, True):
        low, high = (0, size - 1) if is_reverse else (size - 1, 0)
        if window[dim] == WindowDimension(size, low=low, high=high):
            return Cumulative(dim, is_reverse)
    return None


def window_of(
    sizes: Sequence[int],
    *,
    strides: DenseArrayBase[IntegerType] | None = None,
    padding: DenseIntElementsAttr | None = None,
    base_dilations: DenseArrayBase[IntegerType] | None = None,
    window_dilations: DenseArrayBase[IntegerType] | None = None,
    reversal: DenseArrayBase[IntegerType] | None = None,
) -> tuple[WindowDimension, ...]:
    """The window that an op's attributes describe; those that are not there are 1, or 0 for the padding.

    Raises `VerifyException` for attributes that are not about `len(sizes)` dimensions, and for sizes below 1.
    """
    count = len(sizes)

    def values(name: str, attribute: DenseArrayBase[IntegerType] | None, least: int, default: int) -> Sequence[int]:
        numbers = [default] * count if attribute is None else attribute.get_values()
        if len(numbers) != count:
            raise VerifyException(f"expected {count} {name}, got {len(numbers)}")
        if any(number < least for number in numbers):
            raise VerifyException(f"{name} must be at least {least}, got {list(numbers)}")
        return numbers

    if any(size < 1 for size in sizes):
        raise VerifyException(f"window dimensions must be at least 1, got {list(sizes)}")
    if padding is not None and padding.get_shape() != (count, 2):
        raise VerifyException(f"padding must have the shape {count}x2, got {list(padding.get_shape())}")
    amounts = (0,) * (2 * count) if padding is None else padding.get_values()
    if len(amounts) == 1:
        amounts *= 2 * count
    return tuple(
        WindowDimension(*dimension)
        for dimension in zip(
            sizes,
            values("window strides", strides, 1, 1),
            amounts[::2],
            amounts[1::2],
            values("base dilations", base_dilations, 1, 1),
            values("window dilations", window_dilations, 1, 1),
            [bool(flag) for flag in values("window reversals", reversal, -1, 0)],
            strict=True,
        )
    )


def flags(values: Sequence[bool]) -> DenseArrayBase[IntegerType]:
    """`array<i1: …>`."""
    return DenseArrayBase.from_list(i1, values)


def padding_attr(amounts: Sequence[tuple[int, int]]) -> DenseIntElementsAttr:
    """`dense<[[low, high], …]> : tensor<…x2xi64>`."""
    return DenseIntElementsAttr.from_list(
        TensorType(i64, [len(amounts), 2]), [amount for pair in amounts for amount in pair]
    )
