// A result that is an argument, a constant or another result is copied; a value that is returned twice is copied once.
// RUN: zellige-opt %s -p 'insert-copies,plan-memory' | filecheck %s

flow.executable @fill {
  func.func @fill() -> tensor<8xf32> {
    %one = arith.constant 1.0 : f32
    %e = tensor.empty() : tensor<8xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%e : tensor<8xf32>) {
    ^bb0(%o: f32):
      linalg.yield %one : f32
    } -> tensor<8xf32>
    func.return %0 : tensor<8xf32>
  }
}
func.func @main(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %w = arith.constant dense<1.0> : tensor<8xf32>
  %0 = flow.dispatch @fill() : () -> tensor<8xf32>
  func.return %x, %w, %0, %0 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// CHECK:      hal.slab_bytes = 0 : i64
// CHECK:      %0 = flow.dispatch @fill() {hal.placements = [#hal.placement<result 3 0>]}
// CHECK-NEXT: %x_1 = flow.dispatch @copy_8xf32(%x) {hal.copy, hal.placements = [#hal.placement<result 0 0>]}
// CHECK-NEXT: %w_1 = flow.dispatch @copy_constant_8xf32(%w) {hal.copy, hal.placements = [#hal.placement<result 1 0>]}
// CHECK-NEXT: %1 = flow.dispatch @copy_8xf32(%0) {hal.copy, hal.placements = [#hal.placement<result 2 0>]}
// CHECK-NEXT: func.return %x_1, %w_1, %1, %0
