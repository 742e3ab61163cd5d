// materialize_in_destination has a result where the destination is a tensor, and none where it is a buffer.
// RUN: ROUNDTRIP

func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>, %m: memref<4xf32>) {
  %0 = bufferization.materialize_in_destination %x in %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  bufferization.materialize_in_destination %x in writable %m : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// CHECK:      %0 = bufferization.materialize_in_destination %x in %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: bufferization.materialize_in_destination %x in writable %m : (tensor<4xf32>, memref<4xf32>) -> ()
