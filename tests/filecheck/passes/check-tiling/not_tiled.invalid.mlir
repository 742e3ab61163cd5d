// Kernels without workgroups, schedules and tiles are refused.
// RUN: zellige-opt %s -p 'check-tiling' --verify-diagnostics

// expected-error@below {{the workgroups of the kernel are not counted}}
flow.executable @k {
  func.func @k(%a: memref<8xf32, #hal.memory<device>>, %b: memref<8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
    %e = tensor.empty() : tensor<8xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%0 : tensor<8xf32>) outs(%e : tensor<8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [8]>} {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<8xf32>
    bufferization.materialize_in_destination %2 in restrict writable %b : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// -----

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8xf32, #hal.memory<device>>, %b: memref<8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
    %e = tensor.empty() : tensor<8xf32>
    // expected-error@below {{expected the attribute 'hal.schedule'}}
    %2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%0 : tensor<8xf32>) outs(%e : tensor<8xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<8xf32>
    bufferization.materialize_in_destination %2 in restrict writable %b : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// -----

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8xf32, #hal.memory<device>>, %b: memref<8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
    %e = tensor.empty() : tensor<8xf32>
    // expected-error@below {{parallel loop 0 has 8 iterations, its tile 4}}
    %2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%0 : tensor<8xf32>) outs(%e : tensor<8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0] tile [4]>} {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<8xf32>
    bufferization.materialize_in_destination %2 in restrict writable %b : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// -----

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8xf32, #hal.memory<device>>) {
    // expected-error@below {{'memref.dealloc' may not stand in a kernel after phase 'tiling'}}
    memref.dealloc %a : memref<8xf32, #hal.memory<device>>
    func.return
  }
}
