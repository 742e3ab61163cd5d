// What reads where data says, and what is too small for a call, stays portable; without marks there is no group.
// RUN: zellige-opt %s -p 'outline-builtins' | filecheck %s

// CHECK:     builtin.module {
// CHECK-NEXT:  flow.executable @gather workgroups [1, 1, 1] {
// CHECK:       flow.executable @small workgroups [1, 1, 1] {
// CHECK-NOT:   intrinsic

flow.executable @gather workgroups [1, 1, 1] {
  func.func @gather(%x: memref<64xf32, #hal.memory<device>>, %i: memref<4096xi32, #hal.memory<device>>, %out: memref<4096xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<64xf32, #hal.memory<device>> to tensor<64xf32>
    %1 = bufferization.to_tensor %i restrict : memref<4096xi32, #hal.memory<device>> to tensor<4096xi32>
    %e = tensor.empty() : tensor<4096xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%1 : tensor<4096xi32>) outs(%e : tensor<4096xf32>) {
    ^bb0(%p: i32, %o: f32):
      %at = arith.index_cast %p : i32 to index
      %n = tensor.extract %0[%at] : tensor<64xf32>
      linalg.yield %n : f32
    } -> tensor<4096xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<4096xf32>, memref<4096xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

flow.executable @small workgroups [1, 1, 1] {
  func.func @small(%x: memref<8xf32, #hal.memory<device>>, %out: memref<8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
    %e = tensor.empty() : tensor<8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%0 : tensor<8xf32>) outs(%e : tensor<8xf32>) {
    ^bb0(%p: f32, %o: f32):
      %n = arith.negf %p : f32
      linalg.yield %n : f32
    } -> tensor<8xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}
