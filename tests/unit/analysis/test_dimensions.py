"""Sizes that types leave open are found at the op that makes a value, or among the arguments of the function."""

from __future__ import annotations

import pytest
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from zellige.analysis.dimensions import dynamic_sizes_of, sizes_of
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.support.errors import CompileError

BODY = """
  %two = arith.constant 2 : index
  %empty = tensor.empty(%n) : tensor<4x?xf32>
  %number = tensor.empty(%two) : tensor<?xf32>
  %rows = tensor.extract_slice %x[0, 0] [1, %n] [1, 1] : tensor<?x?xf32> to tensor<?xf32>
  %into = tensor.insert_slice %rows into %x[0, 0] [1, %n] [1, 1] : tensor<?xf32> into tensor<?x?xf32>
  %more = tensor.expand_shape %rows [[0, 1, 2]] output_shape [1, %m, 4] : tensor<?xf32> into tensor<1x?x4xf32>
  %less = tensor.collapse_shape %empty2 [[0, 1]] : tensor<?x1xf32> into tensor<?xf32>
  %sums = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
                          iterator_types = ["parallel", "reduction"]}
          ins(%x : tensor<?x?xf32>) outs(%less : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<?xf32>
  %loop = scf.for %i = %n to %m step %two iter_args(%carried = %sums) -> (tensor<?xf32>) {
    scf.yield %carried : tensor<?xf32>
  }
  %made = flow.dispatch @k(%x, %m) {hal.sizes = [array<i64: -1, 1>]} : (tensor<?x?xf32>, index) -> tensor<4x?xf32>
  func.return
"""


@pytest.fixture(scope="module")
def values() -> dict[str, SSAValue]:
    arguments = "%x: tensor<?x?xf32> {hal.sizes = array<i64: 1, 2>}, %n: index, %m: index, %empty2: tensor<?x1xf32>"
    text = f"func.func @main({arguments} {{hal.sizes = array<i64: 2, -1>}}) {{{BODY}}}"
    function = _function(read_module(text, "text", context()))
    found: dict[str, SSAValue] = {argument.name_hint or "": argument for argument in function.args}
    for op in function.body.block.ops:
        found |= {result.name_hint or "": result for result in op.results}
        found |= {a.name_hint or "": a for region in op.regions for block in region.blocks for a in block.args}
    return found


def _function(module: ModuleOp) -> func.FuncOp:
    function = module.body.block.first_op
    assert isinstance(function, func.FuncOp)
    return function


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("x", ["n", "m"]),
        ("empty", [4, "n"]),
        ("number", [2]),
        ("rows", ["n"]),
        ("into", ["n", "m"]),
        ("more", [1, "m", 4]),
        ("less", ["m"]),
        ("sums", ["m"]),
        ("loop", ["m"]),
        ("carried", ["m"]),
        ("made", [4, "m"]),
    ],
)
def test_a_size_is_a_number_or_a_value(values: dict[str, SSAValue], name: str, sizes: list[str | int]) -> None:
    assert sizes_of(values[name]) == tuple(values[size] if isinstance(size, str) else size for size in sizes)


def test_a_scalar_has_no_sizes(values: dict[str, SSAValue]) -> None:
    assert dynamic_sizes_of(values["n"]) == ()
    assert dynamic_sizes_of(values["empty"]) == (values["n"],)


def test_what_an_op_does_not_say_is_an_error_there() -> None:
    text = """func.func @main(%x: tensor<?xf32>) {
      %0 = tensor.cast %x : tensor<?xf32> to tensor<?xf32>
      func.return
    }"""
    cast = _function(read_module(text, "text", context())).body.block.first_op
    assert cast is not None
    with pytest.raises(
        CompileError, match=r"dimension 0 of tensor<\?xf32> does not follow from 'tensor.cast'"
    ) as caught:
        sizes_of(cast.results[0])
    assert caught.value.op is cast
