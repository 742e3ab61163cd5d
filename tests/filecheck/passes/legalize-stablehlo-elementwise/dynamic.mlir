// A result of dynamic shape has the sizes of the operand whose elements it follows.
// RUN: zellige-opt %s -p legalize-stablehlo-elementwise | filecheck %s

func.func @f(%low: tensor<f32>, %x: tensor<?x4xf32>, %high: tensor<f32>) -> tensor<?x4xf32> {
  %0 = stablehlo.clamp %low, %x, %high : (tensor<f32>, tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK:      %[[#ZERO:]] = arith.constant 0 : index
// CHECK-NEXT: %[[#SIZE:]] = tensor.dim %x, %[[#ZERO]] : tensor<?x4xf32>
// CHECK-NEXT: %[[#NEW:]] = tensor.empty(%[[#SIZE]]) : tensor<?x4xf32>
// CHECK-NEXT: linalg.generic
// CHECK-SAME:   ins(%low, %x, %high : tensor<f32>, tensor<?x4xf32>, tensor<f32>) outs(%[[#NEW]] : tensor<?x4xf32>)
