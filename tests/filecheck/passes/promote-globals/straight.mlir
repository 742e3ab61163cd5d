// A global is loaded first and stored last; what nobody stores is a constant, what nobody uses is gone; an initializer sets the rest.
// RUN: zellige-opt %s -p promote-globals | filecheck %s

ml_program.global private mutable @sum(dense<[1.0, 2.0]> : tensor<2xf32>) : tensor<2xf32>
ml_program.global private mutable @last : tensor<2xf32>
ml_program.global private mutable @seed(dense<0> : tensor<i64>) : tensor<i64>
ml_program.global private @scale(dense<[3.0, 4.0]> : tensor<2xf32>) : tensor<2xf32>

func.func @main(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  ml_program.global_store @last = %x : tensor<2xf32>
  %scale = ml_program.global_load_const @scale : tensor<2xf32>
  %e = tensor.empty() : tensor<2xf32>
  %0 = linalg.mul ins(%x, %scale : tensor<2xf32>, tensor<2xf32>) outs(%e : tensor<2xf32>) -> tensor<2xf32>
  %1 = ml_program.global_load @sum : tensor<2xf32>
  %2 = linalg.add ins(%0, %1 : tensor<2xf32>, tensor<2xf32>) outs(%e : tensor<2xf32>) -> tensor<2xf32>
  ml_program.global_store @sum = %2 : tensor<2xf32>
  %3 = ml_program.global_load @sum : tensor<2xf32>
  return %3, %1 : tensor<2xf32>, tensor<2xf32>
}

// CHECK:      ml_program.global private mutable @sum : tensor<2xf32>
// CHECK-NEXT: ml_program.global private mutable @last : tensor<2xf32>
// CHECK-NEXT: func.func @main
// CHECK-NEXT:   %sum = ml_program.global_load @sum : tensor<2xf32>
// CHECK-NEXT:   %scale = arith.constant dense<[3.000000e+00, 4.000000e+00]>
// CHECK:        %[[NEW:.*]] = linalg.add ins(%{{.*}}, %sum
// CHECK-NEXT:   ml_program.global_store @last = %x : tensor<2xf32>
// CHECK-NEXT:   ml_program.global_store @sum = %[[NEW]] : tensor<2xf32>
// CHECK-NEXT:   func.return %[[NEW]], %sum
// CHECK:      func.func @initialize() attributes {hal.initializer} {
// CHECK:        ml_program.global_store @{{last|sum}}
// CHECK:        ml_program.global_store @{{last|sum}}
// CHECK-NEXT:   func.return
