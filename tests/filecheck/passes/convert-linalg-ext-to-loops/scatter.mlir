// A scatter writes into the buffer that holds what it updates; where a window starts is near the buffer at most.
// RUN: zellige-opt %s -p convert-linalg-ext-to-loops | filecheck %s

flow.executable @k {
  func.func @k(%x: memref<9xf32, #hal.memory<device>>, %i: memref<3x1xi64, #hal.memory<device>>, %u: memref<3x2xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %x restrict : memref<9xf32, #hal.memory<device>> to tensor<9xf32>
    %1 = bufferization.to_tensor %i restrict : memref<3x1xi64, #hal.memory<device>> to tensor<3x1xi64>
    %2 = bufferization.to_tensor %u restrict : memref<3x2xf32, #hal.memory<device>> to tensor<3x2xf32>
    %3 = linalg_ext.scatter dims = [0] into(%0 : tensor<9xf32>) ins(%1, %2 : tensor<3x1xi64>, tensor<3x2xf32>) {
    ^bb0(%old: f32, %new: f32):
      %sum = arith.addf %old, %new : f32
      linalg_ext.yield %sum : f32
    } -> tensor<9xf32>
    bufferization.materialize_in_destination %3 in restrict writable %x : (tensor<9xf32>, memref<9xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %[[#INDEX:]] = memref.load %i
// CHECK-NEXT: %[[#LOW:]] = arith.constant -2 : i64
// CHECK-NEXT: %[[#ABOVE:]] = arith.maxsi %[[#INDEX]], %[[#LOW]] : i64
// CHECK-NEXT: %[[#HIGH:]] = arith.constant 9 : i64
// CHECK-NEXT: %[[#START:]] = arith.minsi %[[#ABOVE]], %[[#HIGH]] : i64
// CHECK-NEXT: %[[#PLACE:]] = arith.index_cast %[[#START]] : i64 to index
// CHECK:      memref.load %x
// CHECK:      %sum = arith.addf
// CHECK-NEXT: memref.store %sum, %x
// CHECK-NOT:  bufferization
