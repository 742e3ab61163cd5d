// Structured ops, and vectors that are too wide or have two dimensions, are refused.
// RUN: zellige-opt %s -p 'check-vector' --verify-diagnostics

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8xf32, #hal.memory<device>>, %b: memref<8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
    %e = tensor.empty() : tensor<8xf32>
    // expected-error@below {{'linalg.generic' may not stand in a kernel after phase 'vector'}}
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
  func.func @k(%x: f32) {
    // expected-error@below {{vectors have one dimension and at most 128 bits, got vector<8xf32>}}
    %v = vector.broadcast %x : f32 to vector<8xf32>
    func.return
  }
}

// -----

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%x: f32) {
    // expected-error@below {{vectors have one dimension and at most 128 bits, got vector<2x2xf32>}}
    %v = vector.broadcast %x : f32 to vector<2x2xf32>
    func.return
  }
}

// -----

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%x: i1) {
    // expected-error@below {{vectors have one dimension and at most 128 bits, got vector<17xi1>}}
    %v = vector.broadcast %x : i1 to vector<17xi1>
    func.return
  }
}
