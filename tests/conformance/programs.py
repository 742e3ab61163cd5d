"""Small programs, one for each thing that a module has to do right: arguments, and the results by numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import erf
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

import zellige
from tests.counter_words import MASK, Numbers
from zellige.maths.counter_hashes import philox, threefry

Array = npt.NDArray[Any]
Arrays = tuple[Array, ...]
Reference = Callable[..., Array | Arrays]

FOLDER = Path(__file__).with_name("programs")

ROUNDING = 1e-6
"""Sums of some 30 numbers in f32, in any order, and functions of 4 units in the last place."""


@dataclass(frozen=True)
class Program:
    """The function `main` of `programs/<name>.mlir`, its arguments, and what numpy gives for them.

    `tolerance` is relative to the largest number of a result; the reference then gets f64 for f32. 0 means equal.
    """

    name: str
    arguments: Arrays
    reference: Reference
    tolerance: float

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.mlir"

    def expected(self) -> Arrays:
        wide = [x.astype("f8") if self.tolerance and x.dtype == np.float32 else x for x in self.arguments]
        with np.errstate(over="ignore"):
            return as_tuple(self.reference(*wide))

    def run(self, artifact: zellige.Artifact) -> Arrays:
        """The results by wasmtime."""
        with zellige.load(artifact, cache=False) as program:
            return as_tuple(program["main"](*self.arguments))


@cache
def compiled(path: Path, profile: str, deterministic: bool = False) -> zellige.Artifact:
    return zellige.compile(path, profile=profile, deterministic=deterministic)


def as_tuple(results: Array | Arrays) -> Arrays:
    return results if isinstance(results, tuple) else (results,)


def program(*arguments: Array, tolerance: float = 0.0) -> Callable[[Reference], Program]:
    """The program with the name of its reference."""
    return lambda reference: Program(reference.__name__, arguments, reference, tolerance)


def numbers(dtype: str, *shape: int) -> Array:
    """Normally distributed numbers, or integers from the whole range of the type; the same for the same words."""
    random = np.random.default_rng([*dtype.encode(), *shape])
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return (2 * random.standard_normal(shape)).astype(kind)
    if kind.kind == "b":
        return random.integers(0, 2, shape).astype(kind)
    return random.integers(np.iinfo(kind).min, np.iinfo(kind).max, shape, kind, endpoint=True)


@program(numbers("f4", 3, 37), numbers("f4", 3, 37)[::-1], tolerance=ROUNDING)
def elementwise_f32(a: Array, b: Array) -> Array:
    quotient: Array = a / (np.sqrt(np.abs((a + b) * (a - b))) + 0.5)
    chosen: Array = np.where(quotient < np.floor(b), -quotient, np.floor(b))
    return np.minimum(np.maximum(chosen, a - b), a + b)


@program(np.resize(np.array([np.nan, -np.inf, -2, -0.0, 0, 1.5, 6, 7, np.inf, -np.nan], "f4"), (9, 67)))
def clamp(x: Array) -> Array:
    raised = np.where(x > 0, x, np.float32(0))
    return np.where(raised > 6, np.float32(6), raised)


@program(numbers("f8", 23), numbers("f8", 23)[::-1], tolerance=1e-15)
def elementwise_f64(a: Array, b: Array) -> Array:
    third = 0.33333333333333331
    difference = a * b - third
    return np.where(a < b, np.sqrt(np.abs(difference)), difference) / third


def elementwise_integers(a: Array, b: Array) -> Array:
    signed = a.dtype
    unsigned = np.dtype(f"u{signed.itemsize}")
    three = signed.type(3)
    product = a * b
    total = product + a
    quotient = truncated(total - b, 3)
    remainder = a - truncated(a, 3) * three
    bits: Array = (remainder << three) ^ (b >> three)
    mixed: Array = quotient | (bits.view(unsigned) >> unsigned.type(3)).view(signed)
    chosen = np.where((a < b) ^ (mixed.view(unsigned) < product.view(unsigned)), mixed, bits)
    return np.minimum(np.maximum(chosen, quotient).view(unsigned), total.view(unsigned)).view(signed)


def truncated(a: Array, divisor: int) -> Array:
    """Division that rounds towards zero, as `arith.divsi`."""
    quotients = [x // divisor if x >= 0 else -(-x // divisor) for x in a.tolist()]
    return np.array(quotients, a.dtype)


ELEMENTWISE_INTEGERS = tuple(
    Program(f"elementwise_i{8 * size}", (x, x[::-1]), elementwise_integers, 0.0)
    for size in (1, 2, 4, 8)
    for x in [numbers(f"i{size}", 37)]
)


@program(numbers("?", 19), numbers("?", 19)[::-1], numbers("f4", 19))
def elementwise_i1(p: Array, q: Array, x: Array) -> Arrays:
    return (~p | q) & (x > 0), np.where(q, x, np.float32(0))


@program(40 * numbers("f4", 21), numbers("i1", 21), numbers("i8", 21))
def casts(x: Array, n: Array, m: Array) -> Arrays:
    wide = x.astype("f8")
    parts = n.view("u1").astype("i2") - n.astype("i2")
    return x.astype("i4"), wide + m.astype("f8"), m.astype("i1"), n.view("u1").astype("f4") + x, parts


@program(numbers("f4", 33), tolerance=ROUNDING)
def math_f32(x: Array) -> Arrays:
    more = np.exp(x) + 1
    erfs = np.array([erf(value) for value in x.tolist()])
    return np.log(more) + 1 / np.sqrt(more), np.tanh(x) + erfs, np.sin(x) - np.cos(x)


@program(numbers("f4", 5, 7), numbers("f4", 5), numbers("f4", 7, 1, 5), tolerance=ROUNDING)
def broadcast_transpose(x: Array, row: Array, one: Array) -> Array:
    return x.T * row - one[:, 0]


@program(numbers("f4", 9, 35), numbers("i4", 9, 35) | 1, tolerance=ROUNDING)
def reductions(x: Array, n: Array) -> Arrays:
    return x.sum(axis=1), x.max(axis=0), n.prod(axis=1, dtype="i4"), np.asarray(x.sum())


@program(numbers("f4", 6, 21))
def argmax(x: Array) -> Arrays:
    return x.max(axis=1), np.argmax(x, axis=1)


@program(numbers("f4", 33, 29), numbers("f4", 29, 19), numbers("f4", 19), tolerance=ROUNDING)
def matmul_f32(a: Array, b: Array, bias: Array) -> Array:
    return a @ b + bias


@program(numbers("f8", 13, 27), numbers("f8", 27), numbers("f8", 13), tolerance=1e-15)
def matvec_f64(a: Array, x: Array, start: Array) -> Array:
    return a @ x + start


@program(numbers("i1", 12, 40), numbers("i1", 40, 9))
def matmul_i8(a: Array, b: Array) -> Array:
    return a.astype("i4") @ b.astype("i4")


@program(numbers("f4", 3, 5, 11), numbers("f4", 3, 11, 6), tolerance=ROUNDING)
def batch_matmul(a: Array, b: Array) -> Array:
    return a @ b


@program(numbers("f4", 1, 11, 11, 3), numbers("f4", 3, 3, 3, 6), numbers("f4", 2, 2, 6), tolerance=ROUNDING)
def convolution(x: Array, w: Array, d: Array) -> Array:
    first: Array = np.einsum("nhwcij,ijcf->nhwf", sliding_window_view(x, (3, 3), axis=(1, 2))[:, ::2, ::2], w)
    return np.einsum("nhwcij,ijc->nhwc", sliding_window_view(first, (2, 2), axis=(1, 2)), d)


@program(numbers("f4", 1, 4, 9, 9), tolerance=ROUNDING)
def pooling(x: Array) -> Arrays:
    small = sliding_window_view(x, (2, 2), axis=(2, 3))[:, :, ::2, ::2]
    return small.max(axis=(4, 5)), sliding_window_view(x, (3, 3), axis=(2, 3))[:, :, ::3, ::3].sum(axis=(4, 5))


@program(numbers("f4", 10, 7), np.array([9, 0, 3, 3, 1], "i8"))
def gather(table: Array, rows: Array) -> Array:
    return table[rows]


@program(numbers("f4", 6, 8), numbers("f4", 8), tolerance=ROUNDING)
def for_loop(x: Array, start: Array) -> Arrays:
    return start + x.sum(axis=0), np.array(42, "i4")


@program(np.array([37.5, -3, 0, 1, 1e30], "f4"), np.array(True), np.array(False))
def if_and_while(x: Array, first: Array, second: Array) -> Arrays:
    small, rounds = x, 0
    while small[0] >= 1:
        small, rounds = small * np.float32(0.5), rounds + 1
    return (-small if first else x), (-small if second else x), np.array(rounds, "i8")


@program(numbers("f4", 4), np.array(5, "i4"), numbers("f4", 4), tolerance=ROUNDING)
def stablehlo_loops(x: Array, n: Array, scale: Array) -> Arrays:
    total, steps = x, 0
    for i in range(int(n)):
        inner = total
        for _ in range(i):
            inner, steps = (inner * scale + total) * 0.5, steps + 1
        total = inner - x
    return total, scale, x, np.array(steps, "i4"), scale


@program(numbers("f4", 2, 3), np.array([2, 7, 1, -1, 0, 2], "i4"))
def stablehlo_branches(x: Array, numbers: Array) -> Arrays:
    state = x
    for number in numbers:
        branches = (-state, state + x, state[:, ::-1], x, np.abs(state))
        state = branches[number if 0 <= number < 4 else 4]
    first, second = (x + x, state) if state[0, 0] > 0 else (state, x * x)
    return first + first, second


@program(numbers("f4", 5), tolerance=ROUNDING)
def device_globals(x: Array) -> Arrays:
    before = np.arange(1, 6, dtype=x.dtype)
    return before, before + x + 1, np.zeros(5, x.dtype)


@program(numbers("f4", 4), np.array(6, "i4"), np.array(False), tolerance=ROUNDING)
def cf_blocks(x: Array, n: Array, keep: Array) -> Array:
    value = x
    for i in range(int(n)):
        value = value + x if i % 2 == 0 else value * x ** max(i, 1)
    return value if keep else -value


@program(numbers("f4", 5, 31), numbers("f4", 31, 9), tolerance=ROUNDING)
def reversed_maps(a: Array, b: Array) -> Arrays:
    return a[:, ::-1] @ b, (a @ b)[::-1, ::-1], a[:, 9:0:-1]


@program(numbers("f4", 5, 4), np.array([3, 1, -128], "i1"), np.array(-7.5, "f4"))
def stablehlo_shapes(x: Array, y: Array, p: Array) -> Arrays:
    padded = np.full((7, 13), p)
    padded[1:6, ::4] = x
    return (
        padded[:, 1:-1][:, 1:11:2],
        np.broadcast_to(x.T[:, None], (4, 2, 5)),
        x[1:4, 1::2][::-1, ::-1],
        np.concatenate([x[1:, ::-1], x]),
        np.broadcast_to(y[::-1], (2, 3)),
        x.reshape(4, 5),
        np.broadcast_to(np.arange(4, dtype="f4"), (3, 4)),
        np.broadcast_to(np.arange(6, dtype="i2"), (2, 6)),
    )


@program(numbers("f4", 4))
def several_results(x: Array) -> Arrays:
    return x + x, x, np.array([[1, -2], [3, -4]], "i2"), x + x, x


@program(np.array(3.5, "f4"), np.array(-2.25, "f4"), np.array(2**62 - 1, "i8"))
def zero_dimensions(x: Array, y: Array, n: Array) -> Arrays:
    return np.asarray(x * y), np.asarray(n + n)


@program(np.zeros((3, 0), "f4"))
def zero_size(x: Array) -> Arrays:
    return x, np.zeros(3, "f4")


@program(numbers("i4", 4, 6), numbers("i4", 2, 3))
def slices(x: Array, y: Array) -> Arrays:
    inserted = x.copy()
    inserted[1:3, 2:5] = y
    return inserted, np.concatenate([x[:, 1:6:2], inserted], axis=1), np.pad(x, ((1, 2), (0, 1)), constant_values=-1)


@program(numbers("f4", 100))
def shift(x: Array) -> Array:
    return np.concatenate([x[:1], 2 * x[:90], x[91:]])


@program(numbers("f4", 5, 19), tolerance=ROUNDING)
def softmax(x: Array) -> Array:
    powers: Array = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@program(numbers("f4", 2, 3))
def constants(x: Array) -> Array:
    counts = np.arange(1, 7, dtype="f4").reshape(2, 3)
    return (x * counts + np.float32(2.5) - counts) * counts


@program(numbers("f4", 3, 7), numbers("i4", 2, 133), numbers("i1", 70, 3), np.arange(210, dtype="i2").reshape(70, 3))
def sort(x: Array, y: Array, z: Array, places: Array) -> Arrays:
    order = np.argsort(np.trunc(z / 16), axis=0, kind="stable")
    keys, numbers_of_keys = (np.take_along_axis(values, order, axis=0) for values in (z, places))
    return np.sort(x, axis=1), -np.sort(-y.astype("i8"), axis=1).astype("i4"), keys, numbers_of_keys


@program(numbers("i4", 3, 9), numbers("f4", 5, 11), numbers("f4", 11), tolerance=ROUNDING)
def scan(x: Array, y: Array, start: Array) -> Arrays:
    sums = np.cumsum(x, axis=1, dtype="i4")
    products = np.cumprod(np.vstack([start, y]), axis=0)[:-1]
    largest = np.maximum.accumulate(np.vstack([y, start])[::-1], axis=0)[1:][::-1]
    pairs = [(x[:, 0], sums[:, 0])]
    for a, b in zip(x.T[1:], sums.T[1:], strict=True):
        p, q = pairs[-1]
        pairs.append((q ^ a, p - b))
    first, second = (np.stack(column, axis=1) for column in zip(*pairs, strict=True))
    return sums, np.cumsum(x[:, ::-1], axis=1, dtype="i4")[:, ::-1], products, largest, first, second


@program(numbers("i1", 3, 40), numbers("f4", 30, 2), np.full((4, 2), -2, "f4"), np.full((4, 2), -1, "i8"))
def topk(x: Array, y: Array, least: Array, none: Array) -> Arrays:
    places = np.argsort(-np.trunc(x / 32), axis=1, kind="stable")[:, :5].astype("i4")
    candidates, known = np.vstack([least, y]), np.vstack([none, np.indices(y.shape)[0]])
    order = np.argsort(candidates, axis=0, kind="stable")[:4]
    small, small_places = (np.take_along_axis(values, order, axis=0) for values in (candidates, known))
    return np.take_along_axis(x, places, axis=1), places, small, small_places


@program(
    numbers("f4", 6, 21),
    np.array([[2], [0], [2], [6], [1 << 32]]),
    numbers("f4", 5, 1, 21),
    numbers("i4", 7, 5),
    np.array([[1, 2], [-2, 0], [6, -1], [-(1 << 31), (1 << 31) - 1]], "i4"),
    numbers("i4", 4, 3, 2),
    tolerance=ROUNDING,
)
def scatter(x: Array, rows: Array, u: Array, y: Array, corners: Array, w: Array) -> Arrays:
    sums = x.copy()
    for row, update in zip(rows[:, 0], u, strict=True):
        if row < len(sums):
            sums[row] += update[0]
    added, largest, last = y.copy(), y.copy(), y.copy()
    for (first, second), window in zip(corners.astype("i8"), w, strict=True):
        for (i, j), value in np.ndenumerate(window):
            row, column = first + i, second + j
            if 0 <= row < 7 and 0 <= column < 5:
                added[row, column] += value
                largest[row, column] = max(largest[row, column], value)
            row, column = second + i, first + j
            if 0 <= row < 7 and 0 <= column < 5:
                last[row, column] = value
    return sums, last, added, largest


@program(
    numbers("f4", 9, 21),
    np.array([[0, 8, 3], [-1, 9, 3]], "i4"),
    numbers("i1", 5, 6),
    np.array([[3, 3], [0, 0], [4, 1], [250, 200]], "u1"),
    numbers("f8", 3, 4, 5),
    np.array([[[1], [3]], [[0], [-7]], [[1 << 40], [2]]]),
    np.array([[1, 20, 3], [0, 5, 30]], "i4"),
)
def stablehlo_gather(x: Array, i: Array, y: Array, j: Array, z: Array, k: Array, e: Array) -> Arrays:
    columns, rows = np.minimum(j[:, 0], 3), np.minimum(j[:, 1], 3)
    windows = np.stack([y[row : row + 2, column : column + 3] for row, column in zip(rows, columns, strict=True)], 1)
    batches = np.stack([z[n][np.clip(k[n, :, 0], 0, 3)] for n in range(3)])
    elements = x[np.clip(e[0], 0, 8), np.clip(e[1], 0, 20)]
    return x[np.clip(i, 0, 8)], windows, batches, np.stack([elements, elements]), batches


@program(
    numbers("f4", 6, 9),
    np.array([[1, 0], [1, 6]], "i4"),
    numbers("f4", 2, 2, 9),
    numbers("i4", 3, 4),
    np.array([[[1], [3]], [[0], [-7]], [[1 << 40], [2]]]),
    numbers("i4", 3, 2),
    np.array([[0, 2, 250], [1, 0, 0]], "u1"),
    numbers("i4", 3, 3, 3)[:2],
    tolerance=ROUNDING,
)
def stablehlo_scatter(x: Array, i: Array, u: Array, y: Array, j: Array, v: Array, k: Array, w: Array) -> Arrays:
    rows = x.copy()
    for row, update in zip(i.ravel(), u.reshape(4, 9), strict=True):
        if 0 <= row < 6:
            rows[row] += update
    batches, added, largest = y.copy(), y.copy(), y.copy()
    for batch, number in np.ndindex(3, 2):
        if 0 <= j[batch, number, 0] < 4:
            batches[batch, j[batch, number, 0]] = v[batch, number]
    for (a, b, window), value in np.ndenumerate(w):
        row, column = int(k[1, window]) + a, int(k[0, window]) + b
        if row < 3 and column < 4:
            added[row, column] += value
            largest[row, column] = max(largest[row, column], value)
    return rows, batches, added, largest


@program(numbers("f4", 7, 9), numbers("f4", 2, 9), np.array(-3, "i4"), np.array(200, "u1"))
def stablehlo_slices(x: Array, u: Array, i: Array, j: Array) -> Arrays:
    updated = np.concatenate([u, x[2:]])
    doubled = np.concatenate([x[:1], x[:1] * np.array([[2], [4], [8], [16]], "f4"), x[5:]])
    return x[:3, 7:], updated, doubled


_SPECIAL = np.array([np.nan, -np.nan, 0.0, -0.0, np.inf, -np.inf, 1e-40, -1e-40, 3.0, -3.0], "f4")


@program(np.resize(_SPECIAL, (2, 30)), numbers("i1", 5, 40).view("u1") // 8, np.indices((5, 40))[1].astype("i4"))
def stablehlo_sort(x: Array, keys: Array, places: Array) -> Arrays:
    bits = x.view("i4")
    in_order = np.sort(np.where(bits < 0, np.iinfo("i4").max - bits.astype("i8") - (1 << 32), bits), axis=1)
    total = np.where(in_order < 0, np.iinfo("i4").max - in_order - (1 << 32), in_order).astype("i4")
    order = np.argsort(-keys.astype("i4"), axis=1, kind="stable")
    return total, np.take_along_axis(keys, order, axis=1), np.take_along_axis(places, order, axis=1)


@program(numbers("i1", 4, 7).view("u1"), numbers("i1", 7, 5), numbers("i4", 4, 5))
def stablehlo_quantized(x: Array, w: Array, b: Array) -> Arrays:
    def quantized(numbers: Array, scale: float, point: int, kind: str) -> Array:
        limits = np.iinfo(kind)
        return np.rint(np.clip(numbers / scale + point, limits.min, limits.max)).astype(kind)

    floats = (x.astype("f8") - 120) * 0.5
    products = quantized(floats @ (w * np.array([0.25, 0.5, 0.125, 1.0, 0.0625])), 0.125, 0, "i4")
    sums = quantized(products * 0.125 + b * 0.125, 0.125, 0, "i4")
    return quantized(sums * 0.125, 64.0, -5, "i1"), x.max(axis=1), floats[1].astype("f4")


@program(np.array([0x123456789ABCDEF0, (1 << 64) - 2], "u8"), np.array([7, (1 << 64) - 1, 41], "u8"))
def stablehlo_random(s: Array, t: Array) -> Arrays:
    def halves(number: int) -> tuple[int, int]:
        return number & MASK, (number >> 32) & MASK

    def philox_words(state: Array, blocks: int) -> list[int]:
        key, low, *high = (int(long) for long in state)
        counters = [(low + (high[0] << 64 if high else 0) + block) for block in range(blocks)]
        return [
            word
            for counter in counters
            for word in philox(Numbers(), halves(key), (*halves(counter), *halves(counter >> 64 if high else 0)))
        ]

    pairs = [threefry(Numbers(), halves(int(s[0])), halves(int(s[1]) + block)) for block in range(8)]
    left, right = zip(*pairs, strict=True)
    longs = philox_words(s, 3)
    return (
        s + np.array([0, 8], "u8"),
        np.array([*left, *right][:15], "u4").reshape(3, 5),
        np.array([7, 1, 42]),
        np.array(philox_words(t, 2)[:7], "u4"),
        np.array([low | high << 32 for low, high in zip(longs[::2], longs[1::2], strict=True)][:5], "u8"),
        np.array(philox_words(s, 2)[:6], "u4").astype("u1").view("i1"),
    )


PROGRAMS = MappingProxyType(
    {
        candidate.name: candidate
        for candidate in (
            clamp,
            elementwise_f32,
            elementwise_f64,
            *ELEMENTWISE_INTEGERS,
            elementwise_i1,
            casts,
            math_f32,
            broadcast_transpose,
            reductions,
            argmax,
            matmul_f32,
            matvec_f64,
            matmul_i8,
            batch_matmul,
            convolution,
            pooling,
            gather,
            for_loop,
            if_and_while,
            device_globals,
            cf_blocks,
            reversed_maps,
            stablehlo_loops,
            stablehlo_branches,
            stablehlo_shapes,
            several_results,
            zero_dimensions,
            zero_size,
            slices,
            shift,
            softmax,
            constants,
            sort,
            scan,
            topk,
            scatter,
            stablehlo_gather,
            stablehlo_scatter,
            stablehlo_slices,
            stablehlo_sort,
            stablehlo_random,
            stablehlo_quantized,
        )
    }
)
"""Programs by name."""
