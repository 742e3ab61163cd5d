"""Places of windows, against those that numpy finds, and windows that accumulate."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from xdsl.dialects.builtin import DYNAMIC_INDEX, DenseArrayBase, i64
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.stablehlo.windows import Cumulative, WindowDimension, cumulative, padding_attr, window_of


@pytest.mark.parametrize("base", [1, 4, 9])
@pytest.mark.parametrize(
    "window",
    [
        WindowDimension(1),
        WindowDimension(3, stride=2, low=1, high=2),
        WindowDimension(2, base_dilation=3, low=4),
        WindowDimension(3, window_dilation=2, high=5, low=-1),
    ],
)
def test_places_of_a_window(base: int, window: WindowDimension) -> None:
    stretched = np.zeros((base - 1) * window.base_dilation + 1)
    row = np.zeros(len(stretched) + window.low + window.high)
    assert window.padded(base) == len(row)
    places = len(sliding_window_view(row, window.extent)[:: window.stride]) if len(row) >= window.extent else 0
    assert window.positions(base) == places


def test_places_on_a_dimension_that_is_not_known() -> None:
    assert WindowDimension(3).positions(DYNAMIC_INDEX) == DYNAMIC_INDEX


def test_a_window_on_nothing_has_no_place() -> None:
    assert WindowDimension(1).positions(0) == 0


def test_windows_over_all_elements_before_or_after() -> None:
    one = WindowDimension(1)
    assert cumulative((3, 8), (one, WindowDimension(8, low=7))) == Cumulative(1, is_reverse=False)
    assert cumulative((8, 3), (WindowDimension(8, high=7), one)) == Cumulative(0, is_reverse=True)
    assert cumulative((3, 8), (one, WindowDimension(7, low=6))) is None
    assert cumulative((3, 8), (one, WindowDimension(8, low=7, stride=2))) is None
    assert cumulative((8, 8), (WindowDimension(8, low=7),) * 2) is None


def test_attributes_of_other_dimensions_are_refused() -> None:
    assert window_of([2], padding=padding_attr([(1, 2)])) == (WindowDimension(2, low=1, high=2),)
    with pytest.raises(VerifyException, match="expected 2 window strides, got 1"):
        window_of([2, 2], strides=DenseArrayBase.from_list(i64, [1]))
    with pytest.raises(VerifyException, match="padding must have the shape 2x2"):
        window_of([2, 2], padding=padding_attr([(1, 2)]))
    with pytest.raises(VerifyException, match="window dimensions must be at least 1, got"):
        window_of([0])
