"""Sorts, scans and searches for the first elements give what numpy gives, along any dimension of any shape."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import zellige
from tests.conformance.programs import as_tuple
from zellige.maths.numerics import Array

LENGTHS = (1, 2, 15, 16, 17, 33, 64, 65, 129, 300)
"""Rows that are one run, that are merged twice, and such with rests."""


@st.composite
def shapes(draw: st.DrawFn) -> tuple[tuple[int, ...], int]:
    """A shape and one of its dimensions."""
    before = draw(st.lists(st.integers(1, 5), max_size=2))
    behind = draw(st.lists(st.sampled_from([1, 2, 3, 7, 37]), max_size=1))
    return (*before, draw(st.sampled_from(LENGTHS)), *behind), len(before)


def type_text(shape: tuple[int, ...], element: str) -> str:
    return f"tensor<{''.join(f'{size}x' for size in shape)}{element}>"


def run(text: str, *arguments: Array) -> tuple[Array, ...]:
    with zellige.load(zellige.compile(text), cache=False) as program:
        return as_tuple(program["main"](*arguments))


@settings(max_examples=8)
@given(shapes(), st.sampled_from(["slt", "sle", "sgt", "sge"]), st.integers(0, 2**32 - 1))
def test_sort_is_stable(shape_and_dimension: tuple[tuple[int, ...], int], predicate: str, seed: int):
    shape, dimension = shape_and_dimension
    keys = np.random.default_rng(seed).integers(-20, 20, shape, "i1")
    places = np.indices(shape)[dimension].astype("i4")
    x, i = type_text(shape, "i8"), type_text(shape, "i32")
    results = f"{x}, {i}" if shape[dimension] <= 16 else f"{x}, {i}, {x}, {i}"
    text = f"""func.func @main(%x: {x}, %i: {i}) -> ({x}, {i}) {{
      %0:{results.count("tensor")} = linalg_ext.sort dimension({dimension}) ins(%x, %i : {x}, {i}) {{
      ^bb0(%a: i8, %b: i8, %p: i32, %q: i32):
        %before = arith.cmpi {predicate}, %a, %b : i8
        linalg_ext.yield %before : i1
      }} -> ({results})
      return %0#0, %0#1 : {x}, {i}
    }}"""
    order = np.argsort(keys if "l" in predicate else -keys, axis=dimension, kind="stable")
    values, numbers = run(text, keys, places)
    np.testing.assert_array_equal(numbers, order)
    np.testing.assert_array_equal(values, np.take_along_axis(keys, order, dimension))


@settings(max_examples=8)
@given(shapes(), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2**32 - 1))
def test_scan(shape_and_dimension: tuple[tuple[int, ...], int], inclusive: bool, reverse: bool, init: bool, seed: int):
    shape, dimension = shape_and_dimension
    random = np.random.default_rng(seed)
    terms = random.integers(-(2**31), 2**31, shape, "i4")
    start = random.integers(-(2**31), 2**31, (*shape[:dimension], *shape[dimension + 1 :]), "i4")
    has_start = init or not inclusive
    x, s = type_text(shape, "i32"), type_text(start.shape, "i32")
    text = f"""func.func @main(%x: {x}, %s: {s}) -> {x} {{
      %0 = linalg_ext.scan dimension({dimension}) inclusive({str(inclusive).lower()}) reverse({str(reverse).lower()})
          ins(%x : {x}) {f"init(%s : {s})" if has_start else ""} {{
      ^bb0(%sum: i32, %a: i32):
        %next = arith.addi %sum, %a : i32
        linalg_ext.yield %next : i32
      }} -> {x}
      return %0 : {x}
    }}"""
    first = np.expand_dims(start if has_start else np.zeros_like(start), dimension)
    sums = np.cumsum(
        np.concatenate([first, np.flip(terms, dimension) if reverse else terms], dimension), dimension, "i4"
    )
    kept = np.delete(sums, 0 if inclusive else -1, dimension)
    np.testing.assert_array_equal(run(text, terms, start)[0], np.flip(kept, dimension) if reverse else kept)


@settings(max_examples=8)
@given(shapes(), st.data(), st.integers(0, 2**32 - 1))
def test_topk_is_the_start_of_a_sort(shape_and_dimension: tuple[tuple[int, ...], int], data: st.DataObject, seed: int):
    shape, dimension = shape_and_dimension
    kept = data.draw(st.integers(1, min(8, shape[dimension])))
    values = np.random.default_rng(seed).integers(-20, 20, shape, "i4").astype("f4")
    part = (*shape[:dimension], kept, *shape[dimension + 1 :])
    x, v, i = type_text(shape, "f32"), type_text(part, "f32"), type_text(part, "i64")
    text = f"""func.func @main(%x: {x}) -> ({v}, {i}) {{
      %0:2 = linalg_ext.topk dimension({dimension}) ins(%x : {x}) {{
      ^bb0(%a: f32, %b: f32):
        %greater = arith.cmpf ogt, %a, %b : f32
        linalg_ext.yield %greater : i1
      }} -> ({v}, {i})
      return %0#0, %0#1 : {v}, {i}
    }}"""
    order = np.argsort(-values, axis=dimension, kind="stable").take(range(kept), axis=dimension)
    largest, places = run(text, values)
    np.testing.assert_array_equal(places, order)
    np.testing.assert_array_equal(largest, np.take_along_axis(values, order, dimension))
