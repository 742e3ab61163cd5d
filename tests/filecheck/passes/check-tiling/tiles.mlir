// A kernel whose structured op is one tile passes.
// RUN: zellige-opt %s -p 'check-tiling' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
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

// CHECK: flow.executable @k workgroups [1, 1, 1] {
