// Tiles go back to their dimension, and what is outside of the result is cut off.
// RUN: zellige-opt %s -p decompose-packs | filecheck %s

func.func @main(%x: tensor<4x2x8xf32>) -> tensor<13x4xf32> {
  %d = tensor.empty() : tensor<13x4xf32>
  %y = linalg.unpack %x outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %d : tensor<4x2x8xf32> -> tensor<13x4xf32>
  return %y : tensor<13x4xf32>
}

// CHECK:      %0 = tensor.empty() : tensor<2x8x4xf32>
// CHECK-NEXT: %1 = linalg.transpose ins(%x : tensor<4x2x8xf32>) outs(%0 : tensor<2x8x4xf32>) permutation = [1, 2, 0]
// CHECK-NEXT: %2 = tensor.collapse_shape %1 {{.*}} : tensor<2x8x4xf32> into tensor<16x4xf32>
// CHECK-NEXT: %y = tensor.extract_slice %2[0, 0] [13, 4] [1, 1] : tensor<16x4xf32> to tensor<13x4xf32>
