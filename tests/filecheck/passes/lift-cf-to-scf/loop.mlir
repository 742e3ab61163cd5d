// A loop that is tested first has its test in the first region; what is handed on is what is used behind it.
// RUN: zellige-opt %s -p lift-cf-to-scf | filecheck %s

func.func @main(%n: i32, %x: tensor<4xf32>) -> (i32, tensor<4xf32>) {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  cf.br ^head(%c0, %x : i32, tensor<4xf32>)
^head(%i: i32, %v: tensor<4xf32>):
  %go = arith.cmpi slt, %i, %n : i32
  cf.cond_br %go, ^body, ^end
^body:
  %j = arith.addi %i, %c1 : i32
  %w = "test.op"(%v) : (tensor<4xf32>) -> tensor<4xf32>
  cf.br ^head(%j, %w : i32, tensor<4xf32>)
^end:
  return %i, %v : i32, tensor<4xf32>
}

// CHECK:      %[[I:.*]], %[[V:.*]] = scf.while (%[[IB:.*]] = %c0, %[[VB:.*]] = %x) : (i32, tensor<4xf32>) -> (i32, tensor<4xf32>) {
// CHECK-NEXT:   %go = arith.cmpi slt, %[[IB]], %n : i32
// CHECK-NEXT:   scf.condition(%go) %[[IB]], %[[VB]] : i32, tensor<4xf32>
// CHECK-NEXT: } do {
// CHECK-NEXT: ^bb{{.*}}(%[[IA:.*]]: i32, %[[VA:.*]]: tensor<4xf32>):
// CHECK-NEXT:   %j = arith.addi %[[IA]], %c1 : i32
// CHECK-NEXT:   %w = "test.op"(%[[VA]])
// CHECK-NEXT:   scf.yield %j, %w : i32, tensor<4xf32>
// CHECK-NEXT: }
// CHECK-NEXT: func.return %[[I]], %[[V]]
