// Overlapping tiles of the input are read by the map of a product with a constant matrix, along height and then width.
// RUN: zellige-opt %s -p decompose-winograd | filecheck %s

func.func @main(%x: tensor<1x10x14x5xf32>, %b: tensor<6x6x2x3x1x5xf32>) -> tensor<6x6x2x3x1x5xf32> {
  %0 = linalg.winograd_input_transform fmr(F_4_3) ins(%x : tensor<1x10x14x5xf32>) outs(%b : tensor<6x6x2x3x1x5xf32>) -> tensor<6x6x2x3x1x5xf32>
  return %0 : tensor<6x6x2x3x1x5xf32>
}

// CHECK:      [[TALL:%\d+]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d2, ((d1 * 4) + d5), d3, d4)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3, d4)>]
// CHECK:      } -> tensor<6x2x1x14x5xf32>
// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d6)>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d2, d4, ((d3 * 4) + d6), d5)>, affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3, d4, d5)>]
