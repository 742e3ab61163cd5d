// A product without sums adds nothing up.
// RUN: zellige-opt %s -p legalize-stablehlo-contractions | filecheck %s

func.func @main(%a: tensor<4xf32>, %b: tensor<5xf32>) -> tensor<4x5xf32> {
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [] x [] : (tensor<4xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  return %0 : tensor<4x5xf32>
}

// CHECK:      %[[E:.*]] = tensor.empty() : tensor<4x5xf32>
// CHECK-NEXT: linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a, %b : tensor<4xf32>, tensor<5xf32>) outs(%[[E]] : tensor<4x5xf32>) {
// CHECK-NEXT: ^{{.*}}(%[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT:   %[[AB:.*]] = arith.mulf %[[A]], %[[B]] : f32
// CHECK-NEXT:   linalg.yield %[[AB]] : f32
