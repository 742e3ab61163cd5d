// Each feature of its own has a kernel of its own: groups are a loop, and channels of 1 are none.
// RUN: zellige-opt %s -p legalize-stablehlo-contractions | filecheck %s

func.func @main(%x: tensor<1x9x8x6xf32>, %k: tensor<3x2x1x6xf32>) -> tensor<1x4x7x6xf32> {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [2, 1], rhs_dilate = [1, 1]} {batch_group_count = 1 : i64, feature_group_count = 6 : i64} : (tensor<1x9x8x6xf32>, tensor<3x2x1x6xf32>) -> tensor<1x4x7x6xf32>
  return %0 : tensor<1x4x7x6xf32>
}

// CHECK: %[[X:.*]] = stablehlo.reshape %x : (tensor<1x9x8x6xf32>) -> tensor<1x9x8x6xf32>
// CHECK: %[[K:.*]] = stablehlo.reshape %k : (tensor<3x2x1x6xf32>) -> tensor<3x2x6xf32>
// CHECK: linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, ((d1 * 2) + d4), (d2 + d5), d3)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5, d3)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%[[X]], %[[K]] :
