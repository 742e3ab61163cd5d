// Ops that move elements, as JAX and torch-mlir print them, and in generic form.
// RUN: ROUNDTRIP
// RUN: zellige-opt %s --print-op-generic | zellige-opt | filecheck %s

func.func @f(%a: tensor<2x3xf32>, %z: tensor<f32>, %n: tensor<2xi64>) {
  %0 = stablehlo.broadcast_in_dim %a, dims = [0, 2] : (tensor<2x3xf32>) -> tensor<2x4x3xf32>
  %1 = stablehlo.broadcast_in_dim %z, dims = [] : (tensor<f32>) -> tensor<4xf32>
  %2 = stablehlo.reshape %a : (tensor<2x3xf32>) -> tensor<6xf32>
  %3 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %4 = stablehlo.slice %a [0:2, 0:3:2] : (tensor<2x3xf32>) -> tensor<2x2xf32>
  %5 = stablehlo.slice %z [] : (tensor<f32>) -> tensor<f32>
  %6 = stablehlo.pad %a, %z, low = [1, -1], high = [0, 2], interior = [1, 0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<4x4xf32>
  %7 = stablehlo.concatenate %a, %a, dim = 0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  %8 = stablehlo.reverse %a, dims = [1] : tensor<2x3xf32>
  %9 = stablehlo.iota dim = 1 : tensor<2x3xi32>
  %10 = stablehlo.get_dimension_size %a, dim = 1 : (tensor<2x3xf32>) -> tensor<i32>
  %11 = stablehlo.dynamic_broadcast_in_dim %z, %n, dims = [] : (tensor<f32>, tensor<2xi64>) -> tensor<?x?xf32>
  %12 = stablehlo.dynamic_reshape %a, %n : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<3x2xf32>
  %13 = stablehlo.dynamic_iota %n, dim = 0 : (tensor<2xi64>) -> tensor<?x3xi32>
  %14 = stablehlo.dynamic_pad %a, %z, %n, %n, %n : (tensor<2x3xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  %15 = stablehlo.real_dynamic_slice %a, %n, %n, %n : (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// CHECK:      %0 = stablehlo.broadcast_in_dim %a, dims = [0, 2] : (tensor<2x3xf32>) -> tensor<2x4x3xf32>
// CHECK-NEXT: %1 = stablehlo.broadcast_in_dim %z, dims = [] : (tensor<f32>) -> tensor<4xf32>
// CHECK-NEXT: %2 = stablehlo.reshape %a : (tensor<2x3xf32>) -> tensor<6xf32>
// CHECK-NEXT: %3 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CHECK-NEXT: %4 = stablehlo.slice %a [0:2, 0:3:2] : (tensor<2x3xf32>) -> tensor<2x2xf32>
// CHECK-NEXT: %5 = stablehlo.slice %z [] : (tensor<f32>) -> tensor<f32>
// CHECK-NEXT: %6 = stablehlo.pad %a, %z, low = [1, -1], high = [0, 2], interior = [1, 0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<4x4xf32>
// CHECK-NEXT: %7 = stablehlo.concatenate %a, %a, dim = 0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT: %8 = stablehlo.reverse %a, dims = [1] : tensor<2x3xf32>
// CHECK-NEXT: %9 = stablehlo.iota dim = 1 : tensor<2x3xi32>
// CHECK-NEXT: %10 = stablehlo.get_dimension_size %a, dim = 1 : (tensor<2x3xf32>) -> tensor<i32>
// CHECK-NEXT: %11 = stablehlo.dynamic_broadcast_in_dim %z, %n, dims = [] : (tensor<f32>, tensor<2xi64>) -> tensor<?x?xf32>
// CHECK-NEXT: %12 = stablehlo.dynamic_reshape %a, %n : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<3x2xf32>
// CHECK-NEXT: %13 = stablehlo.dynamic_iota %n, dim = 0 : (tensor<2xi64>) -> tensor<?x3xi32>
// CHECK-NEXT: %14 = stablehlo.dynamic_pad %a, %z, %n, %n, %n
// CHECK-NEXT: %15 = stablehlo.real_dynamic_slice %a, %n, %n, %n
