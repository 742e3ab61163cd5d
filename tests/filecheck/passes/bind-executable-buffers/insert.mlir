// A slice is written into its place in the destination; the rest of the destination is not touched.
// RUN: zellige-opt %s -p bind-executable-buffers | filecheck %s

flow.executable @k {
  func.func @k(%d: tensor<4x1x8xf32>, %a: tensor<3xf32>, %i: index) -> tensor<4x1x8xf32> {
    %e = tensor.empty() : tensor<3xf32>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
      ins(%a : tensor<3xf32>) outs(%e : tensor<3xf32>) {
    ^bb0(%x: f32, %o: f32):
      linalg.yield %x : f32
    } -> tensor<3xf32>
    %1 = tensor.insert_slice %0 into %d[%i, 0, 2] [1, 1, 3] [1, 1, 2] : tensor<3xf32> into tensor<4x1x8xf32>
    func.return %1 : tensor<4x1x8xf32>
  }
}
func.func @main(%x: tensor<4x1x8xf32>, %a: tensor<3xf32>, %n: tensor<index>) -> tensor<4x1x8xf32> attributes {hal.slab_bytes = 0 : i64} {
  %i = tensor.extract %n[] : tensor<index>
  %e = tensor.empty() : tensor<4x1x8xf32>
  %0 = flow.dispatch @k(%e, %a, %i) tied [0] {hal.placements = [#hal.placement<result 0 0>]}
    : (tensor<4x1x8xf32>, tensor<3xf32>, index) -> tensor<4x1x8xf32>
  func.return %0 : tensor<4x1x8xf32>
}

// CHECK:      func.func @k(%d: memref<4x1x8xf32, #hal.memory<device>> {llvm.noalias}, %a: memref<3xf32, #hal.memory<device>> {llvm.noalias}, %i: index) {
// CHECK-NEXT:   %a_1 = bufferization.to_tensor %a restrict
// CHECK:        %0 = linalg.generic
// CHECK:        %[[VIEW:\w+]] = memref.subview %d[%i, 0, 2] [1, 1, 3] [1, 1, 2] : {{.*}} to memref<3xf32, strided<[2], offset: ?>, #hal.memory<device>>
// CHECK-NEXT:   bufferization.materialize_in_destination %0 in restrict writable %[[VIEW]]
// CHECK-NEXT:   func.return
