"""Arithmetic on sizes gives what the same arithmetic on numbers gives, whatever the sizes are."""

from __future__ import annotations

from math import prod

from hypothesis import given
from hypothesis import strategies as st

from zellige.maths.sizes import (
    Extent,
    Extreme,
    Quotient,
    Size,
    Symbol,
    are_different,
    at_least,
    exact_quotient,
    largest,
    lowest,
    smallest,
)

NAMES = ("batch", "length", "past")
SIZES: list[Extent] = [Size.of(Symbol(name, name)) for name in NAMES]


def _value(size: Extent, given_: dict[str, int]) -> int:
    """What the size is, when symbols have these values."""
    if isinstance(size, int):
        return size
    return sum(number * prod(_atom(atom, given_) for atom in term) for term, number in size.ordered_terms)


def _atom(atom: Symbol | Quotient | Extreme, given_: dict[str, int]) -> int:
    match atom:
        case Symbol():
            return given_[str(atom.key)]
        case Quotient():
            return _value(atom.dividend, given_) // _value(atom.divisor, given_)
        case Extreme():
            values = [_value(size, given_) for size in atom.sizes]
            return max(values) if atom.is_largest else min(values)


def _binary(parts: st.SearchStrategy[Extent]) -> st.SearchStrategy[Extent]:
    pair = st.tuples(parts, parts)
    return st.one_of(
        pair.map(lambda ab: ab[0] + ab[1]),
        pair.map(lambda ab: ab[0] - ab[1]),
        pair.map(lambda ab: ab[0] * ab[1]),
        pair.map(lambda ab: largest(*ab)),
        pair.map(lambda ab: smallest(*ab)),
        st.tuples(parts, st.integers(1, 5)).map(lambda an: an[0] // an[1]),
        st.tuples(parts, st.integers(1, 5)).map(lambda an: an[0] % an[1]),
    )


EXTENTS = st.recursive(st.one_of(st.integers(-9, 9), st.sampled_from(SIZES)), _binary, max_leaves=6)
VALUES = st.fixed_dictionaries({name: st.integers(0, 9) for name in NAMES})


@given(EXTENTS, EXTENTS, st.integers(1, 7), VALUES)
def test_arithmetic_is_that_of_the_numbers(one: Extent, other: Extent, number: int, values: dict[str, int]) -> None:
    a, b = _value(one, values), _value(other, values)
    assert _value(one + other, values) == a + b
    assert _value(one - other, values) == a - b
    assert _value(one * other, values) == a * b
    assert _value(one // number, values) == a // number
    assert _value(one % number, values) == a % number
    assert _value(largest(one, other), values) == max(a, b)
    assert _value(smallest(one, other), values) == min(a, b)


@given(EXTENTS, EXTENTS, VALUES)
def test_what_is_known_holds(one: Extent, other: Extent, values: dict[str, int]) -> None:
    a, b = _value(one, values), _value(other, values)
    least = lowest(one)
    assert least is None or least <= a
    assert not at_least(one, other) or a >= b
    assert not are_different(one, other) or a != b
    assert one != other or a == b


@given(EXTENTS, EXTENTS)
def test_a_product_can_be_divided_again(one: Extent, other: Extent) -> None:
    if other != 0:
        assert exact_quotient(one * other, other) == one


@given(EXTENTS, EXTENTS, EXTENTS)
def test_equal_polynomials_are_equal(one: Extent, two: Extent, three: Extent) -> None:
    assert (one + two) * three == three * two + one * three
    assert str((one + two) * three) == str(three * two + one * three)
