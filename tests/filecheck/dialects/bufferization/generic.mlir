// The same ops in generic form.
// RUN: zellige-opt %s --print-op-generic | zellige-opt --print-op-generic | filecheck %s

%m = "test.op"() : () -> memref<8xf32, #hal.memory<device>>
%t = bufferization.to_tensor %m restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
bufferization.materialize_in_destination %t in writable %m : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()

// CHECK:      "bufferization.to_tensor"(%m) <{restrict}> : (memref<8xf32, #hal.memory<device>>) -> tensor<8xf32>
// CHECK-NEXT: "bufferization.materialize_in_destination"(%t, %m) <{writable}> : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()
