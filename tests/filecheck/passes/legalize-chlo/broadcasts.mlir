// Operands of a broadcasting op get the shape of the result; `broadcast_dimensions` place the one of lower rank.
// RUN: zellige-opt %s -p legalize-chlo | filecheck %s

func.func @f(%x: tensor<4x5xf32>, %y: tensor<5xf32>, %z: tensor<4xf32>, %w: tensor<4x1xf32>) {
  // CHECK:      %0 = stablehlo.broadcast_in_dim %y, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
  // CHECK-NEXT: %1 = stablehlo.add %x, %0 : tensor<4x5xf32>
  %0 = chlo.broadcast_add %x, %y : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  // CHECK-NEXT: %2 = stablehlo.broadcast_in_dim %z, dims = [0] : (tensor<4xf32>) -> tensor<4x5xf32>
  // CHECK-NEXT: %3 = stablehlo.compare GT, %2, %x : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xi1>
  %1 = chlo.broadcast_compare %z, %x {broadcast_dimensions = array<i64: 0>, comparison_direction = #chlo<comparison_direction GT>} : (tensor<4xf32>, tensor<4x5xf32>) -> tensor<4x5xi1>
  // CHECK-NEXT: %4 = stablehlo.broadcast_in_dim %w, dims = [0, 1] : (tensor<4x1xf32>) -> tensor<4x5xf32>
  // CHECK-NEXT: %5 = stablehlo.broadcast_in_dim %y, dims = [1] : (tensor<5xf32>) -> tensor<4x5xf32>
  // CHECK-NEXT: %6 = stablehlo.select %3, %4, %5 : tensor<4x5xi1>, tensor<4x5xf32>
  %2 = chlo.broadcast_select %1, %w, %y : (tensor<4x5xi1>, tensor<4x1xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  // CHECK-NEXT: %7 = stablehlo.constant dense<2.000000e+00> : tensor<5xf32>
  %3 = "chlo.constant_like"(%y) {value = 2.0 : f32} : (tensor<5xf32>) -> tensor<5xf32>
  return
}
