// A value that is needed outside ends a kernel; a fill that is also a value of its own is both.
// RUN: zellige-opt %s -p outline-dispatches | filecheck %s

func.func @main(%x: tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %init = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
    outs(%e : tensor<4xf32>) {
  ^bb0(%o: f32):
    linalg.yield %zero : f32
  } -> tensor<4xf32>
  %sum = linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x : tensor<4x8xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = arith.addf %a, %o : f32
    linalg.yield %p : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
    ins(%sum : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = arith.negf %a : f32
    linalg.yield %p : f32
  } -> tensor<4xf32>
  func.return %init, %sum, %y : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK:      func.func @main_1_reduce_4x8_f32(%x: tensor<4x8xf32>) -> tensor<4xf32> {
// CHECK:      func.func @main(
// CHECK-NEXT:   %init = flow.dispatch @main_0_fill_4_f32()
// CHECK-NEXT:   %sum = flow.dispatch @main_1_reduce_4x8_f32(%x)
// CHECK-NEXT:   %y = flow.dispatch @main_2_elementwise_4_f32(%sum)
// CHECK-NEXT:   func.return %init, %sum, %y
