"""Chains of StableHLO ops that move elements give what numpy gives, legalised and optimised."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interpreter import Interpreter
from tests.programs import apply, parse
from zellige.maths.numerics import Array

PADDING = np.float32(-7)
GLOBAL = (
    "fold-zero-size-tensors",
    "fold-constants",
    "erase-dead-ops",
    "fold-unit-reshapes",
    "simplify-indexing-maps",
    "inline-constant-operands",
    "fuse-elementwise",
    "fold-identity-generics",
    "erase-dead-ops",
)

Step = tuple[str, Array]
"""The text of an op on `%in`, without its type, and its result by numpy."""


def type_text(array: Array) -> str:
    return f"tensor<{''.join(f'{n}x' for n in array.shape)}f32>"


def functional(text: str, operands: str, result: Array) -> Step:
    return f"{text} : ({operands}) -> {type_text(result)}", result


@st.composite
def broadcasts(draw: st.DrawFn, x: Array) -> Step:
    rank = draw(st.integers(x.ndim, 4))
    dims = draw(st.permutations(range(rank)))[: x.ndim]
    shape = [draw(st.integers(0, 3)) for _ in range(rank)]
    for dim, size in zip(dims, x.shape, strict=True):
        shape[dim] = shape[dim] if size == 1 else size
    order = np.argsort(dims)
    aligned = x.transpose(order).reshape([x.shape[dims.index(d)] if d in dims else 1 for d in range(rank)])
    text = f"stablehlo.broadcast_in_dim %in, dims = {list(dims)}"
    return functional(text, type_text(x), np.broadcast_to(aligned, shape))


@st.composite
def reshapes(draw: st.DrawFn, x: Array) -> Step:
    shape: list[int] = []
    left = x.size
    while left > 1:
        factor = draw(st.sampled_from([n for n in range(1, left + 1) if left % n == 0]))
        shape.append(factor)
        left //= factor
        if len(shape) == 3:
            shape.append(left)
            break
    if x.size == 0:
        shape = draw(st.permutations([0, *(draw(st.integers(0, 3)) for _ in range(draw(st.integers(0, 2))))]))
    elif len(shape) < 4 and draw(st.booleans()):
        shape.insert(draw(st.integers(0, len(shape))), 1)
    return functional("stablehlo.reshape %in", type_text(x), x.reshape(shape))


@st.composite
def transposes(draw: st.DrawFn, x: Array) -> Step:
    order = draw(st.permutations(range(x.ndim)))
    return functional(f"stablehlo.transpose %in, dims = {list(order)}", type_text(x), x.transpose(order))


@st.composite
def slices(draw: st.DrawFn, x: Array) -> Step:
    ranges: list[tuple[int, int, int]] = []
    for size in x.shape:
        start = draw(st.integers(0, size))
        ranges.append((start, draw(st.integers(start, size)), draw(st.integers(1, 3))))
    text = ", ".join(f"{a}:{b}:{c}" for a, b, c in ranges)
    return functional(f"stablehlo.slice %in [{text}]", type_text(x), x[tuple(slice(*r) for r in ranges)])


def _grid(indices: Sequence[Sequence[int]]) -> tuple[Array, ...]:
    return np.ix_(*(np.array(along, int) for along in indices))


@st.composite
def pads(draw: st.DrawFn, x: Array) -> Step:
    interior = [draw(st.integers(0, 2)) for _ in x.shape]
    spread = [n + max(n - 1, 0) * between for n, between in zip(x.shape, interior, strict=True)]
    low = [draw(st.integers(-n, 3)) for n in spread]
    high = [draw(st.integers(-n - before, 3)) for n, before in zip(spread, low, strict=True)]
    result = np.full([sum(sizes) for sizes in zip(low, spread, high, strict=True)], PADDING)
    kept: list[list[int]] = []
    places: list[list[int]] = []
    for n, before, between, size in zip(x.shape, low, interior, result.shape, strict=True):
        kept.append([i for i in range(n) if 0 <= before + i * (between + 1) < size])
        places.append([before + i * (between + 1) for i in kept[-1]])
    result[_grid(places)] = x[_grid(kept)]
    text = f"stablehlo.pad %in, %p, low = {low}, high = {high}, interior = {interior}"
    return functional(text, f"{type_text(x)}, tensor<f32>", result)


@st.composite
def joins(draw: st.DrawFn, x: Array) -> Step:
    dim, copies = draw(st.integers(0, x.ndim - 1)), draw(st.integers(1, 3))
    text = f"stablehlo.concatenate {', '.join(['%in'] * copies)}, dim = {dim}"
    return functional(text, ", ".join([type_text(x)] * copies), np.concatenate([x] * copies, dim))


@st.composite
def reversals(draw: st.DrawFn, x: Array) -> Step:
    dims = draw(st.lists(st.integers(0, x.ndim - 1), unique=True)) if x.ndim else []
    return f"stablehlo.reverse %in, dims = {dims} : {type_text(x)}", np.flip(x, tuple(dims))


@st.composite
def programs(draw: st.DrawFn) -> tuple[str, Array, Array]:
    """A program of a few ops, its argument and its result."""
    shape = [draw(st.integers(0, 4)) for _ in range(draw(st.integers(0, 3)))]
    x = np.arange(prod(shape), dtype=np.float32).reshape(shape)
    lines, value = [f"%p = stablehlo.constant dense<{PADDING}> : tensor<f32>"], x
    for index in range(draw(st.integers(1, 4))):
        if value.size > 256:
            break
        steps = [broadcasts, reshapes, transposes, slices, pads, reversals, *([joins] if value.ndim else [])]
        text, value = draw(draw(st.sampled_from(steps))(value))
        lines.append(f"%v{index + 1} = {text.replace('%in', f'%v{index}')}")
    body = "\n  ".join(lines)
    last = f"%v{len(lines) - 1}"
    result = type_text(value)
    return f"func.func @main(%v0: {type_text(x)}) -> {result} {{\n  {body}\n  return {last} : {result}\n}}", x, value


@settings(max_examples=150)
@given(program=programs())
def test_elements_are_where_numpy_has_them(program: tuple[str, Array, Array]) -> None:
    text, x, expected = program
    module = apply(parse(text), "legalize-stablehlo-elementwise", "legalize-stablehlo-shapes", "decompose-concat")
    for passes in ((), GLOBAL):
        (result,) = Interpreter(apply(module, *passes)).call("main", x)
        np.testing.assert_array_equal(result, expected)
