"""Sizes in the form in which they are compared and shown."""

from __future__ import annotations

import pytest

from zellige.maths.sizes import LARGEST, Size, Symbol, are_different, can_compare, largest, smallest
from zellige.support.errors import CompileError

BATCH, LENGTH = (Size.of(Symbol(name, name)) for name in ("batch", "length"))


def test_what_cancels_out_is_gone() -> None:
    assert BATCH + 1 - 1 == BATCH
    assert BATCH * LENGTH * 64 // (BATCH * 64) == LENGTH
    assert (BATCH * LENGTH + BATCH) // (LENGTH + 1) == BATCH
    assert BATCH - BATCH == 0
    assert BATCH * 12 % 4 == 0


def test_a_division_by_a_number_keeps_what_it_can() -> None:
    assert str((LENGTH * 4 + 7) // 4) == "length + 1"
    assert str(-(-LENGTH // 2)) == "floor((length + 1) / (2))"
    assert (LENGTH + 1) // 2 >= 0


def test_text_has_the_largest_products_first() -> None:
    assert str(3 + LENGTH + 2 * LENGTH * BATCH) == "2 * batch * length + length + 3"


def test_sizes_are_not_negative() -> None:
    assert largest(BATCH, 0) == BATCH
    assert BATCH + 1 > 0
    assert BATCH != 1
    assert are_different(BATCH, -1)
    assert not are_different(BATCH, 1)
    assert can_compare(BATCH + LENGTH, BATCH)


def test_a_number_beyond_all_sizes_is_the_end() -> None:
    assert smallest(LENGTH, LARGEST) == LENGTH
    assert str(smallest(LENGTH, 5)) == "min(5, length)"


def test_a_comparison_that_depends_on_the_values_is_an_error() -> None:
    with pytest.raises(CompileError, match="whether batch is less than 4 is known only when the program runs"):
        assert BATCH < 4
