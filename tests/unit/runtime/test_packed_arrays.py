"""Numbers of fewer than 8 bits in bytes. The oracle is a loop over bits."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from zellige.runtime.packed_arrays import PACKED_BITS, packed, stored_form, unpacked


def in_a_loop(numbers: list[int], bits: int) -> list[int]:
    word = 0
    for place, number in enumerate(numbers):
        word |= (number & ((1 << bits) - 1)) << (place * bits)
    return list(word.to_bytes(-(-len(numbers) * bits // 8), "little"))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 16])
@pytest.mark.parametrize("dtype", PACKED_BITS, ids=str)
def test_packed_and_unpacked_again(dtype: np.dtype[Any], count: int) -> None:
    numbers = np.random.default_rng(count).integers(0, 16, count).astype(dtype)
    stored = packed(numbers)
    assert stored.tolist() == in_a_loop(numbers.astype(np.int64).tolist(), PACKED_BITS[dtype])
    assert (stored.dtype, stored.shape) == stored_form(dtype, (count,))
    again = unpacked(stored, dtype, (count,))
    assert again.dtype == dtype
    np.testing.assert_array_equal(again, numbers)


def test_rows_of_an_array_with_strides() -> None:
    numbers = np.arange(-6, 6).reshape(4, 3).astype(ml_dtypes.int4)[::2, ::-1]
    expected = in_a_loop([-4, -5, -6, 2, 1, 0], 4)
    assert packed(numbers).tolist() == expected
    np.testing.assert_array_equal(unpacked(packed(numbers), numbers.dtype, (2, 3)), numbers)


def test_arrays_of_other_types_are_stored_as_they_are() -> None:
    numbers = np.arange(6, dtype=np.int16).reshape(2, 3)
    assert packed(numbers) is numbers
    assert unpacked(numbers, numbers.dtype, (2, 3)) is numbers
    assert stored_form(numbers.dtype, (2, 3)) == (numbers.dtype, (2, 3))
