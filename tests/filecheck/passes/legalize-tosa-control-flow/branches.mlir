// A branch uses the values themselves in place of its arguments, and its condition loses its dimensions.
// RUN: zellige-opt %s -p legalize-tosa-control-flow | filecheck %s

func.func @main(%c: tensor<1xi1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tosa.cond_if %c (%a = %x) : tensor<1xi1> (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = tosa.abs %a : (tensor<4xf32>) -> tensor<4xf32>
    tosa.yield %1 : tensor<4xf32>
  } else {
  ^bb0(%a: tensor<4xf32>):
    tosa.yield %a : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// CHECK:      %[[P:.*]] = stablehlo.reshape %c : (tensor<1xi1>) -> tensor<i1>
// CHECK-NEXT: "stablehlo.if"(%[[P]]) ({
// CHECK-NEXT:   %[[ABS:.*]] = tosa.abs %x
// CHECK-NEXT:   stablehlo.return %[[ABS]] : tensor<4xf32>
// CHECK-NEXT: }, {
// CHECK-NEXT:   stablehlo.return %x : tensor<4xf32>
// CHECK-NEXT: }) : (tensor<i1>) -> tensor<4xf32>
