"""Packed tensors and tensors of their indices, against numpy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

import zellige

Array = npt.NDArray[np.float32]


def random(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


def packed(x: Array, order: tuple[int, int], positions: tuple[int, int], tiles: tuple[int, int], pad: float) -> Array:
    """One element at a time, as upstream's documentation says it."""
    tile_of = dict(zip(positions, tiles, strict=True))
    outer = [-(-x.shape[dim] // tile_of[dim]) for dim in order]
    result = np.full((*outer, *tiles), pad, np.float32)
    for point in np.ndindex(*x.shape):
        place = [point[dim] // tile_of[dim] for dim in order] + [point[dim] % tile_of[dim] for dim in positions]
        result[tuple(place)] = x[point]
    return result


def type_of(array: Array) -> str:
    return f"tensor<{''.join(f'{size}x' for size in array.shape)}f32>"


CASES = [
    ((8, 12), (0, 1), (0, 1), (4, 3)),
    ((13, 5), (0, 1), (0, 1), (8, 2)),
    ((13, 5), (1, 0), (0, 1), (8, 2)),
    ((13, 5), (0, 1), (1, 0), (2, 8)),
    ((6, 7), (1, 0), (1, 0), (7, 1)),
]


@pytest.mark.parametrize(("shape", "order", "positions", "tiles"), CASES)
def test_packing_and_unpacking(
    shape: tuple[int, int], order: tuple[int, int], positions: tuple[int, int], tiles: tuple[int, int]
):
    x = random(*shape)
    expected = packed(x, order, positions, tiles, -2.0)
    form = f"outer_dims_perm = {list(order)} inner_dims_pos = {list(positions)} inner_tiles = {list(tiles)}"
    text = f"""
    func.func @pack(%x: {type_of(x)}) -> {type_of(expected)} {{
      %pad = arith.constant -2.0 : f32
      %e = tensor.empty() : {type_of(expected)}
      %0 = linalg.pack %x padding_value(%pad : f32) {form} into %e : {type_of(x)} -> {type_of(expected)}
      return %0 : {type_of(expected)}
    }}
    func.func @unpack(%x: {type_of(expected)}) -> {type_of(x)} {{
      %e = tensor.empty() : {type_of(x)}
      %0 = linalg.unpack %x {form} into %e : {type_of(expected)} -> {type_of(x)}
      return %0 : {type_of(x)}
    }}
    """
    with zellige.load(zellige.compile(text)) as program:
        np.testing.assert_array_equal(program["pack"](x), expected)
        np.testing.assert_array_equal(program["unpack"](expected), x)


def test_a_packed_product_is_the_product():
    a, b = random(7, 10), random(5, 10)
    text = """
    func.func @main(%a: tensor<7x10xf32>, %b: tensor<5x10xf32>) -> tensor<7x5xf32> {
      %zero = arith.constant 0.0 : f32
      %ea = tensor.empty() : tensor<2x5x4x2xf32>
      %pa = linalg.pack %a padding_value(%zero : f32) inner_dims_pos = [0, 1] inner_tiles = [4, 2] into %ea
          : tensor<7x10xf32> -> tensor<2x5x4x2xf32>
      %eb = tensor.empty() : tensor<2x5x3x2xf32>
      %pb = linalg.pack %b padding_value(%zero : f32) inner_dims_pos = [0, 1] inner_tiles = [3, 2] into %eb
          : tensor<5x10xf32> -> tensor<2x5x3x2xf32>
      %ec = tensor.empty() : tensor<2x2x4x3xf32>
      %fc = linalg.fill ins(%zero : f32) outs(%ec : tensor<2x2x4x3xf32>) -> tensor<2x2x4x3xf32>
      %pc = linalg.mmt4d ins(%pa, %pb : tensor<2x5x4x2xf32>, tensor<2x5x3x2xf32>)
          outs(%fc : tensor<2x2x4x3xf32>) -> tensor<2x2x4x3xf32>
      %e = tensor.empty() : tensor<7x5xf32>
      %c = linalg.unpack %pc inner_dims_pos = [0, 1] inner_tiles = [4, 3] into %e
          : tensor<2x2x4x3xf32> -> tensor<7x5xf32>
      return %c : tensor<7x5xf32>
    }
    """
    with zellige.load(zellige.compile(text)) as program:
        np.testing.assert_allclose(program["main"](a, b), a @ b.T, rtol=1e-4, atol=1e-5)


def test_packing_and_unpacking_of_any_size_into_tiles_of_any_size():
    text = """
    func.func @main(%x: tensor<?x5xf32>, %k: tensor<?xf32>) -> (tensor<?x3x?x2xf32>, tensor<?x5xf32>) {
      %c0 = arith.constant 0 : index
      %pad = arith.constant -2.0 : f32
      %n = tensor.dim %x, %c0 : tensor<?x5xf32>
      %tile = tensor.dim %k, %c0 : tensor<?xf32>
      %tiles = arith.ceildivui %n, %tile : index
      %e = tensor.empty(%tiles, %tile) : tensor<?x3x?x2xf32>
      %0 = linalg.pack %x padding_value(%pad : f32) inner_dims_pos = [0, 1] inner_tiles = [%tile, 2] into %e
          : tensor<?x5xf32> -> tensor<?x3x?x2xf32>
      %d = tensor.empty(%n) : tensor<?x5xf32>
      %1 = linalg.unpack %0 inner_dims_pos = [0, 1] inner_tiles = [%tile, 2] into %d
          : tensor<?x3x?x2xf32> -> tensor<?x5xf32>
      return %0, %1 : tensor<?x3x?x2xf32>, tensor<?x5xf32>
    }
    """
    with zellige.load(zellige.compile(text)) as program:
        for size, tile in ((13, 4), (8, 2), (1, 1), (5, 8)):
            x = random(size, 5)
            got, back = program["main"](x, random(tile))
            np.testing.assert_array_equal(got, packed(x, (0, 1), (0, 1), (tile, 2), -2.0))
            np.testing.assert_array_equal(back, x)


def test_elements_are_generated_from_their_indices():
    text = """
    func.func @main(%x: tensor<4xf32>, %scale: tensor<f32>) -> tensor<4x3xf32> {
      %s = tensor.extract %scale[] : tensor<f32>
      %0 = tensor.generate {
      ^bb0(%i: index, %j: index):
        %c3 = arith.constant 3 : index
        %p = arith.muli %i, %c3 : index
        %q = arith.addi %p, %j : index
        %n = arith.index_cast %q : index to i32
        %f = arith.sitofp %n : i32 to f32
        %e = tensor.extract %x[%i] : tensor<4xf32>
        %m = arith.mulf %f, %s : f32
        %y = arith.addf %m, %e : f32
        tensor.yield %y : f32
      } : tensor<4x3xf32>
      return %0 : tensor<4x3xf32>
    }
    """
    x = random(4)
    with zellige.load(zellige.compile(text)) as program:
        expected = np.arange(12, dtype=np.float32).reshape(4, 3) * 2 + x[:, None]
        np.testing.assert_allclose(program["main"](x, np.float32(2)), expected, rtol=1e-6)
