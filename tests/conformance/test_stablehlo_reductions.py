"""Reductions, windows and products of StableHLO against numpy."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige
from tests.conformance.programs import Array, Arrays, as_tuple

Pairs = tuple[tuple[int, int], ...]


def run(text: str, *arguments: Array) -> Arrays:
    with zellige.load(zellige.compile(text), cache=False) as program:
        return as_tuple(program["main"](*arguments))


def tensor(shape: tuple[int, ...], kind: str = "f32") -> str:
    return f"tensor<{''.join(f'{n}x' for n in shape)}{kind}>"


def padding(pad: Pairs) -> str:
    return f"dense<[{', '.join(f'[{low}, {high}]' for low, high in pad)}]> : tensor<{len(pad)}x2xi64>"


@pytest.mark.parametrize(
    ("text", "lhs", "rhs"),
    [
        ("abc,dae->bcde", (3, 4, 5), (6, 3, 7)),
        ("abcd,adbe->abce", (2, 3, 4, 5), (2, 5, 3, 6)),
        ("ab,ba->", (4, 5), (5, 4)),
        ("a,ab->b", (8,), (8, 33)),
        ("ab,ac->abc", (4, 5), (4, 6)),
    ],
)
def test_products_with_any_dimensions(text: str, lhs: tuple[int, ...], rhs: tuple[int, ...]) -> None:
    left, right, result = text.replace("->", ",").split(",")
    batch = [c for c in left if c in right and c in result]
    summed = [c for c in left if c in right and c not in result]
    random = np.random.default_rng(1)
    x, y = (random.integers(-9, 9, shape).astype(np.float32) for shape in (lhs, rhs))
    order = "".join([*batch, *(c for c in left if c not in right), *(c for c in right if c not in left)])
    expected = np.einsum(f"{left},{right}->{order}", x, y)
    numbers = [
        f"[{', '.join(str(side.index(c)) for c in letters)}]" for letters in (batch, summed) for side in (left, right)
    ]
    types = f"({tensor(lhs)}, {tensor(rhs)}) -> {tensor(expected.shape)}"
    got, einsum = run(
        f"""
func.func @main(%x: {tensor(lhs)}, %y: {tensor(rhs)}) -> ({tensor(expected.shape)}, {tensor(expected.shape)}) {{
  %0 = stablehlo.dot_general %x, %y, batching_dims = {numbers[0]} x {numbers[1]},
    contracting_dims = {numbers[2]} x {numbers[3]} : {types}
  %1 = stablehlo.einsum %x, %y, config = "{left},{right}->{order}" : {types}
  return %0, %1 : {tensor(expected.shape)}, {tensor(expected.shape)}
}}""",
        x,
        y,
    )
    np.testing.assert_array_equal(got, expected)
    np.testing.assert_array_equal(einsum, expected)


def test_products_of_narrow_integers_and_truth_values() -> None:
    random = np.random.default_rng(2)
    x, y = random.integers(0, 256, (5, 40), np.uint8), random.integers(-128, 128, (40, 6), np.int8)
    p, q = random.random((5, 3)) < 0.4, random.random((3, 6)) < 0.4
    wide, truth = run(
        """
func.func @main(%x: tensor<5x40xui8>, %y: tensor<40x6xi8>, %p: tensor<5x3xi1>, %q: tensor<3x6xi1>)
    -> (tensor<5x6xi32>, tensor<5x6xi1>) {
  %0 = stablehlo.dot %x, %y : (tensor<5x40xui8>, tensor<40x6xi8>) -> tensor<5x6xi32>
  %1 = stablehlo.dot %p, %q : (tensor<5x3xi1>, tensor<3x6xi1>) -> tensor<5x6xi1>
  return %0, %1 : tensor<5x6xi32>, tensor<5x6xi1>
}""",
        x,
        y,
        p,
        q,
    )
    np.testing.assert_array_equal(wide, x.astype(np.int32) @ y.astype(np.int32))
    np.testing.assert_array_equal(truth, p @ q)


def test_the_place_of_the_largest_element() -> None:
    x = np.random.default_rng(3).integers(-5, 5, (6, 20)).astype(np.float32)
    value, place = run(
        """
func.func @main(%x: tensor<6x20xf32>) -> (tensor<20xf32>, tensor<20xi32>) {
  %i = stablehlo.iota dim = 0 : tensor<6x20xi32>
  %z = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %n = stablehlo.constant dense<0> : tensor<i32>
  %0:2 = stablehlo.reduce(%x init: %z), (%i init: %n) across dimensions = [0]
      : (tensor<6x20xf32>, tensor<6x20xi32>, tensor<f32>, tensor<i32>) -> (tensor<20xf32>, tensor<20xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%c: tensor<i32>, %d: tensor<i32>) {
    %gt = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %eq = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %lt = stablehlo.compare LT, %c, %d : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %first = stablehlo.and %eq, %lt : tensor<i1>
    %stays = stablehlo.or %gt, %first : tensor<i1>
    %v = stablehlo.select %stays, %a, %b : tensor<i1>, tensor<f32>
    %w = stablehlo.select %stays, %c, %d : tensor<i1>, tensor<i32>
    stablehlo.return %v, %w : tensor<f32>, tensor<i32>
  }
  return %0#0, %0#1 : tensor<20xf32>, tensor<20xi32>
}""",
        x,
    )
    np.testing.assert_array_equal(value, x.max(0))
    np.testing.assert_array_equal(place, x.argmax(0))


CUMULATIVE = ((1, 40), (1, 1), ((0, 0), (39, 0)), (1, 1), (1, 1))
BACKWARDS = ((40, 1), (1, 1), ((0, 39), (0, 0)), (1, 1), (1, 1))


@pytest.mark.parametrize(
    ("function", "kind"), [("add", "f32"), ("multiply", "i32"), ("maximum", "f32"), ("minimum", "i32")]
)
@pytest.mark.parametrize(
    ("shape", "window"),
    [
        ((9, 11), ((3, 2), (2, 3), ((1, 1), (0, 2)), (1, 1), (1, 1))),
        ((5, 6), ((3, 2), (1, 2), ((2, 1), (-1, 0)), (2, 3), (3, 2))),
        ((3, 40), CUMULATIVE),
        ((40, 3), BACKWARDS),
    ],
)
def test_windows(function: str, kind: str, shape: tuple[int, ...], window: tuple[Any, ...]) -> None:
    sizes, strides, pad, base, dilation = window
    combine = {"add": np.add, "multiply": np.multiply, "maximum": np.maximum, "minimum": np.minimum}[function]
    dtype: npt.DTypeLike = np.float32 if kind == "f32" else np.int32
    limits = (-np.inf, np.inf) if kind == "f32" else (-(2**31), 2**31 - 1)
    start = {"add": 0, "multiply": 1, "maximum": limits[0], "minimum": limits[1]}[function]
    x = np.random.default_rng(4).choice(np.array([-2, -1, 1, 1, 1, 2], dtype), shape)
    wide = np.full([(n - 1) * d + 1 for n, d in zip(shape, base, strict=True)], start, dtype)
    wide[tuple(slice(None, None, d) for d in base)] = x
    wide = np.pad(wide, [(max(low, 0), max(high, 0)) for low, high in pad], constant_values=start)
    wide = wide[tuple(slice(max(-low, 0), n - max(-high, 0)) for (low, high), n in zip(pad, wide.shape, strict=True))]
    counts = [(n - (k - 1) * d - 1) // s + 1 for n, k, d, s in zip(wide.shape, sizes, dilation, strides, strict=True)]
    expected = np.full(counts, start, dtype)
    for offset in product(*map(range, sizes)):
        places = zip(offset, dilation, counts, strides, strict=True)
        combine(expected, wide[tuple(slice(o * d, o * d + (n - 1) * s + 1, s) for o, d, n, s in places)], out=expected)
    text = {-np.inf: "0xFF800000", np.inf: "0x7F800000"}.get(start, f"{start}.0" if kind == "f32" else str(start))
    lists = {
        "window_dimensions": sizes,
        "window_strides": strides,
        "base_dilations": base,
        "window_dilations": dilation,
    }
    attributes = ", ".join(f"{name} = array<i64: {', '.join(map(str, values))}>" for name, values in lists.items())
    (got,) = run(
        f"""
func.func @main(%x: {tensor(shape, kind)}) -> {tensor(expected.shape, kind)} {{
  %z = stablehlo.constant dense<{text}> : tensor<{kind}>
  %0 = "stablehlo.reduce_window"(%x, %z) <{{{attributes}, padding = {padding(pad)}}}> ({{
  ^bb0(%a: tensor<{kind}>, %b: tensor<{kind}>):
    %1 = stablehlo.{function} %a, %b : tensor<{kind}>
    stablehlo.return %1 : tensor<{kind}>
  }}) : ({tensor(shape, kind)}, tensor<{kind}>) -> {tensor(expected.shape, kind)}
  return %0 : {tensor(expected.shape, kind)}
}}""",
        x,
    )
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(
    ("shape", "sizes", "strides", "pad"),
    [
        ((1, 8, 8, 3), (1, 2, 2, 1), (1, 2, 2, 1), ((0, 0), (0, 0), (0, 0), (0, 0))),
        ((7, 8), (3, 3), (2, 2), ((1, 1), (1, 0))),
        ((9,), (4,), (1,), ((3, 0),)),
        ((10, 5), (2, 2), (3, 4), ((0, 0), (0, 0))),
    ],
)
def test_sums_at_picked_elements(
    shape: tuple[int, ...], sizes: tuple[int, ...], strides: tuple[int, ...], pad: Pairs
) -> None:
    places = tuple((n + sum(p) - k) // s + 1 for n, k, s, p in zip(shape, sizes, strides, pad, strict=True))
    random = np.random.default_rng(5)
    x, source = (random.integers(-4, 5, size).astype(np.float32) for size in (shape, places))
    expected = np.zeros_like(x)
    for place in product(*map(range, places)):
        picked: tuple[int, ...] | None = None
        for offset in product(*map(range, sizes)):
            index = tuple(p * s - q[0] + o for p, s, q, o in zip(place, strides, pad, offset, strict=True))
            inside = all(0 <= i < n for i, n in zip(index, shape, strict=True))
            if inside and (picked is None or not x[picked] >= x[index]):
                picked = index
        if picked is not None:
            expected[picked] += source[place]
    lists = {"window_dimensions": sizes, "window_strides": strides}
    attributes = ", ".join(f"{name} = array<i64: {', '.join(map(str, values))}>" for name, values in lists.items())
    (got,) = run(
        f"""
func.func @main(%x: {tensor(shape)}, %s: {tensor(places)}) -> {tensor(shape)} {{
  %z = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = "stablehlo.select_and_scatter"(%x, %s, %z) <{{{attributes}, padding = {padding(pad)}}}> ({{
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.compare GE, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }}, {{
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %1 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }}) : ({tensor(shape)}, {tensor(places)}, tensor<f32>) -> {tensor(shape)}
  return %0 : {tensor(shape)}
}}""",
        x,
        source,
    )
    np.testing.assert_array_equal(got, expected)
