"""Arithmetic on sizes and places before an op: numbers as long as they are known, then values of type index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Operation, SSAValue

from zellige.analysis.small_values import small_value
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index, constant_value
from zellige.dialects.shaped_types import element_type


def as_index(forms: FormBuilder, number: SSAValue) -> Index:
    """An integer as an index."""
    if (constant := constant_value(number)) is not None:
        return constant
    if isinstance(number.type, IndexType):
        return number
    return forms.insert(arith.IndexCastOp(number, IndexType())).result


def elements_of(forms: FormBuilder, amounts: SSAValue) -> list[Index] | None:
    """The numbers of a small tensor that is made of scalars or known, in order; None for others."""
    if isinstance(amounts.owner, tensor.FromElementsOp):
        return [as_index(forms, element) for element in amounts.owner.elements]
    array = small_value(amounts)
    return None if array is None else [int(number) for number in array.reshape(-1)]


def element(forms: FormBuilder, amounts: SSAValue, number: int) -> SSAValue:
    """Number `number` of a vector, as an index."""
    where = forms.index(number)
    amount = forms.insert(tensor.ExtractOp(amounts, [where], element_type(amounts.type))).result
    return forms.index(as_index(forms, amount))


def _emit(forms: FormBuilder, kind: Callable[[SSAValue, SSAValue], Operation], one: Index, other: Index) -> SSAValue:
    return forms.insert(kind(forms.index(one), forms.index(other))).results[0]


def plus(forms: FormBuilder, one: Index, other: Index) -> Index:
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    if other == 0:
        return one
    return other if one == 0 else _emit(forms, arith.AddiOp, one, other)


def total(forms: FormBuilder, sizes: Sequence[Index]) -> Index:
    """The sum of all."""
    sum_: Index = 0
    for size in sizes:
        sum_ = plus(forms, sum_, size)
    return sum_


def minus(forms: FormBuilder, one: Index, other: Index) -> Index:
    if isinstance(one, int) and isinstance(other, int):
        return one - other
    return one if other == 0 else _emit(forms, arith.SubiOp, one, other)


def times(forms: FormBuilder, one: Index, other: Index) -> Index:
    if isinstance(one, int) and isinstance(other, int):
        return one * other
    if other == 1:
        return one
    return other if one == 1 else _emit(forms, arith.MuliOp, one, other)


def product(forms: FormBuilder, sizes: Sequence[Index]) -> Index:
    """The product of all."""
    product_: Index = 1
    for size in sizes:
        product_ = times(forms, product_, size)
    return product_


def divided_up(forms: FormBuilder, one: Index, other: Index) -> Index:
    """The quotient rounded up."""
    if isinstance(one, int) and isinstance(other, int):
        return -(-one // other)
    return one if other == 1 else _emit(forms, arith.CeilDivSIOp, one, other)


def divided_down(forms: FormBuilder, one: Index, other: Index) -> Index:
    """The quotient rounded down."""
    if isinstance(one, int) and isinstance(other, int):
        return one // other
    return one if other == 1 else _emit(forms, arith.FloorDivSIOp, one, other)


def greater(forms: FormBuilder, one: Index, other: Index) -> Index:
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    return _emit(forms, arith.MaxSIOp, one, other)


def lesser(forms: FormBuilder, one: Index, other: Index) -> Index:
    if isinstance(one, int) and isinstance(other, int):
        return min(one, other)
    return _emit(forms, arith.MinSIOp, one, other)


def positions(forms: FormBuilder, base: Index, extent: int, stride: int) -> Index:
    """How many places a window of this extent has on `base` elements, of which there are enough for one."""
    return plus(forms, divided_down(forms, minus(forms, base, extent), stride), 1)
