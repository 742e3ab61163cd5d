"""Sizes in the form in which they are compared and shown."""

from __future__ import annotations

import pytest

from zellige.maths.sizes import (
    LARGEST,
    Atom,
    Extent,
    Size,
    Symbol,
    are_different,
    can_compare,
    largest,
    parts,
    smallest,
    solved,
    substituted,
)
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


def test_a_symbol_can_be_another_size() -> None:
    values: dict[Atom, Extent] = {Symbol("batch", "batch"): LENGTH + 1}
    assert substituted(BATCH * 2 - LENGTH, values) == LENGTH + 2
    assert substituted((BATCH + 3) // 4, values) == (LENGTH + 4) // 4
    assert substituted(largest(BATCH, LENGTH), values) == LENGTH + 1


def test_an_equation_gives_the_symbols_that_stand_alone_in_it() -> None:
    found = {str(atom): value for atom, value in solved(BATCH - LENGTH * 2 - 1)}
    assert found == {"batch": LENGTH * 2 + 1}
    assert not list(solved(BATCH - BATCH // 2 * 2)), "the symbol is in the quotient, too"


def test_a_size_is_a_number_of_units() -> None:
    assert parts(BATCH * LENGTH * 64 + LENGTH * 16) == (16, BATCH * LENGTH * 4 + LENGTH)
    assert parts(24) == (24, 1)
    assert parts(0) == (0, 1)
