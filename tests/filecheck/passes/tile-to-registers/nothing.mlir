// A result without elements is not computed.
// RUN: zellige-opt %s -p 'tile-to-registers' | filecheck %s

flow.executable @relu {
  func.func @relu(%x: memref<0x8xf32, #hal.memory<device>>, %out: memref<0x8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<0x8xf32, #hal.memory<device>> to tensor<0x8xf32>
    %e = tensor.empty() : tensor<0x8xf32>
    %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<0x8xf32>) outs(%e : tensor<0x8xf32>) attrs = {hal.schedule = #hal.schedule<workgroup [0, 0] tile [1, 5]>} {
    ^bb0(%p: f32, %o: f32):
      %n = arith.negf %p : f32
      linalg.yield %n : f32
    } -> tensor<0x8xf32>
    bufferization.materialize_in_destination %1 in restrict writable %out : (tensor<0x8xf32>, memref<0x8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %e = tensor.empty() : tensor<0x8xf32>
// CHECK-NEXT: func.return
