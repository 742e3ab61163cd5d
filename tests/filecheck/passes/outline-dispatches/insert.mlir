// What is inserted is computed in the kernel that inserts it; the result is tied to the destination.
// RUN: zellige-opt %s -p outline-dispatches | filecheck %s

func.func @main(%x: tensor<2x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<2x8xf32>
  %0 = linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%x : tensor<2x8xf32>) outs(%e : tensor<2x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = arith.negf %a : f32
    linalg.yield %p : f32
  } -> tensor<2x8xf32>
  %1 = tensor.insert_slice %0 into %y[2, 0] [2, 8] [1, 1] : tensor<2x8xf32> into tensor<4x8xf32>
  func.return %1 : tensor<4x8xf32>
}

// CHECK:      func.func @main_0_elementwise_insert_2x8_f32(%y: tensor<4x8xf32>, %x: tensor<2x8xf32>) -> tensor<4x8xf32> {
// CHECK:        tensor.insert_slice %{{.*}} into %y[2, 0] [2, 8] [1, 1]
// CHECK:      %0 = flow.dispatch @main_0_elementwise_insert_2x8_f32(%y, %x) tied [0]
