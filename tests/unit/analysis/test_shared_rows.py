"""Which loop nests run in one loop over rows."""

from __future__ import annotations

import pytest
from xdsl.dialects.linalg.ops import GenericOp

from zellige.analysis.nests import form_nests
from zellige.analysis.shared_rows import share_rows
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.dialects.flow import executables

TEXT = """
flow.executable @k {{
  func.func @k(%a: memref<8x8xf32, #hal.memory<device>> {{llvm.noalias}},
               %out: memref<8x8xf32, #hal.memory<device>> {mark}) {{
    %0 = bufferization.to_tensor %a restrict : memref<8x8xf32, #hal.memory<device>> to tensor<8x8xf32>
    %s = tensor.empty() : tensor<8xf32>
    %sum = linalg.generic {{
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "reduction"]
    }} ins(%0 : tensor<8x8xf32>) outs(%s : tensor<8xf32>)
      attrs = {{hal.schedule = #hal.schedule<workgroup [0, 0] tile [{tile}, 4]>}} {{
    ^bb0(%x: f32, %o: f32):
      %n = arith.addf %x, %o : f32
      linalg.yield %n : f32
    }} -> tensor<8xf32>
    %e = tensor.empty() : tensor<8x8xf32>
    %y = linalg.generic {{
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ({read})>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]
    }} ins(%0, %sum : tensor<8x8xf32>, tensor<8xf32>) outs(%e : tensor<8x8xf32>)
      attrs = {{hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 4]>}} {{
    ^bb0(%x: f32, %t: f32, %o: f32):
      {body}
    }} -> tensor<8x8xf32>
    bufferization.materialize_in_destination %y in restrict writable %out
      : (tensor<8x8xf32>, memref<8x8xf32, #hal.memory<device>>) -> ()
    func.return
  }}
}}
"""
PRODUCT = "%n = arith.mulf %x, %t : f32\nlinalg.yield %n : f32"
ANY_SUM = """%two = arith.constant 2 : index
      %other = tensor.extract %sum[%two] : tensor<8xf32>
      %n = arith.mulf %t, %other : f32
      linalg.yield %n : f32"""
NOALIAS = "{llvm.noalias}"


@pytest.mark.parametrize(
    ("mark", "tile", "read", "body", "expected"),
    [
        (NOALIAS, 1, "i", PRODUCT, [2]),
        (NOALIAS, 1, "j", PRODUCT, [1, 1]),
        (NOALIAS, 2, "i", PRODUCT, [1, 1]),
        ("", 1, "i", PRODUCT, [1, 1]),
        (NOALIAS, 1, "i", ANY_SUM, [1, 1]),
    ],
    ids=["same row", "other rows", "several rows at a time", "shared bytes", "a body that reads any row"],
)
def test_nests_share_rows(mark: str, tile: int, read: str, body: str, expected: list[int]) -> None:
    text = TEXT.format(mark=mark, tile=tile, read=read, body=body)
    (executable,) = executables(read_module(text, "test.mlir", context()))
    nests = form_nests([op for op in executable.kernel.body.block.ops if isinstance(op, GenericOp)])
    assert [len(group) for group in share_rows(executable.kernel, nests, ())] == expected
    assert all(len(group) == 1 for group in share_rows(executable.kernel, nests, [nests[0].root.op]))
