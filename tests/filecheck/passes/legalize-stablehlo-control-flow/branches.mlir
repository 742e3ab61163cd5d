// A case halves its branches with unsigned comparisons; one with a single branch is that branch.
// RUN: zellige-opt %s -p legalize-stablehlo-control-flow | filecheck %s

func.func @main(%k: tensor<i32>, %p: tensor<i1>, %a: tensor<f32>, %b: tensor<f32>, %c: tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32>) {
  %0 = "stablehlo.case"(%k) ({
    stablehlo.return %a : tensor<f32>
  }, {
    stablehlo.return %b : tensor<f32>
  }, {
    stablehlo.return %c : tensor<f32>
  }) : (tensor<i32>) -> tensor<f32>
  %1 = "stablehlo.if"(%p) ({
    stablehlo.return %a : tensor<f32>
  }, {
    stablehlo.return %b : tensor<f32>
  }) : (tensor<i1>) -> tensor<f32>
  %2 = "stablehlo.case"(%k) ({
    %3 = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %3 : tensor<f32>
  }) : (tensor<i32>) -> tensor<f32>
  return %0, %1, %2 : tensor<f32>, tensor<f32>, tensor<f32>
}

// CHECK:      %[[K:.*]] = tensor.extract %k[] : tensor<i32>
// CHECK-NEXT: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-NEXT: %[[FIRST:.*]] = arith.cmpi ult, %[[K]], %[[ONE]] : i32
// CHECK-NEXT: %[[CASE:.*]] = scf.if %[[FIRST]] -> (tensor<f32>) {
// CHECK-NEXT:   scf.yield %a : tensor<f32>
// CHECK-NEXT: } else {
// CHECK-NEXT:   %[[TWO:.*]] = arith.constant 2 : i32
// CHECK-NEXT:   %[[SECOND:.*]] = arith.cmpi ult, %[[K]], %[[TWO]] : i32
// CHECK-NEXT:   %[[REST:.*]] = scf.if %[[SECOND]] -> (tensor<f32>) {
// CHECK-NEXT:     scf.yield %b : tensor<f32>
// CHECK-NEXT:   } else {
// CHECK-NEXT:     scf.yield %c : tensor<f32>
// CHECK-NEXT:   }
// CHECK-NEXT:   scf.yield %[[REST]] : tensor<f32>
// CHECK-NEXT: }
// CHECK-NEXT: %[[P:.*]] = tensor.extract %p[] : tensor<i1>
// CHECK-NEXT: %[[IF:.*]] = scf.if %[[P]] -> (tensor<f32>) {
// CHECK:      %[[SUM:.*]] = stablehlo.add %a, %b : tensor<f32>
// CHECK-NEXT: func.return %[[CASE]], %[[IF]], %[[SUM]]
