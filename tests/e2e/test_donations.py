"""Arguments that are given away: their results stand in their place, and nothing that is still needed is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import zellige
from zellige import CompileError

Array = npt.NDArray[Any]

CACHE = """
func.func public @main(
    %cache: tensor<64x16xf32> {tf.aliasing_output = 1 : i32}, %row: tensor<1x16xf32>, %at: tensor<i32>)
    -> (tensor<16xf32>, tensor<64x16xf32>) {
  %none = stablehlo.constant dense<0> : tensor<i32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %new = stablehlo.dynamic_update_slice %cache, %row, %at, %none
      : (tensor<64x16xf32>, tensor<1x16xf32>, tensor<i32>, tensor<i32>) -> tensor<64x16xf32>
  %sum = stablehlo.reduce(%new init: %zero) applies stablehlo.add across dimensions = [0]
      : (tensor<64x16xf32>, tensor<f32>) -> tensor<16xf32>
  return %sum, %new : tensor<16xf32>, tensor<64x16xf32>
}
"""

STEPS = """
func.func @main(%x: tensor<8x8xf32> {tf.aliasing_output = 0 : i32}, %y: tensor<8x8xf32> {tf.aliasing_output = 1 : i32})
    -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>) {
  %0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0]
      : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = stablehlo.subtract %y, %x : tensor<8x8xf32>
  %2 = stablehlo.transpose %x, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0, %1, %2 : tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>
}
"""

SWAP = """
func.func @main(%x: tensor<8xf32> {tf.aliasing_output = 1 : i32}, %y: tensor<8xf32> {tf.aliasing_output = 0 : i32})
    -> (tensor<8xf32>, tensor<8xf32>) {
  return %x, %y : tensor<8xf32>, tensor<8xf32>
}
"""


def random(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


@pytest.fixture(params=["full", "simd"])
def profile(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_cache_is_updated_where_it_is(profile: str):
    artifact = zellige.compile(CACHE, profile=profile)
    (info,) = artifact.program.functions
    assert info.donations == ((0, 1),)
    assert info.dispatches == 2  # the row, and the sum: no copy
    expected = random(64, 16)
    with zellige.load(artifact) as program:
        cache = program.device.array(expected)
        for step in range(3):
            row = random(1, 16) * (step + 1)
            expected[step] = row[0]
            total, updated = program["main"](cache, row, np.int32(step))
            assert updated is cache
            np.testing.assert_array_equal(cache.numpy(), expected)
            np.testing.assert_allclose(total, expected.sum(0), rtol=1e-4, atol=1e-4)


def test_an_array_stays_as_it_is(profile: str):
    cache, row = random(64, 16), random(1, 16)
    before = cache.copy()
    with zellige.load(zellige.compile(CACHE, profile=profile)) as program:
        _, updated = program["main"](cache, row, np.int32(5))
    np.testing.assert_array_equal(cache, before)
    before[5] = row[0]
    np.testing.assert_array_equal(updated, before)


@pytest.mark.parametrize("out", ["array", "other buffer", "same buffer", "buffer of another argument"])
def test_results_go_where_the_caller_says(out: str):
    x, y = random(8, 8), random(8, 8) + 1
    expected = (x @ y, y - x, x.T)
    with zellige.load(zellige.compile(STEPS)) as program:
        one, two, three = (program.device.array(value) for value in (x, y, x))
        outs = {
            "array": (np.empty_like(x), np.empty_like(x), np.empty_like(x)),
            "other buffer": (program.device.empty((8, 8), "f4"), program.device.empty((8, 8), "f4"), three),
            "same buffer": (one, two, three),
            "buffer of another argument": (two, one, three),
        }[out]
        results = program["main"](one, two, out=outs)
        for result, wanted in zip(results, expected, strict=True):
            np.testing.assert_allclose(np.asarray(result), wanted, rtol=1e-5, atol=1e-5)


def test_a_buffer_may_be_two_arguments():
    x = random(8, 8)
    with zellige.load(zellige.compile(STEPS)) as program:
        both = program.device.array(x)
        out = tuple(np.empty_like(x) for _ in range(3))
        product, difference, transposed = program["main"](both, both, out=out)
        np.testing.assert_allclose(product, x @ x, rtol=1e-5, atol=1e-5)
        np.testing.assert_array_equal(difference, np.zeros_like(x))
        np.testing.assert_array_equal(transposed, x.T)


def test_arguments_change_places():
    x, y = random(8), random(8) + 1
    with zellige.load(zellige.compile(SWAP)) as program:
        one, two = program.device.array(x), program.device.array(y)
        assert program["main"](one, two) == (two, one)
        np.testing.assert_array_equal(one.numpy(), y)
        np.testing.assert_array_equal(two.numpy(), x)


def test_buffers_of_an_unchecked_call_are_those_of_the_results():
    x, y = random(8, 8), random(8, 8) + 1
    with zellige.load(zellige.compile(STEPS)) as program:
        one, two, three = (program.device.array(value) for value in (x, y, x))
        program["main"].call_unchecked(one, two, one, two, three)
        np.testing.assert_allclose(one.numpy(), x @ y, rtol=1e-5, atol=1e-5)
        np.testing.assert_array_equal(two.numpy(), y - x)
        np.testing.assert_array_equal(three.numpy(), x.T)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (("2", "0"), "argument 0 has 'tf.aliasing_output' 2 : i32, the function has 2 results"),
        (("0", "0"), "result 0 cannot stand in the places of two arguments"),
    ],
)
def test_wrong_donations_are_refused(attributes: tuple[str, str], message: str):
    text = SWAP.replace("output = 1", f"output = {attributes[0]}", 1)
    with pytest.raises(CompileError, match=message):
        zellige.compile(text)


def test_a_result_of_another_type_is_refused():
    text = SWAP.replace("%x: tensor<8xf32>", "%x: tensor<4xf32>").replace(
        "return %x, %y : tensor<8xf32>", "%z = stablehlo.add %y, %y : tensor<8xf32>\n return %z, %y : tensor<8xf32>"
    )
    with pytest.raises(CompileError, match=r"argument 0 is tensor<4xf32>, result 1, .*, is tensor<8xf32>"):
        zellige.compile(text)
