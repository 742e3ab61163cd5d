// Buffers in any memory, with any strides, in upstream's syntax.
// RUN: ROUNDTRIP

%m, %n = "test.op"() : () -> (memref<8xf32, #hal.memory<device>>, memref<8xf32, strided<[2]>, #hal.memory<local>>)
%t = bufferization.to_tensor %m restrict writable : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
bufferization.materialize_in_destination %t in restrict writable %n : (tensor<8xf32>, memref<8xf32, strided<[2]>, #hal.memory<local>>) -> ()

// CHECK:      %t = bufferization.to_tensor %m restrict writable : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
// CHECK-NEXT: bufferization.materialize_in_destination %t in restrict writable %n : (tensor<8xf32>, memref<8xf32, strided<[2]>, #hal.memory<local>>) -> ()
