"""Convolutions by the ops of Winograd's transforms, against sums of products."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[Any]

IMAGES, CHANNELS, FILTERS = 2, 5, 3


def program(outputs: int, size: int, tiles: tuple[int, int], is_along: tuple[bool, bool]) -> str:
    """`@main(filter, input, start)`; along a dimension that is not transformed, the filter is 1."""
    kernel = [size if along else 1 for along in is_along]
    sides = [outputs + size - 1 if along else 1 for along in is_along]
    made = [count * outputs if along else count for count, along in zip(tiles, is_along, strict=True)]
    read = [extent + k - 1 for extent, k in zip(made, kernel, strict=True)]
    a, b = sides
    t, u = tiles
    f, x = (
        f"tensor<{FILTERS}x{kernel[0]}x{kernel[1]}x{CHANNELS}xf32>",
        f"tensor<{IMAGES}x{read[0]}x{read[1]}x{CHANNELS}xf32>",
    )
    y = f"tensor<{IMAGES}x{made[0]}x{made[1]}x{FILTERS}xf32>"
    tf, tx = f"tensor<{a}x{b}x{CHANNELS}x{FILTERS}xf32>", f"tensor<{a}x{b}x{t}x{u}x{IMAGES}x{CHANNELS}xf32>"
    ty = f"tensor<{a}x{b}x{t}x{u}x{IMAGES}x{FILTERS}xf32>"
    fmr, rows = f"fmr(F_{outputs}_{size})", t * u * IMAGES
    return f"""
      func.func @main(%f: {f}, %x: {x}, %start: {y}) -> {y} {{
        %zero = arith.constant 0.0 : f32
        %ef = tensor.empty() : {tf}
        %tf = linalg.winograd_filter_transform {fmr} ins(%f : {f}) outs(%ef : {tf}) -> {tf}
        %ex = tensor.empty() : {tx}
        %tx = linalg.winograd_input_transform {fmr} ins(%x : {x}) outs(%ex : {tx}) -> {tx}
        %l = tensor.collapse_shape %tx [[0, 1], [2, 3, 4], [5]] : {tx} into tensor<{a * b}x{rows}x{CHANNELS}xf32>
        %r = tensor.collapse_shape %tf [[0, 1], [2], [3]] : {tf} into tensor<{a * b}x{CHANNELS}x{FILTERS}xf32>
        %e = tensor.empty() : tensor<{a * b}x{rows}x{FILTERS}xf32>
        %z = linalg.fill ins(%zero : f32) outs(%e : tensor<{a * b}x{rows}x{FILTERS}xf32>)
          -> tensor<{a * b}x{rows}x{FILTERS}xf32>
        %m = linalg.batch_matmul
          ins(%l, %r : tensor<{a * b}x{rows}x{CHANNELS}xf32>, tensor<{a * b}x{CHANNELS}x{FILTERS}xf32>)
          outs(%z : tensor<{a * b}x{rows}x{FILTERS}xf32>) -> tensor<{a * b}x{rows}x{FILTERS}xf32>
        %v = tensor.expand_shape %m [[0, 1], [2, 3, 4], [5]] output_shape [{a}, {b}, {t}, {u}, {IMAGES}, {FILTERS}]
          : tensor<{a * b}x{rows}x{FILTERS}xf32> into {ty}
        %0 = linalg.winograd_output_transform {fmr} ins(%v : {ty}) outs(%start : {y}) -> {y}
        return %0 : {y}
      }}"""


def convolution(filter_: Array, input_: Array, start: Array) -> Array:
    total = start.astype(np.float64)
    height, width = start.shape[1:3]
    for i in range(filter_.shape[1]):
        for j in range(filter_.shape[2]):
            total += np.einsum("nhwc,fc->nhwf", input_[:, i : i + height, j : j + width], filter_[:, i, j])
    return total


CASES = [(2, 3, (True, True)), (4, 3, (True, True)), (2, 5, (True, True)), (4, 3, (True, False)), (2, 5, (False, True))]


@pytest.mark.parametrize(("outputs", "size", "is_along"), CASES)
def test_transforms_multiply_to_a_convolution(outputs: int, size: int, is_along: tuple[bool, bool]) -> None:
    with zellige.load(zellige.compile(program(outputs, size, (2, 3), is_along)), cache=False) as loaded:
        random = np.random.default_rng(0)
        shapes = [[size or 0 for size in argument.shape] for argument in loaded["main"].arguments]
        filter_, input_, start = (random.standard_normal(shape, np.float32) for shape in shapes)
        got = loaded["main"](filter_, input_, start)
    np.testing.assert_allclose(got, convolution(filter_, input_, start), rtol=1e-3, atol=1e-3)
