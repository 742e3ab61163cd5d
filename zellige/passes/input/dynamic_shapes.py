"""Reshapes and paddings of tensors whose sizes only the running program knows."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, TensorType
from xdsl.ir import SSAValue

from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.index_arithmetic import Index
from zellige.dialects.reshapes import collapse, expand, reshape
from zellige.dialects.shaped_types import tensor_type
from zellige.dialects.slices import insert_slice, known_or_dynamic
from zellige.passes.input.index_forms import divided_up, greater, lesser, minus, plus, times, total


def reshape_to(forms: FormBuilder, value: SSAValue, sizes: Sequence[Index]) -> SSAValue:
    """The elements of `value` in row-major order in another shape of as many elements, of any sizes."""
    known = [size for size in sizes if isinstance(size, int)]
    if len(known) == len(sizes) and tensor_type(value).has_static_shape():
        return reshape(forms, value, known)
    return reshape_dynamic(forms, value, sizes)


def reshape_dynamic(forms: FormBuilder, value: SSAValue, sizes: Sequence[Index]) -> SSAValue:
    """The elements of `value` in row-major order in another shape of as many elements.

    All dimensions are joined, then split: which of them are the same is seen when equal sizes are one value.
    """
    source = tensor_type(value)
    element, rank = source.element_type, source.get_num_dims()
    known = known_or_dynamic(sizes)
    target = TensorType(element, known)
    if rank == 0:
        value = forms.insert(expand(value, [], TensorType(element, [1]))).result
    elif rank > 1:
        count = _product(source.get_shape())
        value = forms.insert(collapse(value, [range(rank)], TensorType(element, [count]))).result
    flat = TensorType(element, [_product(known)])
    if value.type != flat:
        value = forms.insert(tensor.CastOp(value, flat)).dest
    if len(sizes) == 1:
        return value
    if not sizes:
        return forms.insert(collapse(value, [], target)).result
    dynamic = [size for size in sizes if isinstance(size, SSAValue)]
    return forms.insert(expand(value, [range(len(sizes))], target, dynamic)).result


def _product(sizes: Sequence[int]) -> int:
    """The product of sizes, dynamic where one is."""
    product = 1
    for size in sizes:
        if size == DYNAMIC_INDEX:
            return DYNAMIC_INDEX
        product *= size
    return product


def pad_dynamic(
    forms: FormBuilder,
    operand: SSAValue,
    number: SSAValue,
    result: SSAValue,
    low: Sequence[Index],
    high: Sequence[Index],
    interior: Sequence[Index],
) -> SSAValue:
    """The operand in its place in a tensor of padding; amounts below 0 cut elements off."""
    firsts: list[Index] = []
    places: list[Index] = []
    kept: list[Index] = []
    sizes: list[Index] = []
    for dim, (before, after, between) in enumerate(zip(low, high, interior, strict=True)):
        size, step = forms.size(operand, dim), plus(forms, between, 1)
        stretched = size
        if step != 1:
            stretched = greater(forms, minus(forms, times(forms, size, step), between), 0)
        padded = total(forms, [before, stretched, after])
        first, end = _first(forms, before, step), size
        if not (isinstance(after, int) and after >= 0):
            end = lesser(forms, size, divided_up(forms, minus(forms, padded, before), step))
        firsts.append(first)
        places.append(plus(forms, before, times(forms, first, step)))
        kept.append(size if first == 0 and end is size else greater(forms, minus(forms, end, first), 0))
        sizes.append(padded)
    steps = [plus(forms, between, 1) for between in interior]
    filling = forms.insert(tensor.ExtractOp(number, [], tensor_type(number).element_type)).result
    background = forms.fill(filling, tensor_type(result), sizes)
    part = operand
    if any(first != 0 for first in firsts) or any(isinstance(after, SSAValue) or after < 0 for after in high):
        static = known_or_dynamic(kept)
        part_type = TensorType(tensor_type(operand).element_type, static)
        part = forms.insert(tensor.ExtractSliceOp(operand, firsts, kept, [1] * len(kept), part_type)).result
    return forms.insert(insert_slice(part, background, places, kept, steps)).result


def _first(forms: FormBuilder, before: Index, step: Index) -> Index:
    """The first element that is not cut off."""
    if isinstance(before, int) and before >= 0:
        return 0
    return greater(forms, divided_up(forms, minus(forms, 0, before), step), 0)
