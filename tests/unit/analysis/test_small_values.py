"""What is computed from constants is known, through whatever computes it."""

from __future__ import annotations

import numpy as np
import pytest
from xdsl.dialects.func import FuncOp, ReturnOp

from tests.programs import parse
from zellige.analysis.small_values import small_value
from zellige.maths.numerics import Array


def value_of(body: str, type_: str) -> Array | None:
    module = parse(f"func.func @main(%n: tensor<2xi32>, %i: index) -> {type_} {{\n{body}\nreturn %r : {type_}\n}}")
    function = module.body.block.first_op
    assert isinstance(function, FuncOp)
    last = function.body.block.last_op
    assert isinstance(last, ReturnOp)
    return small_value(last.operands[0])


def test_a_generic_of_slices_of_constants() -> None:
    body = """
      %c = arith.constant dense<[3, 5, 7]> : tensor<3xi32>
      %a = tensor.extract_slice %c[0] [2] [2] : tensor<3xi32> to tensor<2xi32>
      %three = arith.constant 3 : i32
      %e = tensor.empty() : tensor<2xi32>
      %b = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
          iterator_types = ["parallel"]} ins(%a : tensor<2xi32>) outs(%e : tensor<2xi32>) {
      ^bb0(%x: i32, %o: i32):
        %y = arith.muli %x, %three : i32
        linalg.yield %y : i32
      } -> tensor<2xi32>
      %w = tensor.empty() : tensor<4xi32>
      %v = tensor.insert_slice %b into %w[0] [2] [1] : tensor<2xi32> into tensor<4xi32>
      %r = tensor.insert_slice %a into %v[2] [2] [1] : tensor<2xi32> into tensor<4xi32>
    """
    np.testing.assert_array_equal(value_of(body, "tensor<4xi32>"), [9, 21, 3, 7])


def test_a_long_chain_does_not_fill_the_stack() -> None:
    lines = ["%one = arith.constant 1 : i32", "%v0 = arith.constant 0 : i32"]
    lines += [f"%v{i + 1} = arith.addi %v{i}, %one : i32" for i in range(3000)]
    body = "\n".join([*lines, "%r = arith.addi %v3000, %v0 : i32"])
    assert value_of(body, "i32") == 3000


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ("%r = tensor.extract_slice %n[0] [1] [1] : tensor<2xi32> to tensor<1xi32>", "tensor<1xi32>"),
        ("%r = arith.constant dense<1> : tensor<1000xi32>", "tensor<1000xi32>"),
        ("%c = arith.constant dense<1> : tensor<2xi32>\n%r = tensor.extract %c[%i] : tensor<2xi32>", "i32"),
        (
            "%k = arith.constant 2 : index\n%c = arith.constant dense<1> : tensor<2xi32>\n"
            "%r = tensor.extract %c[%k] : tensor<2xi32>",
            "i32",
        ),
    ],
    ids=["argument", "large", "index at run time", "out of bounds"],
)
def test_other_values_are_not_known(body: str, type_: str) -> None:
    assert value_of(body, type_) is None
