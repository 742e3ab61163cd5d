"""Integers of 2 and 4 bits: packed in device memory, exact arithmetic that wraps. The oracle is Python's arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest

import zellige
from zellige.element_types import NUMPY_DTYPES

Array = npt.NDArray[Any]


def run(text: str, *arguments: object, profile: str = "full") -> Any:
    with zellige.load(zellige.compile(text, profile=profile), cache=False) as program:
        return program["main"](*arguments)


def limits(name: str) -> tuple[int, int]:
    bits = int(name[-1])
    return (0, (1 << bits) - 1) if name.startswith("u") else (-1 << (bits - 1), (1 << (bits - 1)) - 1)


def every(name: str) -> list[int]:
    low, high = limits(name)
    return list(range(low, high + 1))


def wrapped(number: int, name: str) -> int:
    low, high = limits(name)
    return (number - low) % (high - low + 1) + low


def array(numbers: list[int], name: str) -> Array:
    return np.array(numbers, np.int8).astype(NUMPY_DTYPES[name])


def divide(x: int, y: int) -> int:
    if y == 0:
        return -1
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


def remainder(x: int, y: int) -> int:
    return x if y == 0 else x - divide(x, y) * y


def shifts(bits: int) -> dict[str, Callable[[int, int], int]]:
    """The amount is read as unsigned."""
    mask = (1 << bits) - 1
    return {
        "shift_left": lambda x, y: x << (y & mask) if y & mask < bits else 0,
        "shift_right_logical": lambda x, y: (x & mask) >> (y & mask),
        "shift_right_arithmetic": lambda x, y: wrapped(x, f"i{bits}") >> (y & mask),
    }


BINARY: dict[str, Callable[[int, int], int]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": divide,
    "remainder": remainder,
    "maximum": max,
    "minimum": min,
    "and": lambda x, y: x & y,
    "or": lambda x, y: x | y,
    "xor": lambda x, y: x ^ y,
}


@pytest.mark.parametrize("name", ["i4", "ui4", "i2", "ui2"])
def test_binary_ops_on_all_pairs(name: str) -> None:
    pairs = [(x, y) for x in every(name) for y in every(name)]
    functions = BINARY | shifts(int(name[-1]))
    kind = f"tensor<{len(pairs)}x{name}>"
    body = "\n".join(f"%{op} = stablehlo.{op} %x, %y : {kind}" for op in functions)
    names, kinds = ", ".join(f"%{op}" for op in functions), ", ".join([kind] * len(functions))
    text = f"func.func @main(%x: {kind}, %y: {kind}) -> ({kinds}) {{\n{body}\nreturn {names} : {kinds} }}"
    results = run(text, array([x for x, _ in pairs], name), array([y for _, y in pairs], name))
    for op, got in zip(functions, results, strict=True):
        expected = array([wrapped(functions[op](x, y), name) for x, y in pairs], name)
        np.testing.assert_array_equal(got.astype(np.int8), expected.astype(np.int8), err_msg=op)


@pytest.mark.parametrize("name", ["i4", "ui4"])
def test_unary_ops_comparisons_and_conversions(name: str) -> None:
    kind, numbers = f"tensor<16x{name}>", every(name)
    text = f"""
        func.func @main(%x: {kind}, %f: tensor<40xf32>) -> ({kind}, {kind}, {kind}, {kind}, tensor<16xi1>,
                        tensor<16xi32>, tensor<16xui8>, tensor<16xf32>, tensor<16xi1>, tensor<40x{name}>) {{
          %negate = stablehlo.negate %x : {kind}
          %not = stablehlo.not %x : {kind}
          %count = stablehlo.popcnt %x : {kind}
          %zeros = stablehlo.count_leading_zeros %x : {kind}
          %three = stablehlo.constant dense<3> : {kind}
          %less = stablehlo.compare LT, %x, %three : ({kind}, {kind}) -> tensor<16xi1>
          %wide = stablehlo.convert %x : ({kind}) -> tensor<16xi32>
          %bytes = stablehlo.convert %x : ({kind}) -> tensor<16xui8>
          %floats = stablehlo.convert %x : ({kind}) -> tensor<16xf32>
          %truth = stablehlo.convert %x : ({kind}) -> tensor<16xi1>
          %back = stablehlo.convert %f : (tensor<40xf32>) -> tensor<40x{name}>
          return %negate, %not, %count, %zeros, %less, %wide, %bytes, %floats, %truth, %back : {kind}, {kind}, {kind},
            {kind}, tensor<16xi1>, tensor<16xi32>, tensor<16xui8>, tensor<16xf32>, tensor<16xi1>, tensor<40x{name}>
        }}"""
    floats = np.linspace(-20, 20, 40, dtype=np.float32)
    low, high = limits(name)
    expected: list[list[Any]] = [
        [wrapped(-x, name) for x in numbers],
        [wrapped(~x, name) for x in numbers],
        [wrapped((x & 15).bit_count(), name) for x in numbers],
        [wrapped(4 - (x & 15).bit_length(), name) for x in numbers],
        [x < 3 for x in numbers],
        numbers,
        [x & 255 for x in numbers],
        numbers,
        [x != 0 for x in numbers],
        [min(max(int(f), low), high) for f in floats],
    ]
    for number, (got, wanted) in enumerate(zip(run(text, array(numbers, name), floats), expected, strict=True)):
        np.testing.assert_array_equal(got.astype(np.int32), np.array(wanted), err_msg=str(number))


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (3, 4), (5, 1, 3), (0, 3), (2, 0)])
@pytest.mark.parametrize("name", ["i4", "ui2"])
def test_numbers_of_any_shape_go_in_and_out(name: str, shape: tuple[int, ...]) -> None:
    kind = f"tensor<{''.join(f'{size}x' for size in shape)}{name}>"
    numbers = np.random.default_rng(1).integers(*limits(name), shape).astype(NUMPY_DTYPES[name])
    constant = f"dense<{numbers.tolist()}>" if numbers.size else "dense<>"
    text = f"""
        func.func @main(%x: {kind}) -> ({kind}, {kind}) {{
          %c = stablehlo.constant {constant} : {kind}
          %0 = stablehlo.xor %x, %c : {kind}
          return %x, %0 : {kind}, {kind}
        }}"""
    same, zeros = run(text, numbers)
    np.testing.assert_array_equal(same, numbers)
    assert same.dtype == numbers.dtype
    np.testing.assert_array_equal(zeros.astype(np.int8), np.zeros(shape, np.int8))


def test_two_numbers_share_a_byte_of_a_device_buffer() -> None:
    text = "func.func @main(%x: tensor<5xi4>) -> tensor<5xi4> { return %x : tensor<5xi4> }"
    numbers = np.array([1, -2, 3, -4, 5], ml_dtypes.int4)
    with zellige.load(zellige.compile(text), cache=False) as program:
        buffer, result = program.device.array(numbers), program.device.empty(5, ml_dtypes.int4)
        program["main"](buffer, out=result)
        assert buffer.nbytes == result.nbytes == 3
        np.testing.assert_array_equal(result.stored(), np.array([0xE1, 0xC3, 0x05], np.uint8))
        np.testing.assert_array_equal(result.numpy(), numbers)
        assert not result.numpy().flags.writeable


@pytest.mark.parametrize(("rows", "dimension"), [(1, 0), (1, 1), (2, 0), (16, 1)])
def test_weights_stay_packed_and_are_unpacked_where_they_are_multiplied(rows: int, dimension: int) -> None:
    """`dimension` is the one of the weights that is summed over; there are as many rows and columns in them."""
    rng = np.random.default_rng(2)
    weights, x = rng.integers(-8, 8, (320, 320)).astype(ml_dtypes.int4), rng.random((rows, 320), np.float32)
    text = f"""
        func.func @main(%x: tensor<{rows}x320xf32>) -> tensor<{rows}x320xf32> {{
          %c = stablehlo.constant dense<"0x{weights.view(np.uint8).tobytes().hex()}"> : tensor<320x320xi4>
          %w = stablehlo.convert %c : (tensor<320x320xi4>) -> tensor<320x320xf32>
          %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [{dimension}]
              : (tensor<{rows}x320xf32>, tensor<320x320xf32>) -> tensor<{rows}x320xf32>
          return %0 : tensor<{rows}x320xf32>
        }}"""
    artifact = zellige.compile(text)
    assert len(artifact.module) < weights.size / 2 + 20_000
    with zellige.load(artifact, cache=False) as program:
        (kernel,) = program.entry_points.values()
        assert weights.size // 2 in [binding.size_bytes for binding in kernel.bindings]
        got = program["main"](x)
    wide = weights.astype(np.float32)
    np.testing.assert_allclose(got, x @ (wide if dimension == 0 else wide.T), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("shape", [(9, 33), (6, 64), (5, 48), (4, 7, 6)])
@pytest.mark.parametrize("name", ["i4", "i2"])
def test_constants_with_rows_of_any_length(name: str, shape: tuple[int, ...]) -> None:
    numbers = np.random.default_rng(3).integers(*limits(name), shape).astype(NUMPY_DTYPES[name])
    sizes = "".join(f"{size}x" for size in shape)
    text = f"""
        func.func @main() -> tensor<{sizes}xi32> {{
          %c = stablehlo.constant dense<{numbers.tolist()}> : tensor<{sizes}{name}>
          %0 = stablehlo.convert %c : (tensor<{sizes}{name}>) -> tensor<{sizes}i32>
          return %0 : tensor<{sizes}i32>
        }}""".replace("xxi32", "xi32")
    np.testing.assert_array_equal(run(text), numbers.astype(np.int32))


def test_operands_of_a_structured_op() -> None:
    rng = np.random.default_rng(4)
    a, b = (rng.integers(-8, 8, shape).astype(ml_dtypes.int4) for shape in ((5, 24), (24, 6)))
    text = """
        func.func @main(%a: tensor<5x24xi4>, %b: tensor<24x6xi4>, %c: tensor<5x6xi32>) -> tensor<5x6xi32> {
          %0 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                                affine_map<(m, n, k) -> (m, n)>],
                               iterator_types = ["parallel", "parallel", "reduction"]}
              ins(%a, %b : tensor<5x24xi4>, tensor<24x6xi4>) outs(%c : tensor<5x6xi32>) {
          ^bb0(%x: i4, %y: i4, %sum: i32):
            %u = arith.extui %x : i4 to i32
            %v = arith.extsi %y : i4 to i32
            %p = arith.muli %u, %v : i32
            %s = arith.addi %sum, %p : i32
            linalg.yield %s : i32
          } -> tensor<5x6xi32>
          return %0 : tensor<5x6xi32>
        }"""
    start = rng.integers(-9, 9, (5, 6), np.int32)
    expected = (a.astype(np.int32) & 15) @ b.astype(np.int32) + start
    np.testing.assert_array_equal(run(text, a, b, start), expected)


@pytest.mark.parametrize("profile", ["simd", "mvp"])
def test_other_profiles(profile: str) -> None:
    text = """
        func.func @main(%x: tensor<16xi4>) -> tensor<16xi4> {
          %0 = stablehlo.multiply %x, %x : tensor<16xi4>
          return %0 : tensor<16xi4>
        }"""
    got = run(text, array(every("i4"), "i4"), profile=profile)
    np.testing.assert_array_equal(got, array([wrapped(x * x, "i4") for x in every("i4")], "i4"))


def test_bytes_in_pieces_of_four_bits_and_back() -> None:
    text = """
        func.func @main(%x: tensor<3xi8>) -> (tensor<3x2xi4>, tensor<3xi8>) {
          %0 = stablehlo.bitcast_convert %x : (tensor<3xi8>) -> tensor<3x2xi4>
          %1 = stablehlo.bitcast_convert %0 : (tensor<3x2xi4>) -> tensor<3xi8>
          return %0, %1 : tensor<3x2xi4>, tensor<3xi8>
        }"""
    numbers = np.array([0x21, -1, 0x7F], np.int8)
    pieces, back = run(text, numbers)
    np.testing.assert_array_equal(pieces.astype(np.int8), [[1, 2], [-1, -1], [-1, 7]])
    np.testing.assert_array_equal(back, numbers)
