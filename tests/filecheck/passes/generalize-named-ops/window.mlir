// Strides and dilations become factors in the input's map; the window of a pooling stays an operand for its shape.
// RUN: zellige-opt %s -p generalize-named-ops | filecheck %s

func.func @f(%x: tensor<1x2x9x9xf32>, %k: tensor<3x2xf32>, %y: tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32> {
  %0 = linalg.pooling_nchw_max {strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<[2, 1]> : tensor<2xi64>} ins(%x, %k : tensor<1x2x9x9xf32>, tensor<3x2xf32>) outs(%y : tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32>
  return %0 : tensor<1x2x3x8xf32>
}

// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, ((d2 * 2) + (d4 * 2)), (d3 + d5))>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %k : tensor<1x2x9x9xf32>, tensor<3x2xf32>) outs(%y : tensor<1x2x3x8xf32>) {
// CHECK-NEXT: ^{{.*}}(%[[X:[0-9]+]]: f32, %{{[0-9]+}}: f32, %[[Y:[0-9]+]]: f32):
// CHECK-NEXT:   %[[M:.*]] = arith.maximumf %[[Y]], %[[X]] : f32
// CHECK-NEXT:   linalg.yield %[[M]] : f32
