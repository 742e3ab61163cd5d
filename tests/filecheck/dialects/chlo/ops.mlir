// CHLO has upstream's forms; operands of the broadcasting ops have shapes of their own.
// RUN: ROUNDTRIP

func.func @f(%x: tensor<4x5xf32>, %y: tensor<5xf32>, %p: tensor<5xi1>) {
  // CHECK: %0 = chlo.erf %x : tensor<4x5xf32> -> tensor<4x5xf32>
  %0 = chlo.erf %x : tensor<4x5xf32> -> tensor<4x5xf32>
  // CHECK-NEXT: %1 = chlo.zeta %x, %x : tensor<4x5xf32>, tensor<4x5xf32> -> tensor<4x5xf32>
  %1 = chlo.zeta %x, %x : tensor<4x5xf32>, tensor<4x5xf32> -> tensor<4x5xf32>
  // CHECK-NEXT: %2, %3 = chlo.top_k(%x, k = 2) : tensor<4x5xf32> -> (tensor<4x2xf32>, tensor<4x2xi32>)
  %2, %3 = chlo.top_k(%x, k = 2) : tensor<4x5xf32> -> (tensor<4x2xf32>, tensor<4x2xi32>)
  // CHECK-NEXT: %4 = chlo.broadcast_add %x, %y {broadcast_dimensions = array<i64: 1>} : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  %4 = chlo.broadcast_add %x, %y {broadcast_dimensions = array<i64: 1>} : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  // CHECK-NEXT: %5 = chlo.broadcast_compare %x, %y {comparison_direction = #chlo<comparison_direction LT>} : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xi1>
  %5 = chlo.broadcast_compare %x, %y {comparison_direction = #chlo<comparison_direction LT>} : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xi1>
  // CHECK-NEXT: %6 = chlo.broadcast_select %p, %x, %y : (tensor<5xi1>, tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  %6 = chlo.broadcast_select %p, %x, %y : (tensor<5xi1>, tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  // CHECK-NEXT: %7 = chlo.is_inf %y : tensor<5xf32> -> tensor<5xi1>
  %7 = chlo.is_inf %y : tensor<5xf32> -> tensor<5xi1>
  // CHECK-NEXT: %8 = "chlo.constant_like"(%y) <{value = 2.000000e+00 : f32}> : (tensor<5xf32>) -> tensor<5xf32>
  %8 = "chlo.constant_like"(%y) {value = 2.0 : f32} : (tensor<5xf32>) -> tensor<5xf32>
  // CHECK-NEXT: %9 = chlo.constant dense<1.000000e+00> : tensor<2xf32>
  %9 = chlo.constant dense<1.0> : tensor<2xf32>
  return
}
