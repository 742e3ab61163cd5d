// Values in slots touch where their units do; a result of dynamic size is touched as a whole.
// RUN: zellige-opt %s -p insert-barriers | filecheck %s

func.func @main(%x: tensor<?x4xf32> {hal.sizes = array<i64: 1, -1>}, %n: index) -> tensor<?x4xf32> {
  %c63 = arith.constant 63 : index
  %c64 = arith.constant 64 : index
  %more = arith.addi %n, %c63 : index
  %count = arith.divui %more, %c64 : index
  %unit = arith.muli %count, %c64 : index
  hal.reserve results(%n) slots(%unit) [32]
  %0 = flow.dispatch @k(%x, %n) {hal.sizes = [array<i64: 1, -1>], hal.placements = [#hal.placement<slot 0 0>]} : (tensor<?x4xf32>, index) -> tensor<?x4xf32>
  %1 = flow.dispatch @k(%x, %n) {hal.sizes = [array<i64: 1, -1>], hal.placements = [#hal.placement<slot 0 16>]} : (tensor<?x4xf32>, index) -> tensor<?x4xf32>
  %2 = flow.dispatch @k(%0, %n) {hal.sizes = [array<i64: 1, -1>], hal.placements = [#hal.placement<result 0 0>]} : (tensor<?x4xf32>, index) -> tensor<?x4xf32>
  %3 = flow.dispatch @k(%x, %n) {hal.sizes = [array<i64: 1, -1>], hal.placements = [#hal.placement<slot 0 16>]} : (tensor<?x4xf32>, index) -> tensor<?x4xf32>
  %4 = flow.dispatch @k(%2, %n) {hal.sizes = [array<i64: 1, -1>], hal.placements = [#hal.placement<slot 0 0>]} : (tensor<?x4xf32>, index) -> tensor<?x4xf32>
  func.return %2 : tensor<?x4xf32>
}

// CHECK:      hal.reserve
// CHECK-NEXT: %0 = flow.dispatch
// CHECK-NEXT: %1 = flow.dispatch
// CHECK-NEXT: hal.barrier
// CHECK-NEXT: %2 = flow.dispatch
// CHECK-NEXT: %3 = flow.dispatch
// CHECK-NEXT: hal.barrier
// CHECK-NEXT: %4 = flow.dispatch
// CHECK-NEXT: func.return
