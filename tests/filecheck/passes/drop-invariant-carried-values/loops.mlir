// What a loop hands from round to round unchanged is used from outside, through loops in loops too.
// RUN: zellige-opt %s -p drop-invariant-carried-values | filecheck %s

func.func @main(%w: tensor<4xf32>, %n: index, %x: tensor<4xf32>, %p: i1) -> (tensor<4xf32>, tensor<4xf32>, i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0:3 = scf.while (%a = %w, %b = %x, %q = %p) : (tensor<4xf32>, tensor<4xf32>, i1) -> (tensor<4xf32>, tensor<4xf32>, i1) {
    scf.condition(%q) %a, %b, %q : tensor<4xf32>, tensor<4xf32>, i1
  } do {
  ^bb0(%c: tensor<4xf32>, %d: tensor<4xf32>, %r: i1):
    %1:2 = scf.for %i = %c0 to %n step %c1 iter_args(%e = %c, %f = %d) -> (tensor<4xf32>, tensor<4xf32>) {
      %2 = "test.op"(%e, %f) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      scf.yield %e, %2 : tensor<4xf32>, tensor<4xf32>
    }
    %3 = "test.op"(%1#1) : (tensor<4xf32>) -> i1
    scf.yield %1#0, %1#1, %3 : tensor<4xf32>, tensor<4xf32>, i1
  }
  return %0#0, %0#1, %0#2 : tensor<4xf32>, tensor<4xf32>, i1
}

// CHECK:      %[[B:.*]], %[[Q:.*]] = scf.while (%b = %x, %q = %p) : (tensor<4xf32>, i1) -> (tensor<4xf32>, i1) {
// CHECK-NEXT:   scf.condition(%q) %b, %q : tensor<4xf32>, i1
// CHECK-NEXT: } do {
// CHECK-NEXT: ^bb{{.*}}(%d: tensor<4xf32>, %r: i1):
// CHECK-NEXT:   %[[F:.*]] = scf.for %i = %c0 to %n step %c1 iter_args(%f = %d) -> (tensor<4xf32>) {
// CHECK-NEXT:     %[[NEXT:.*]] = "test.op"(%w, %f)
// CHECK-NEXT:     scf.yield %[[NEXT]] : tensor<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT:   %[[GO:.*]] = "test.op"(%[[F]])
// CHECK-NEXT:   scf.yield %[[F]], %[[GO]] : tensor<4xf32>, i1
// CHECK-NEXT: }
// CHECK-NEXT: func.return %w, %[[B]], %[[Q]]
