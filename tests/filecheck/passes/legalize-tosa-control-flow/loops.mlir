// A loop carries the same values; what its condition yields loses its dimensions.
// RUN: zellige-opt %s -p legalize-tosa-control-flow | filecheck %s

func.func @main(%n: tensor<1xi32>) -> tensor<1xi32> {
  %0 = tosa.while_loop (%i = %n) : (tensor<1xi32>) -> tensor<1xi32> {
    %1 = tosa.greater %i, %n : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi1>
    tosa.yield %1 : tensor<1xi1>
  } do {
  ^bb0(%i: tensor<1xi32>):
    %1 = tosa.sub %i, %n : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi32>
    tosa.yield %1 : tensor<1xi32>
  }
  return %0 : tensor<1xi32>
}

// CHECK:      stablehlo.while(%[[I:.*]] = %n) : tensor<1xi32> cond {
// CHECK-NEXT:   %[[GREATER:.*]] = tosa.greater %[[I]], %n
// CHECK-NEXT:   %[[P:.*]] = stablehlo.reshape %[[GREATER]] : (tensor<1xi1>) -> tensor<i1>
// CHECK-NEXT:   stablehlo.return %[[P]] : tensor<i1>
// CHECK-NEXT: } do {
// CHECK-NEXT:   %[[NEXT:.*]] = tosa.sub %[[I]], %n
// CHECK-NEXT:   stablehlo.return %[[NEXT]] : tensor<1xi32>
