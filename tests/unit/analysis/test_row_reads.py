"""Which bodies read along rows."""

from __future__ import annotations

import pytest
from xdsl.dialects.linalg.ops import GenericOp

from zellige.analysis.row_reads import row_reads
from zellige.analysis.structured import structured
from zellige.compiler.source import read_module
from zellige.compiler.universe import context

TEXT = """
func.func @f(%i: tensor<4xi32>, %y: tensor<4x8xf32>, %x: tensor<9x8xf32>) -> tensor<4x8xf32> {{
  %e = tensor.empty() : tensor<4x8xf32>
  %0 = linalg.generic {{
    indexing_maps = [affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r, c)>],
    iterator_types = ["parallel", "parallel"]
  }} ins(%i, %y : tensor<4xi32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {{
  ^bb0(%place: i32, %other: f32, %out: f32):
    %two = arith.constant 2 : index
    %row = linalg.index 0 : index
    %column = linalg.index 1 : index
    %index = arith.index_cast %place : i32 to index
    {body}
  }} -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}}
"""


def reads(body: str, loop: int) -> int | None:
    """How many reads go along the loop; None where there is no form with vectors."""
    module = read_module(TEXT.format(body=body), "test.mlir", context())
    generic = next(op for op in module.walk() if isinstance(op, GenericOp))
    found = row_reads(generic, structured(generic), loop)
    return None if found is None else len(found)


EXTRACT = "%a = tensor.extract %x[{0}, {1}] : tensor<9x8xf32>\n"
YIELD = "linalg.yield %a : f32"


@pytest.mark.parametrize(
    ("body", "loop", "expected"),
    [
        (EXTRACT.format("%index", "%column") + YIELD, 1, 1),
        (EXTRACT.format("%index", "%column") + "%b = arith.addf %a, %other : f32\nlinalg.yield %b : f32", 1, 1),
        ("%d = arith.addi %column, %two : index\n" + EXTRACT.format("%index", "%d") + YIELD, 1, 1),
        (EXTRACT.format("%index", "%two") + YIELD, 1, 0),
        (EXTRACT.format("%column", "%two") + YIELD, 1, None),
        (EXTRACT.format("%index", "%column") + YIELD, 0, None),
        (EXTRACT.format("%two", "%index") + YIELD, 0, None),
        ("%d = arith.subi %two, %column : index\n" + EXTRACT.format("%index", "%d") + YIELD, 1, None),
        ("%d = arith.addi %column, %column : index\n" + EXTRACT.format("%index", "%d") + YIELD, 1, None),
        ("%d = arith.index_cast %column : index to i32\n%a = arith.sitofp %d : i32 to f32\n" + YIELD, 1, None),
    ],
)
def test_row_reads(body: str, loop: int, expected: int | None):
    assert reads(body, loop) == expected
