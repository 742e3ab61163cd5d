// Tensors, buffers in no memory and constants that overlap are refused.
// RUN: zellige-opt %s -p 'check-bufferize' --verify-diagnostics

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8xf32, #hal.memory<device>>) {
    // expected-error@below {{'bufferization.to_tensor' may not stand in a kernel after phase 'bufferize'}}
    %0 = bufferization.to_tensor %a restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
    func.return
  }
}

// -----

flow.executable @k workgroups [1, 1, 1] {
  // expected-error@below {{a tensor may not stand in a kernel after phase 'bufferize', got tensor<8xf32>}}
  func.func @k(%a: tensor<8xf32>) {
    func.return
  }
}

// -----

flow.executable @k workgroups [1, 1, 1] {
  func.func @k() {
    // expected-error@below {{expected a buffer in a memory such as #hal.memory<device>, got memref<8xf32>}}
    %0 = memref.alloc() : memref<8xf32>
    func.return
  }
}

// -----

hal.constant @a at 0 = dense<1.0> : tensor<17xf32>
// expected-error@below {{starts at byte 64, the constant before it ends at 68}}
hal.constant @b at 64 = dense<2.0> : tensor<4xf32>
