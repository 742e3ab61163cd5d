"""What counts as a dot product of narrow integers, and which elements hold its factors."""

import pytest
from xdsl.dialects.builtin import IntegerType
from xdsl.dialects.linalg.ops import GenericOp

from tests.programs import parse
from zellige.analysis.dot_products import DotProduct, dot_product, split_sides, whole_sides
from zellige.dialects.packed import si8, si16, ui8

SIGNED = "%l = arith.extsi %x : i8 to i32"
UNSIGNED = "%l = arith.extui %x : i8 to i32"
ZERO_POINT = """%v = arith.extui %x : i8 to i32
      %c = arith.constant 7 : i32
      %l = arith.subi %v, %c : i32"""
ANY_ZERO_POINT = """%v = arith.extui %x : i8 to i32
      %l = arith.subi %v, %point : i32"""
SUM = "%n = arith.addi %s, %p : i32"


def product(left: str, total: str = SUM, m: int = 32, n: int = 64, k: int = 16) -> DotProduct | None:
    """The contraction of `left`, computed from bytes, with signed bytes."""
    text = f"""
    func.func @f(%point: i32) {{
    %a, %b, %c0 = "test.op"() : () -> (tensor<{m}x{k}xi8>, tensor<{k}x{n}xi8>, tensor<{m}x{n}xi32>)
    %r = linalg.generic {{
      indexing_maps = [
        affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>
      ],
      iterator_types = ["parallel", "parallel", "reduction"]
    }} ins(%a, %b : tensor<{m}x{k}xi8>, tensor<{k}x{n}xi8>) outs(%c0 : tensor<{m}x{n}xi32>) {{
    ^bb0(%x: i8, %y: i8, %s: i32):
      {left}
      %w = arith.extsi %y : i8 to i32
      %p = arith.muli %l, %w : i32
      {total}
      linalg.yield %n : i32
    }} -> tensor<{m}x{n}xi32>
    func.return
    }}"""
    (generic,) = [op for op in parse(text).walk() if isinstance(op, GenericOp)]
    return dot_product(generic)


@pytest.mark.parametrize(
    ("left", "bounds"),
    [
        (SIGNED, (-128, 127)),
        (UNSIGNED, (0, 255)),
        (ZERO_POINT, (-7, 248)),
        (ANY_ZERO_POINT, (-(1 << 31), (1 << 31) - 1)),
    ],
)
def test_bounds(left: str, bounds: tuple[int, int]) -> None:
    found = product(left)
    assert found is not None
    assert found.loop == 2
    assert [factor.source for factor in found.factors] == [0, 1]
    assert [factor.bounds for factor in found.factors] == [bounds, (-128, 127)]


@pytest.mark.parametrize(
    ("left", "total", "m"),
    [
        pytest.param(SIGNED, "%n = arith.subi %s, %p : i32", 32, id="a difference"),
        pytest.param(SIGNED, "%n = arith.addi %s, %l : i32", 32, id="a sum of one factor"),
        pytest.param(SIGNED, "%q = arith.addi %s, %s : i32\n%n = arith.addi %q, %p : i32", 32, id="twice the sum"),
        pytest.param("%l = arith.extsi %y : i8 to i32", SUM, 32, id="a square"),
        pytest.param(SIGNED, SUM, 3, id="weights used three times"),
    ],
)
def test_what_is_none(left: str, total: str, m: int) -> None:
    assert product(left, total, m) is None


@pytest.mark.parametrize(
    ("left", "elements", "fits"),
    [
        (UNSIGNED, (ui8, si8), True),
        (SIGNED, (ui8, si8), False),
        (SIGNED, (si16, si16), True),
        (ZERO_POINT, (ui8, si8), False),
        (ZERO_POINT, (si16, si16), True),
        (ANY_ZERO_POINT, (si16, si16), False),
    ],
)
def test_whole(left: str, elements: tuple[IntegerType, IntegerType], fits: bool) -> None:
    found = product(left)
    assert found is not None
    assert (whole_sides(found, elements) is not None) == fits


@pytest.mark.parametrize(
    ("left", "shift", "subtracted", "number"),
    [(SIGNED, 128, 0, -128), (ZERO_POINT, 0, 1, 0), (ANY_ZERO_POINT, 0, 1, 0)],
)
def test_offsets(left: str, shift: int, subtracted: int, number: int) -> None:
    """A signed byte is 128 more as an unsigned one; what is subtracted from each element is apart from it."""
    found = product(left)
    assert found is not None
    sides = split_sides(found, (ui8, si8))
    assert sides is not None
    offset = sides[0].offset
    assert sides[0].factor.shift == shift
    assert (len(offset.subtracted), offset.number) == (subtracted, number)
    assert sides[1].offset.is_zero


def test_an_offset_has_to_pay() -> None:
    found = product(SIGNED, m=8)
    assert found is not None
    assert split_sides(found, (ui8, si8)) is None
