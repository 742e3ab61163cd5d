// Independent dispatches need no barrier; a read after a write, a write after a read, and a read of the host do.
// RUN: zellige-opt %s -p insert-barriers | filecheck %s

func.func @main(%x: tensor<16xf32>) -> tensor<16xf32> attributes {hal.slab_bytes = 128 : i64} {
  %zero = arith.constant 0 : index
  %0 = flow.dispatch @k(%x) {hal.placements = [#hal.placement<slab 0 0>]} : (tensor<16xf32>) -> tensor<16xf32>
  %1 = flow.dispatch @k(%x) {hal.placements = [#hal.placement<slab 0 64>]} : (tensor<16xf32>) -> tensor<16xf32>
  %2 = flow.dispatch @k(%0) {hal.placements = [#hal.placement<result 0 0>]} : (tensor<16xf32>) -> tensor<16xf32>
  %3 = flow.dispatch @k(%1) {hal.placements = [#hal.placement<slab 0 0>]} : (tensor<16xf32>) -> tensor<16xf32>
  %4 = tensor.extract %3[%zero] : tensor<16xf32>
  func.return %2 : tensor<16xf32>
}

// CHECK:      %zero = arith.constant
// CHECK-NEXT: %0 = flow.dispatch
// CHECK-NEXT: %1 = flow.dispatch
// CHECK-NEXT: hal.barrier
// CHECK-NEXT: %2 = flow.dispatch
// CHECK-NEXT: hal.barrier
// CHECK-NEXT: %3 = flow.dispatch
// CHECK-NEXT: hal.barrier
// CHECK-NEXT: %4 = tensor.extract
// CHECK-NEXT: func.return
