"""Linear forms of loop counters as index arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.builder import Builder

from zellige.dialects import index_arithmetic
from zellige.dialects.index_arithmetic import Index
from zellige.maths.linear_forms import LinearForm


def evaluate(builder: Builder, form: LinearForm, counters: Sequence[Index]) -> Index:
    """The linear form at these loop counters; the constant part comes last."""
    total: Index = 0
    known = form.constant
    for coefficient, counter in zip(form.coefficients, counters, strict=True):
        if isinstance(counter, int):
            known += coefficient * counter
        elif coefficient:
            total = index_arithmetic.add(builder, total, index_arithmetic.scale(builder, counter, coefficient))
    return index_arithmetic.add(builder, total, known)


def span(builder: Builder, form: LinearForm, sizes: Sequence[Index]) -> Index:
    """Elements from the lowest to the highest value when loop i takes `sizes[i]` consecutive values.

    A form that is one loop spans the very size of that loop.
    """
    if form.single_loop is not None:
        return sizes[form.single_loop]
    distances = LinearForm(tuple(map(abs, form.coefficients)), 1 - sum(map(abs, form.coefficients)))
    return evaluate(builder, distances, sizes)
