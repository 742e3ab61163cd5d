// Reductions and elementwise ops over the same rows are one kernel; nothing but the last result leaves it.
// RUN: zellige-opt %s -p outline-dispatches | filecheck %s

func.func @main(%x: tensor<16x8xf32>) -> tensor<16x8xf32> {
  %zero = arith.constant 0.0 : f32
  %rows = tensor.empty() : tensor<16xf32>
  %whole = tensor.empty() : tensor<16x8xf32>
  %init = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
    outs(%rows : tensor<16xf32>) {
  ^bb0(%o: f32):
    linalg.yield %zero : f32
  } -> tensor<16xf32>
  %e = linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%x : tensor<16x8xf32>) outs(%whole : tensor<16x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = math.exp %a : f32
    linalg.yield %p : f32
  } -> tensor<16x8xf32>
  %sum = linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%e : tensor<16x8xf32>) outs(%init : tensor<16xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = arith.addf %a, %o : f32
    linalg.yield %p : f32
  } -> tensor<16xf32>
  %y = linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%e, %sum : tensor<16x8xf32>, tensor<16xf32>) outs(%whole : tensor<16x8xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.divf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<16x8xf32>
  func.return %y : tensor<16x8xf32>
}

// CHECK:      flow.executable @main_0_reduce_16x8_f32
// CHECK-NEXT:   func.func @main_0_reduce_16x8_f32(%x: tensor<16x8xf32>) -> tensor<16x8xf32>
// CHECK:      func.func @main
// CHECK-NEXT:   %y = flow.dispatch @main_0_reduce_16x8_f32(%x)
// CHECK-NEXT:   func.return %y
