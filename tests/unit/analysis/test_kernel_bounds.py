"""Kernels whose accesses stay inside of their operands, and such that look like them."""

from __future__ import annotations

import pytest

from zellige.analysis.kernel_bounds import stray_access
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.dialects.flow import executables

WINDOWS = """
builtin.module {
flow.executable @windows workgroups [4, 1, 1] {
  func.func @windows(%x: memref<64x20xf32, #hal.memory<device>>, %out: memref<64x18xf32, #hal.memory<device>>) {
    %c16 = arith.constant 16 : index
    %id = hal.workgroup_id 0
    %offset = arith.muli %id, %c16 : index
    %0 = bufferization.to_tensor %x restrict : memref<64x20xf32, #hal.memory<device>> to tensor<64x20xf32>
    %1 = tensor.extract_slice %0[%offset, 0] [16, 20] [1, 1] : tensor<64x20xf32> to tensor<16x20xf32>
    %2 = tensor.empty() : tensor<16x18xf32>
    %w = tensor.empty() : tensor<3xf32>
    %3 = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i, j + k)>, affine_map<(i, j, k) -> (k)>,
        affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]
    } ins(%1, %w : tensor<16x20xf32>, tensor<3xf32>) outs(%2 : tensor<16x18xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %i = linalg.index 0 : index
      %k = linalg.index 2 : index
      %d = tensor.extract %1[%i, %k] : tensor<16x20xf32>
      %e = arith.addf %a, %d : f32
      linalg.yield %e : f32
    } -> tensor<16x18xf32>
    %4 = memref.subview %out[%offset, 0] [16, 18] [1, 1] : memref<64x18xf32, #hal.memory<device>>
        to memref<16x18xf32, strided<[18, 1], offset: ?>, #hal.memory<device>>
    bufferization.materialize_in_destination %3 in restrict writable %4
        : (tensor<16x18xf32>, memref<16x18xf32, strided<[18, 1], offset: ?>, #hal.memory<device>>) -> ()
    func.return
  }
}
}
"""

ROWS = """
builtin.module {
flow.executable @rows workgroups [1, 1, 1] {
  func.func @rows(%x: memref<8x6xf32, #hal.memory<device>>, %out: memref<8x10xf32, #hal.memory<device>>) {
    %0 = memref.reinterpret_cast %x to offset: [0], sizes: [48], strides: [1]
        : memref<8x6xf32, #hal.memory<device>> to memref<48xf32, #hal.memory<device>>
    %1 = bufferization.to_tensor %0 restrict : memref<48xf32, #hal.memory<device>> to tensor<48xf32>
    %2 = memref.subview %out[1, 2] [6, 8] [1, 1] : memref<8x10xf32, #hal.memory<device>>
        to memref<6x8xf32, strided<[10, 1], offset: 12>, #hal.memory<device>>
    %3 = tensor.expand_shape %1 [[0, 1]] output_shape [6, 8] : tensor<48xf32> into tensor<6x8xf32>
    bufferization.materialize_in_destination %3 in restrict writable %2
        : (tensor<6x8xf32>, memref<6x8xf32, strided<[10, 1], offset: 12>, #hal.memory<device>>) -> ()
    func.return
  }
}
}
"""


def stray(text: str) -> str | None:
    (executable,) = executables(read_module(text, "<kernel>", context()))
    return stray_access(executable)


@pytest.mark.parametrize("text", [WINDOWS, ROWS])
def test_kernels_that_stay_inside(text: str) -> None:
    assert stray(text) is None


@pytest.mark.parametrize(
    ("text", "old", "new", "op"),
    [
        (WINDOWS, "workgroups [4, 1, 1]", "workgroups [5, 1, 1]", "tensor.extract_slice"),
        (WINDOWS, "constant 16", "constant 17", "tensor.extract_slice"),
        (WINDOWS, "constant 16", "constant -16", "tensor.extract_slice"),
        (WINDOWS, "arith.muli %id, %c16", "arith.divui %id, %c16", "tensor.extract_slice"),
        (WINDOWS, "%1[%i, %k]", "%1[%i, %offset]", "tensor.extract"),
        (WINDOWS, "strided<[18, 1], offset: ?>", "strided<[20, 1], offset: ?>", "memref.subview"),
        (WINDOWS, "strided<[18, 1], offset: ?>", "strided<[18, 1], offset: 0>", "memref.subview"),
        (ROWS, "memref<8x6xf32,", "memref<8x6xf32, strided<[7, 1]>,", "func.func"),
        (ROWS, "strides: [1]", "strides: [2]", "memref.reinterpret_cast"),
        (ROWS, "offset: [0]", "offset: [1]", "memref.reinterpret_cast"),
        (ROWS, "offset: [0], sizes: [48]", "offset: [-1], sizes: [48]", "memref.reinterpret_cast"),
        (ROWS, "offset: 12", "offset: 13", "memref.subview"),
        (ROWS, "%out[1, 2]", "%out[1, 3]", "memref.subview"),
        (ROWS, "%out[1, 2]", "%out[3, 2]", "memref.subview"),
        (ROWS, "[10, 1]", "[11, 1]", "memref.subview"),
    ],
)
def test_kernels_that_reach_further(text: str, old: str, new: str, op: str) -> None:
    """Places that are constants, and those of structured ops, are compared with shapes by verifiers."""
    assert old in text
    assert stray(text.replace(old, new)) == f"'{op}' is not known to stay inside of its operands"
