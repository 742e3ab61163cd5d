// Branches end where their ways meet; several returns are one; a test at the end of a loop that says when to stop is negated.
// RUN: zellige-opt %s -p lift-cf-to-scf | filecheck %s

func.func @main(%p: i1, %q: i1, %a: tensor<f32>, %b: tensor<f32>) -> tensor<f32> {
  cf.cond_br %p, ^left, ^right
^left:
  cf.cond_br %q, ^meet(%a : tensor<f32>), ^meet(%b : tensor<f32>)
^meet(%c: tensor<f32>):
  return %c : tensor<f32>
^right:
  %d = "test.op"(%b) : (tensor<f32>) -> tensor<f32>
  %done = "test.op"(%d) : (tensor<f32>) -> i1
  cf.cond_br %done, ^end, ^right
^end:
  return %d : tensor<f32>
}

// CHECK:      %[[R:.*]] = scf.if %p -> (tensor<f32>) {
// CHECK-NEXT:   %[[C:.*]] = scf.if %q -> (tensor<f32>) {
// CHECK-NEXT:     scf.yield %a : tensor<f32>
// CHECK-NEXT:   } else {
// CHECK-NEXT:     scf.yield %b : tensor<f32>
// CHECK-NEXT:   }
// CHECK-NEXT:   scf.yield %[[C]] : tensor<f32>
// CHECK-NEXT: } else {
// CHECK-NEXT:   %[[D:.*]] = scf.while () : () -> tensor<f32> {
// CHECK-NEXT:     %[[V:.*]] = "test.op"(%b)
// CHECK-NEXT:     %done = "test.op"(%[[V]])
// CHECK-NEXT:     %[[T:.*]] = arith.constant true
// CHECK-NEXT:     %[[GO:.*]] = arith.xori %done, %[[T]] : i1
// CHECK-NEXT:     scf.condition(%[[GO]]) %[[V]] : tensor<f32>
// CHECK-NEXT:   } do {
// CHECK-NEXT:   ^bb{{.*}}(%{{.*}}: tensor<f32>):
// CHECK-NEXT:     scf.yield
// CHECK-NEXT:   }
// CHECK-NEXT:   scf.yield %[[D]] : tensor<f32>
// CHECK-NEXT: }
// CHECK-NEXT: func.return %[[R]] : tensor<f32>
