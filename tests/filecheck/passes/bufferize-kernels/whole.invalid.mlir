// Kernels that still compute whole tensors are refused.
// RUN: zellige-opt %s -p 'bufferize-kernels' --verify-diagnostics

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<4xf32, #hal.memory<device>>, %out: memref<4xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<4xf32, #hal.memory<device>> to tensor<4xf32>
    // expected-error@below {{'bufferization.materialize_in_destination' in a kernel works on whole tensors, expected reads of tiles}}
    bufferization.materialize_in_destination %0 in restrict writable %out : (tensor<4xf32>, memref<4xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// -----

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<4x4xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<4x4xf32, #hal.memory<device>> to tensor<4x4xf32>
    %1 = tensor.extract_slice %0[0, 0] [4, 2] [1, 1] : tensor<4x4xf32> to tensor<4x2xf32>
    // expected-error@below {{'tensor.collapse_shape' in a kernel needs a whole buffer, got a part of one}}
    %2 = tensor.collapse_shape %1 [[0, 1]] : tensor<4x2xf32> into tensor<8xf32>
    func.return
  }
}
