// Tensors at the border become memrefs in the memory of their bytes; where bytes are shared there is no noalias.
// RUN: zellige-opt %s -p bind-executable-buffers | filecheck %s

flow.executable @k {
  func.func @k(%a: tensor<8xf32>, %b: tensor<8xf32> {hal.memory = #hal.memory<constant>}, %s: f32) -> tensor<8xf32> {
    %e = tensor.empty() : tensor<8xf32>
    %0 = linalg.generic {
      indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]
    } ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) {
    ^bb0(%x: f32, %y: f32, %o: f32):
      linalg.yield %s : f32
    } -> tensor<8xf32>
    func.return %0 : tensor<8xf32>
  }
}
func.func @main(%x: tensor<8xf32>, %n: tensor<f32>) -> tensor<8xf32> attributes {hal.slab_bytes = 64 : i64} {
  %w = arith.constant {hal.placements = [#hal.placement<constant 0 0>]} dense<1.0> : tensor<8xf32>
  %s = tensor.extract %n[] : tensor<f32>
  %0 = flow.dispatch @k(%x, %w, %s) {hal.placements = [#hal.placement<result 0 0>]}
    : (tensor<8xf32>, tensor<8xf32>, f32) -> tensor<8xf32>
  %1 = flow.dispatch @k(%0, %w, %s) {hal.placements = [#hal.placement<result 0 0>]}
    : (tensor<8xf32>, tensor<8xf32>, f32) -> tensor<8xf32>
  func.return %1 : tensor<8xf32>
}

// CHECK:      func.func @k(%a: memref<8xf32, #hal.memory<device>>, %b: memref<8xf32, #hal.memory<constant>> {llvm.noalias}, %s: f32, %out: memref<8xf32, #hal.memory<device>>) {
// CHECK-NEXT:   %a_1 = bufferization.to_tensor %a restrict
// CHECK-NEXT:   %b_1 = bufferization.to_tensor %b restrict
// CHECK:        %0 = linalg.generic {{.*}} ins(%a_1, %b_1
// CHECK:        bufferization.materialize_in_destination %0 in restrict writable %out
// CHECK-NEXT:   func.return
