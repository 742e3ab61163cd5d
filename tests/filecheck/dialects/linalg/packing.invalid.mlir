// Tiles belong to different dimensions, and are full unless there is a padding value.
// RUN: DIAG

func.func @tiles(%x: tensor<13x4xf32>, %p: tensor<2x4x8xf32>) {
  // expected-error@below {{dimension 0 of 13 elements does not fill tiles of 8: expected a padding value}}
  %0 = linalg.pack %x inner_dims_pos = [0] inner_tiles = [8] into %p : tensor<13x4xf32> -> tensor<2x4x8xf32>
  return
}

// -----

func.func @shape(%x: tensor<16x4xf32>, %p: tensor<2x8x4xf32>) {
  // expected-error@below {{expected tensor<2x4x8xf32> as the packed form of tensor<16x4xf32>, got tensor<2x8x4xf32>}}
  %0 = linalg.pack %x inner_dims_pos = [0] inner_tiles = [8] into %p : tensor<16x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @twice(%x: tensor<16x4xf32>, %p: tensor<2x4x8x8xf32>) {
  // expected-error@below {{expected different dimensions of tensor<16x4xf32>, got inner_dims_pos = [0, 0]}}
  %0 = linalg.pack %x inner_dims_pos = [0, 0] inner_tiles = [8, 8] into %p : tensor<16x4xf32> -> tensor<2x4x8x8xf32>
  return
}
