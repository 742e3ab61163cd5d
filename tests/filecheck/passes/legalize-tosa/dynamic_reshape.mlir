// A size that a reshape leaves open follows from those of the operand, which the program asks for.
// RUN: zellige-opt %s -p legalize-tosa | filecheck %s

func.func @main(%x: tensor<?x2x4xf32>) -> tensor<?x8xf32> {
  %s = tosa.const_shape {values = dense<[-1, 8]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %0 = tosa.reshape %x, %s : (tensor<?x2x4xf32>, !tosa.shape<2>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// CHECK:      %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-NEXT: %[[ROWS:.*]] = tensor.dim %x, %[[ZERO]] : tensor<?x2x4xf32>
// CHECK-NEXT: %[[EIGHT:.*]] = arith.constant 8 : index
// CHECK-NEXT: %[[SHAPE:.*]] = tensor.from_elements %[[ROWS]], %[[EIGHT]] : tensor<2xindex>
// CHECK-NEXT: stablehlo.dynamic_reshape %x, %[[SHAPE]] : (tensor<?x2x4xf32>, tensor<2xindex>) -> tensor<?x8xf32>
