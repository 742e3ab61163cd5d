// A dimension that is cut into tiles is padded to whole ones and split; then the tiles go last.
// RUN: zellige-opt %s -p decompose-packs | filecheck %s

func.func @main(%x: tensor<13x4xf32>, %z: f32) -> tensor<4x2x8xf32> {
  %d = tensor.empty() : tensor<4x2x8xf32>
  %y = linalg.pack %x padding_value(%z : f32) outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %d : tensor<13x4xf32> -> tensor<4x2x8xf32>
  return %y : tensor<4x2x8xf32>
}

// CHECK:      %d = tensor.empty() : tensor<4x2x8xf32>
// CHECK-NEXT: %0 = tensor.pad %x low[0, 0] high[3, 0] {
// CHECK-NEXT: ^bb0(%1: index, %2: index):
// CHECK-NEXT:   tensor.yield %z : f32
// CHECK-NEXT: } : tensor<13x4xf32> to tensor<16x4xf32>
// CHECK-NEXT: %3 = tensor.expand_shape %0 {{.*}} : tensor<16x4xf32> into tensor<2x8x4xf32>
// CHECK-NEXT: %y = linalg.transpose ins(%3 : tensor<2x8x4xf32>) outs(%d : tensor<4x2x8xf32>) permutation = [2, 0, 1]
