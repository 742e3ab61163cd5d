"""Sizes that only the running program knows, and arithmetic on them.

A `Size` is a polynomial with whole coefficients, in a form that is equal where the polynomials are: `n + 1 - 1` is `n`,
and `4 * n * m // (2 * m)` is `2 * n`. It stands where a number would, so code on shapes is written once. What is the
same for all values is known: `n + 1 > 0`. A comparison that depends on the values is a `CompileError`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import gcd

from zellige.support.errors import CompileError

LARGEST = (1 << 31) - 1
"""No dimension has more elements; a number from here on stands for "to the end"."""


@dataclass(frozen=True)
class Symbol:
    """A size that is given: `key` says which, `text` is for readers. It is not below `lowest`, if that is known."""

    key: Hashable
    text: str = field(compare=False)
    lowest: int | None = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Quotient:
    """One size divided by another, rounded down."""

    dividend: Extent
    divisor: Extent

    def __str__(self) -> str:
        return f"floor(({self.dividend}) / ({self.divisor}))"

    @property
    def lowest(self) -> int | None:
        is_positive = at_least(self.dividend, 0) and at_least(self.divisor, 1)
        return 0 if is_positive else None


@dataclass(frozen=True)
class Extreme:
    """The larger of two sizes, or the smaller."""

    is_largest: bool
    sizes: frozenset[Extent]

    def __str__(self) -> str:
        return f"{'max' if self.is_largest else 'min'}({', '.join(sorted(map(str, self.sizes)))})"

    @property
    def lowest(self) -> int | None:
        bounds = [lowest(size) for size in self.sizes]
        known = [bound for bound in bounds if bound is not None]
        if self.is_largest:
            return max(known, default=None)
        return min(known) if len(known) == len(bounds) else None


Atom = Symbol | Quotient | Extreme

Monomial = frozenset[tuple[Atom, int]]
"""A product of powers of atoms; the empty one is 1."""

_ONE: Monomial = frozenset()


@dataclass(frozen=True)
class Size:
    """The sum of products with a coefficient each, of which none is 0; a number alone is an `int` instead."""

    terms: frozenset[tuple[Monomial, int]]

    @staticmethod
    def of(atom: Atom) -> Size:
        return Size(frozenset({(frozenset({(atom, 1)}), 1)}))

    @cached_property
    def ordered_terms(self) -> tuple[tuple[tuple[Atom, ...], int], ...]:
        """The factors of each product, one for each power, and its coefficient; in an order that is always the same."""
        rows = [
            (tuple(atom for atom, power in sorted(term, key=lambda pair: str(pair[0])) for _ in range(power)), number)
            for term, number in self.terms
        ]
        return tuple(sorted(rows, key=lambda row: (-len(row[0]), [str(atom) for atom in row[0]])))

    def __str__(self) -> str:
        return " + ".join(
            " * ".join([*([str(number)] if number != 1 or not term else []), *map(str, term)])
            for term, number in self.ordered_terms
        )

    def __add__(self, other: Extent) -> Extent:
        return _sum([*_terms(self), *_terms(other)])

    def __radd__(self, other: int) -> Extent:
        return self + other

    def __neg__(self) -> Extent:
        return self * -1

    def __sub__(self, other: Extent) -> Extent:
        return self + other * -1

    def __rsub__(self, other: int) -> Extent:
        return -self + other

    def __mul__(self, other: Extent) -> Extent:
        return _sum((_product(a, b), n * m) for a, n in _terms(self) for b, m in _terms(other))

    def __rmul__(self, other: int) -> Extent:
        return self * other

    def __floordiv__(self, other: Extent) -> Extent:
        return quotient(self, other)

    def __rfloordiv__(self, other: int) -> Extent:
        return quotient(other, self)

    def __mod__(self, other: Extent) -> Extent:
        return self - quotient(self, other) * other

    def __rmod__(self, other: int) -> Extent:
        return other - quotient(other, self) * self

    def __ge__(self, other: Extent) -> bool:
        return _decide(self, other)

    def __lt__(self, other: Extent) -> bool:
        return not _decide(self, other)

    def __gt__(self, other: Extent) -> bool:
        return not _decide(other, self)

    def __le__(self, other: Extent) -> bool:
        return _decide(other, self)


Extent = int | Size
"""How many elements a dimension has."""


def lowest(size: Extent) -> int | None:
    """A number that the size is not below, if one is known."""
    bound = 0
    for term, number in _terms(size):
        least = 1
        for atom, power in term:
            if atom.lowest is None or atom.lowest < 0:
                return None
            least *= atom.lowest**power
        if term and number < 0:
            return None
        bound += least * number
    return bound


def at_least(size: Extent, bound: Extent) -> bool:
    """Whether it is known that the size is not below the bound."""
    least = lowest(size - bound)
    return least is not None and least >= 0


def can_compare(one: Extent, other: Extent) -> bool:
    """Whether it is known which of the two is larger, or that they are equal."""
    return at_least(one, other) or at_least(other, one)


def are_different(one: Extent, other: Extent) -> bool:
    """Whether it is known that the two are never equal."""
    return at_least(one, other + 1) or at_least(other, one + 1)


def largest(one: Extent, other: Extent) -> Extent:
    """The larger one, also where that depends on the values."""
    if at_least(one, other):
        return one
    return other if at_least(other, one) else Size.of(Extreme(True, frozenset({one, other})))


def smallest(one: Extent, other: Extent) -> Extent:
    """The smaller one, also where that depends on the values; `LARGEST` and beyond are not below any size."""
    if at_least(one, other) or (isinstance(one, int) and one >= LARGEST):
        return other
    if at_least(other, one) or (isinstance(other, int) and other >= LARGEST):
        return one
    return Size.of(Extreme(False, frozenset({one, other})))


def quotient(dividend: Extent, divisor: Extent) -> Extent:
    """The dividend divided and rounded down: a polynomial where the division leaves nothing over."""
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend // divisor
    exact = exact_quotient(dividend, divisor)
    if exact is not None:
        return exact
    if isinstance(divisor, int) and divisor > 0:
        if at_least(dividend * -1, 0):
            return quotient(dividend * -1 + (divisor - 1), divisor) * -1
        whole = _sum((term, number - number % divisor) for term, number in _terms(dividend))
        rest = dividend - whole
        shares = _sum((term, number // divisor) for term, number in _terms(whole))
        return shares + (rest // divisor if isinstance(rest, int) else Size.of(Quotient(rest, divisor)))
    return Size.of(Quotient(dividend, divisor))


def exact_quotient(dividend: Extent, divisor: Extent) -> Extent | None:
    """The polynomial that gives the dividend when it is multiplied by the divisor, if there is one."""
    if divisor == 0:
        return None
    atoms = dict.fromkeys(atom for size in (dividend, divisor) for term, _ in _terms(size) for atom, _ in term)
    ranks = {atom: rank for rank, atom in enumerate(sorted(atoms, key=str))}

    def lead(size: Extent) -> tuple[Monomial, int]:
        return max(_terms(size), key=lambda pair: _powers(pair[0], ranks))

    head, number = lead(divisor)
    found: Extent = 0
    while dividend != 0:
        term, count = lead(dividend)
        ratio = _ratio(term, head)
        if ratio is None or count % number:
            return None
        step = _sum([(ratio, count // number)])
        found, dividend = found + step, dividend - step * divisor
    return found


def substituted(size: Extent, values: Mapping[Atom, Extent]) -> Extent:
    """The size where some atoms are other sizes."""
    total: Extent = 0
    for term, number in _terms(size):
        product: Extent = number
        for atom, power in term:
            factor = _substituted_atom(atom, values)
            for _ in range(power):
                product = product * factor
        total = total + product
    return total


def _substituted_atom(atom: Atom, values: Mapping[Atom, Extent]) -> Extent:
    if atom in values:
        return values[atom]
    match atom:
        case Symbol():
            return Size.of(atom)
        case Quotient():
            return quotient(substituted(atom.dividend, values), substituted(atom.divisor, values))
        case Extreme():
            one, other = (substituted(size, values) for size in atom.sizes)
            return (largest if atom.is_largest else smallest)(one, other)


def solved(difference: Extent) -> Iterator[tuple[Atom, Extent]]:
    """Each atom that follows from the others when a size is 0, and what it is then."""
    for term, number in _terms(difference):
        if abs(number) == 1 and len(term) == 1:
            ((atom, power),) = term
            value = (difference - _sum([(term, number)])) * -number
            is_elsewhere = substituted(value, {atom: Size.of(atom) + 1}) != value
            if power == 1 and not is_elsewhere:
                yield atom, value


def parts(size: Extent) -> tuple[int, Extent]:
    """The largest number that divides every coefficient, and what is left: the size is their product."""
    if not isinstance(size, Size):
        return size, 1
    divisor = gcd(*(number for _, number in size.terms))
    return divisor, _sum((term, number // divisor) for term, number in size.terms)


def _decide(one: Extent, other: Extent) -> bool:
    """Whether `one` is not below `other`."""
    if at_least(one, other):
        return True
    if at_least(other, one + 1):
        return False
    raise CompileError(f"whether {one} is less than {other} is known only when the program runs")


def _terms(size: Extent) -> Iterable[tuple[Monomial, int]]:
    if isinstance(size, Size):
        return size.terms
    return ((_ONE, int(size)),) if size else ()


def _sum(terms: Iterable[tuple[Monomial, int]]) -> Extent:
    totals: dict[Monomial, int] = {}
    for term, number in terms:
        totals[term] = totals.get(term, 0) + number
    kept = {term: number for term, number in totals.items() if number}
    if kept.keys() <= {_ONE}:
        return kept.get(_ONE, 0)
    return Size(frozenset(kept.items()))


def _product(one: Monomial, other: Monomial) -> Monomial:
    if not one or not other:
        return one or other
    powers = dict(one)
    for atom, power in other:
        powers[atom] = powers.get(atom, 0) + power
    return frozenset(powers.items())


def _ratio(one: Monomial, other: Monomial) -> Monomial | None:
    powers = dict(one)
    for atom, power in other:
        powers[atom] = powers.get(atom, 0) - power
    if min(powers.values(), default=0) < 0:
        return None
    return frozenset((atom, power) for atom, power in powers.items() if power)


def _powers(term: Monomial, ranks: Mapping[Atom, int]) -> tuple[int, ...]:
    """The power of each atom, for an order of products that division keeps to."""
    powers = [0] * len(ranks)
    for atom, power in term:
        powers[ranks[atom]] = power
    return tuple(powers)
