// A matrix product starts from its own fill, reads a slice in place and takes its elementwise consumer along.
// RUN: zellige-opt %s -p outline-dispatches | filecheck %s

func.func @main(%a: tensor<4x16xf32>, %b: tensor<8x4xf32>, %i: tensor<index>) -> tensor<4x4xf32> {
  %k = tensor.extract %i[] : tensor<index>
  %s = tensor.extract_slice %a[0, %k] [4, 8] [1, 1] : tensor<4x16xf32> to tensor<4x8xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %init = linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]
  } outs(%e : tensor<4x4xf32>) {
  ^bb0(%o: f32):
    linalg.yield %zero : f32
  } -> tensor<4x4xf32>
  %0 = linalg.generic {
    indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>,
                     affine_map<(d0, d1, d2) -> (d0, d1)>],
    iterator_types = ["parallel", "parallel", "reduction"]
  } ins(%s, %b : tensor<4x8xf32>, tensor<8x4xf32>) outs(%init : tensor<4x4xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %p, %o : f32
    linalg.yield %q : f32
  } -> tensor<4x4xf32>
  %1 = linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%0 : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) {
  ^bb0(%x: f32, %o: f32):
    %p = arith.negf %x : f32
    linalg.yield %p : f32
  } -> tensor<4x4xf32>
  func.return %1 : tensor<4x4xf32>
}

// CHECK:      flow.executable @main_0_matmul_4x4x8_f32 {
// CHECK-NEXT:   func.func @main_0_matmul_4x4x8_f32(%a: tensor<4x16xf32>, %k: index, %b: tensor<8x4xf32>) -> tensor<4x4xf32> {
// CHECK-NEXT:     %s = tensor.extract_slice %a[0, %k] [4, 8] [1, 1]
// CHECK-NEXT:     %e = tensor.empty() : tensor<4x4xf32>
// CHECK-NEXT:     %zero = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:     %init = linalg.generic
// CHECK:          linalg.generic {{.*}} ins(%s, %b : {{.*}}) outs(%init : tensor<4x4xf32>)
// CHECK:          %[[LAST:\w+]] = linalg.generic
// CHECK:          func.return %[[LAST]] : tensor<4x4xf32>
// CHECK:      func.func @main
// CHECK-NEXT:   %k = tensor.extract %i[] : tensor<index>
// CHECK-NEXT:   %0 = flow.dispatch @main_0_matmul_4x4x8_f32(%a, %k, %b)
// CHECK-NEXT:   func.return %0
