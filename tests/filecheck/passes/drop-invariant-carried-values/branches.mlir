// A result that is one value whichever branch runs is that value; what two branches give in different order is not.
// RUN: zellige-opt %s -p drop-invariant-carried-values | filecheck %s

func.func @main(%a: tensor<4xf32>, %b: tensor<4xf32>, %p: i1) -> (tensor<4xf32>, tensor<4xf32>) {
  %0:2 = scf.if %p -> (tensor<4xf32>, tensor<4xf32>) {
    scf.yield %a, %b : tensor<4xf32>, tensor<4xf32>
  } else {
    scf.yield %b, %b : tensor<4xf32>, tensor<4xf32>
  }
  return %0#0, %0#1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK:      %[[R:.*]] = scf.if %p -> (tensor<4xf32>) {
// CHECK-NEXT:   scf.yield %a : tensor<4xf32>
// CHECK-NEXT: } else {
// CHECK-NEXT:   scf.yield %b : tensor<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: func.return %[[R]], %b
