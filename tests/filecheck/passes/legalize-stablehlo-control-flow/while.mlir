// A loop passes what it carries to its test and to its body; the test is read by the program.
// RUN: zellige-opt %s -p legalize-stablehlo-control-flow | filecheck %s

func.func @main(%n: tensor<i32>, %x: tensor<4xf32>) -> (tensor<i32>, tensor<4xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %0:2 = stablehlo.while(%i = %zero, %v = %x) : tensor<i32>, tensor<4xf32>
  cond {
    %1 = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %i, %one : tensor<i32>
    %2 = stablehlo.add %v, %x : tensor<4xf32>
    stablehlo.return %1, %2 : tensor<i32>, tensor<4xf32>
  }
  return %0#0, %0#1 : tensor<i32>, tensor<4xf32>
}

// CHECK:      scf.while (%i = %zero, %v = %x) : (tensor<i32>, tensor<4xf32>) -> (tensor<i32>, tensor<4xf32>) {
// CHECK-NEXT:   %[[TEST:.*]] = stablehlo.compare LT, %i, %n
// CHECK-NEXT:   %[[HOLDS:.*]] = tensor.extract %[[TEST]][] : tensor<i1>
// CHECK-NEXT:   scf.condition(%[[HOLDS]]) %i, %v : tensor<i32>, tensor<4xf32>
// CHECK-NEXT: } do {
// CHECK-NEXT: ^bb{{.*}}(%[[I:.*]]: tensor<i32>, %[[V:.*]]: tensor<4xf32>):
// CHECK-NEXT:   %[[NEXT:.*]] = stablehlo.add %[[I]], %one
// CHECK-NEXT:   %[[SUM:.*]] = stablehlo.add %[[V]], %x
// CHECK-NEXT:   scf.yield %[[NEXT]], %[[SUM]]
