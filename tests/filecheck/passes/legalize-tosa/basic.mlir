// Shapes and zero points become attributes and disappear; operands are broadcast.
// RUN: zellige-opt %s -p legalize-tosa | filecheck %s

func.func @main(%x: tensor<4x3xf32>, %b: tensor<1x3xf32>) -> tensor<6x3xf32> {
  %p = tosa.const_shape {values = dense<[1, 1, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %z = "tosa.const"() <{values = dense<2.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.add %x, %b : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  %1 = tosa.pad %0, %p, %z : (tensor<4x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<6x3xf32>
  return %1 : tensor<6x3xf32>
}

// CHECK-NOT:  tosa
// CHECK:      %[[B:.*]] = stablehlo.broadcast_in_dim %b, dims = [0, 1] : (tensor<1x3xf32>) -> tensor<4x3xf32>
// CHECK-NEXT: %[[S:.*]] = stablehlo.add %x, %[[B]] : tensor<4x3xf32>
// CHECK-NEXT: %[[Z:.*]] = stablehlo.constant dense<2.500000e+00> : tensor<f32>
// CHECK-NEXT: %[[R:.*]] = stablehlo.pad %[[S]], %[[Z]], low = [1, 0], high = [1, 0], interior = [0, 0]
// CHECK-NEXT: func.return %[[R]] : tensor<6x3xf32>
