// A loop that swaps two values needs one more place; one that counts up in place needs no copy at all.
// RUN: zellige-opt %s -p 'insert-copies,plan-memory' | filecheck %s

flow.executable @next {
  func.func @next(%a: tensor<8xf32>) -> tensor<8xf32> {
    %one = arith.constant 1.0 : f32
    %e = tensor.empty() : tensor<8xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
      ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) {
    ^bb0(%x: f32, %o: f32):
      %s = arith.addf %x, %one : f32
      linalg.yield %s : f32
    } -> tensor<8xf32>
    func.return %0 : tensor<8xf32>
  }
}
func.func @swap(%x: tensor<8xf32>, %n: tensor<index>) -> (tensor<8xf32>, tensor<8xf32>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %end = tensor.extract %n[] : tensor<index>
  %y = flow.dispatch @next(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %z = flow.dispatch @next(%y) : (tensor<8xf32>) -> tensor<8xf32>
  %r:2 = scf.for %i = %zero to %end step %one iter_args(%a = %y, %b = %z) -> (tensor<8xf32>, tensor<8xf32>) {
    scf.yield %b, %a : tensor<8xf32>, tensor<8xf32>
  }
  func.return %r#0, %r#1 : tensor<8xf32>, tensor<8xf32>
}
func.func @count(%x: tensor<8xf32>, %n: tensor<index>) -> tensor<8xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %end = tensor.extract %n[] : tensor<index>
  %y = flow.dispatch @next(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %r = scf.for %i = %zero to %end step %one iter_args(%a = %y) -> (tensor<8xf32>) {
    %0 = flow.dispatch @next(%a) : (tensor<8xf32>) -> tensor<8xf32>
    scf.yield %0 : tensor<8xf32>
  }
  func.return %r : tensor<8xf32>
}

// CHECK:      func.func @swap
// CHECK-SAME:   hal.slab_bytes = 64 : i64
// CHECK:      flow.dispatch @next(%x) {hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT: flow.dispatch @next(%y) {hal.placements = [#hal.placement<result 1 0>]}
// CHECK-NEXT: scf.for {{.*}} iter_args(%a = %y, %b = %z)
// CHECK-NEXT:   %a_1 = flow.dispatch @copy_8xf32(%a) {hal.copy, hal.placements = [#hal.placement<slab 0 0>]}
// CHECK-NEXT:   %b_1 = flow.dispatch @copy_8xf32(%b) {hal.copy, hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT:   %a_2 = flow.dispatch @copy_8xf32(%a_1) {hal.copy, hal.placements = [#hal.placement<result 1 0>]}
// CHECK-NEXT:   scf.yield %b_1, %a_2
// CHECK-NEXT: } {hal.placements = [#hal.placement<result 0 0>, #hal.placement<result 1 0>]}

// CHECK:      func.func @count
// CHECK-SAME:   hal.slab_bytes = 0 : i64
// CHECK:      %y = flow.dispatch @next(%x) {hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT: scf.for {{.*}} iter_args(%a = %y)
// CHECK-NEXT:   flow.dispatch @next(%a) {hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT:   scf.yield
// CHECK-NEXT: } {hal.placements = [#hal.placement<result 0 0>]}
