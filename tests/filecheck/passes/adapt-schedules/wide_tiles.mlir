// A machine with wider registers gets larger tiles; workgroups and the lanes of a reduction stay.
// RUN: zellige-opt %s -p 'adapt-schedules{target=avx512}' | filecheck %s

flow.executable @sum workgroups [4, 1, 1] {
  func.func @sum(%x: memref<64x512xf32, #hal.memory<device>>, %out: memref<64xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<64x512xf32, #hal.memory<device>> to tensor<64x512xf32>
    %zero = arith.constant 0.000000e+00 : f32
    %e = tensor.empty() : tensor<64xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i) -> ()>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%zero : f32) outs(%e : tensor<64xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [16] tile [1]>} {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<64xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<64x512xf32>) outs(%1 : tensor<64xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [16, 0] tile [1, 16]>} {
    ^bb0(%p: f32, %o: f32):
      %s = arith.addf %o, %p : f32
      linalg.yield %s : f32
    } -> tensor<64xf32>
    bufferization.materialize_in_destination %2 in restrict writable %out : (tensor<64xf32>, memref<64xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

flow.executable @negate workgroups [4, 1, 1] {
  func.func @negate(%x: memref<4096xf32, #hal.memory<device>>, %out: memref<4096xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<4096xf32, #hal.memory<device>> to tensor<4096xf32>
    %e = tensor.empty() : tensor<4096xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%0 : tensor<4096xf32>) outs(%e : tensor<4096xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [1024] tile [4]>} {
    ^bb0(%p: f32, %o: f32):
      %n = arith.negf %p : f32
      linalg.yield %n : f32
    } -> tensor<4096xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<4096xf32>, memref<4096xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK: hal.schedule = #hal.schedule<workgroup [16] tile [1]>
// CHECK: hal.schedule = #hal.schedule<workgroup [16, 0] tile [1, 16]>
// CHECK: hal.schedule = #hal.schedule<workgroup [1024] tile [64]>
