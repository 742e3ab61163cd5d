// One barrier in a loop serves what was written before the loop and what the iteration before has written.
// RUN: zellige-opt %s -p insert-barriers | filecheck %s

func.func @main(%x: tensor<16xf32>, %n: tensor<index>) -> tensor<16xf32> attributes {hal.slab_bytes = 128 : i64} {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %end = tensor.extract %n[] : tensor<index>
  %0 = flow.dispatch @k(%x) {hal.placements = [#hal.placement<slab 0 0>]} : (tensor<16xf32>) -> tensor<16xf32>
  %1 = flow.dispatch @k(%x) {hal.placements = [#hal.placement<result 0 0>]} : (tensor<16xf32>) -> tensor<16xf32>
  %2 = scf.for %i = %zero to %end step %one iter_args(%a = %1) -> (tensor<16xf32>) {
    %3 = flow.dispatch @k(%x) {hal.placements = [#hal.placement<slab 0 64>]} : (tensor<16xf32>) -> tensor<16xf32>
    %4 = flow.dispatch @k(%x) {hal.placements = [#hal.placement<result 0 0>]} : (tensor<16xf32>) -> tensor<16xf32>
    scf.yield %4 : tensor<16xf32>
  } {hal.placements = [#hal.placement<result 0 0>]}
  func.return %2 : tensor<16xf32>
}

// CHECK:      %1 = flow.dispatch
// CHECK-NEXT: %2 = scf.for
// CHECK-NEXT:   %3 = flow.dispatch
// CHECK-NEXT:   hal.barrier
// CHECK-NEXT:   %4 = flow.dispatch
// CHECK-NEXT:   scf.yield
