// A buffer holds a tensor of its own shape and element type.
// RUN: DIAG

%m = "test.op"() : () -> memref<8xf32, #hal.memory<device>>
// expected-error@below {{tensor and memref must have one shape and element type: tensor<4xf32>, memref<8xf32, #hal.memory<device>>}}
%t = bufferization.to_tensor %m restrict : memref<8xf32, #hal.memory<device>> to tensor<4xf32>
