// Variables are mutable globals; one without a value starts as zeros.
// RUN: zellige-opt %s -p legalize-tosa-control-flow | filecheck %s

tosa.variable @count = dense<[1.0, 2.0]> : tensor<2xf32>
tosa.variable @empty : tensor<2xf32>

func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tosa.variable_read @count : tensor<2xf32>
  %1 = tosa.add %0, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  tosa.variable_write @count, %1 : tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK:      ml_program.global private mutable @count(dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>) : tensor<2xf32>
// CHECK-NEXT: ml_program.global private mutable @empty : tensor<2xf32>
// CHECK:      %[[OLD:.*]] = ml_program.global_load @count : tensor<2xf32>
// CHECK-NEXT: %[[SUM:.*]] = tosa.add %[[OLD]], %x
// CHECK-NEXT: ml_program.global_store @count = %[[SUM]] : tensor<2xf32>
