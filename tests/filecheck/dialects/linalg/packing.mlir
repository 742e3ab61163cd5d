// pack and unpack are read and printed as upstream writes them.
// RUN: ROUNDTRIP

func.func @main(%x: tensor<13x4xf32>, %z: f32, %p: tensor<4x2x8xf32>, %n: index, %q: tensor<?x?x8x?xf32>, %w: tensor<?x?xf32>) {
  %0 = linalg.pack %x padding_value(%z : f32) outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %p : tensor<13x4xf32> -> tensor<4x2x8xf32>
  %1 = linalg.unpack %p outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %x : tensor<4x2x8xf32> -> tensor<13x4xf32>
  %2 = linalg.pack %w padding_value(%z : f32) inner_dims_pos = [0, 1] inner_tiles = [8, %n] into %q : tensor<?x?xf32> -> tensor<?x?x8x?xf32>
  return
}

// CHECK:      %0 = linalg.pack %x padding_value(%z : f32) outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %p : tensor<13x4xf32> -> tensor<4x2x8xf32>
// CHECK-NEXT: %1 = linalg.unpack %p outer_dims_perm = [1, 0] inner_dims_pos = [0] inner_tiles = [8] into %x : tensor<4x2x8xf32> -> tensor<13x4xf32>
// CHECK-NEXT: %2 = linalg.pack %w padding_value(%z : f32) inner_dims_pos = [0, 1] inner_tiles = [8, %n] into %q : tensor<?x?xf32> -> tensor<?x?x8x?xf32>
