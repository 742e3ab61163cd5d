// Loops and branches that store a global have it among their results; those that only load it use what is outside.
// RUN: zellige-opt %s -p promote-globals | filecheck %s

ml_program.global private mutable @state(dense<0.0> : tensor<2xf32>) : tensor<2xf32>

func.func @main(%x: tensor<2xf32>, %p: i1) -> tensor<2xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  scf.for %i = %c0 to %c5 step %c1 {
    scf.if %p {
      ml_program.global_store @state = %x : tensor<2xf32>
    }
  }
  %0 = scf.while (%go = %p) : (i1) -> tensor<2xf32> {
    %1 = ml_program.global_load @state : tensor<2xf32>
    scf.condition(%go) %1 : tensor<2xf32>
  } do {
  ^bb0(%2: tensor<2xf32>):
    ml_program.global_store @state = %2 : tensor<2xf32>
    scf.yield %p : i1
  }
  return %0 : tensor<2xf32>
}

// CHECK:      %state = ml_program.global_load @state : tensor<2xf32>
// CHECK:      %[[FOR:.*]] = scf.for %i = %c0 to %c5 step %c1 iter_args(%[[A:.*]] = %state) -> (tensor<2xf32>) {
// CHECK-NEXT:   %[[IF:.*]] = scf.if %p -> (tensor<2xf32>) {
// CHECK-NEXT:     scf.yield %x : tensor<2xf32>
// CHECK-NEXT:   } else {
// CHECK-NEXT:     scf.yield %[[A]] : tensor<2xf32>
// CHECK-NEXT:   }
// CHECK-NEXT:   scf.yield %[[IF]] : tensor<2xf32>
// CHECK-NEXT: }
// CHECK-NEXT: %[[R:.*]], %[[W:.*]] = scf.while (%go = %p, %[[B:.*]] = %[[FOR]]) : (i1, tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
// CHECK-NEXT:   scf.condition(%go) %[[B]], %[[B]] : tensor<2xf32>, tensor<2xf32>
// CHECK-NEXT: } do {
// CHECK-NEXT: ^bb{{.*}}(%[[C:.*]]: tensor<2xf32>, %{{.*}}: tensor<2xf32>):
// CHECK-NEXT:   scf.yield %p, %[[C]] : i1, tensor<2xf32>
// CHECK-NEXT: }
// CHECK-NEXT: ml_program.global_store @state = %[[W]] : tensor<2xf32>
// CHECK-NEXT: func.return %[[R]]
