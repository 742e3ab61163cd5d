// An elementwise result takes the bytes of an operand that dies, but not those of an argument of the program.
// RUN: zellige-opt %s -p 'insert-copies,plan-memory' | filecheck %s

flow.executable @neg {
  func.func @neg(%a: tensor<8xf32>) -> tensor<8xf32> {
    %e = tensor.empty() : tensor<8xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
      ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) {
    ^bb0(%x: f32, %o: f32):
      %s = arith.negf %x : f32
      linalg.yield %s : f32
    } -> tensor<8xf32>
    func.return %0 : tensor<8xf32>
  }
}
flow.executable @total {
  func.func @total(%a: tensor<8xf32>) -> tensor<f32> {
    %e = tensor.empty() : tensor<f32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>], iterator_types = ["reduction"]}
      ins(%a : tensor<8xf32>) outs(%e : tensor<f32>) {
    ^bb0(%x: f32, %o: f32):
      %s = arith.addf %x, %o : f32
      linalg.yield %s : f32
    } -> tensor<f32>
    func.return %0 : tensor<f32>
  }
}
func.func @main(%x: tensor<8xf32>) -> (tensor<f32>, tensor<f32>) {
  %0 = flow.dispatch @neg(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %1 = flow.dispatch @neg(%0) : (tensor<8xf32>) -> tensor<8xf32>
  %2 = flow.dispatch @neg(%1) : (tensor<8xf32>) -> tensor<8xf32>
  %3 = flow.dispatch @total(%2) : (tensor<8xf32>) -> tensor<f32>
  %4 = flow.dispatch @total(%1) : (tensor<8xf32>) -> tensor<f32>
  func.return %3, %4 : tensor<f32>, tensor<f32>
}

// CHECK:      hal.slab_bytes = 128 : i64, hal.slab_lower_bound_bytes = 128 : i64
// CHECK-NEXT: %0 = flow.dispatch @neg(%x) {hal.placements = [#hal.placement<slab 0 [[A:\d+]]>]}
// CHECK-NEXT: %1 = flow.dispatch @neg(%0) {hal.placements = [#hal.placement<slab 0 [[A]]>]}
// CHECK-NEXT: %2 = flow.dispatch @neg(%1) {hal.placements = [#hal.placement<slab 0 [[B:\d+]]>]}
// CHECK-NEXT: %3 = flow.dispatch @total(%2) {hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT: %4 = flow.dispatch @total(%1) {hal.placements = [#hal.placement<result 1 0>]}
