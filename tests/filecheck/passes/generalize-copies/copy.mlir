// What is only moved becomes an identity generic into the destination.
// RUN: zellige-opt %s -p 'generalize-copies' | filecheck %s

flow.executable @copy {
  func.func @copy(%a: memref<8xf32, #hal.memory<device>>, %b: memref<8xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
    bufferization.materialize_in_destination %0 in restrict writable %b : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()
    func.return
  }
}

// CHECK:      %1 = tensor.empty() : tensor<8xf32>
// CHECK-NEXT: %2 = linalg.generic {{.*}} ins(%0 : tensor<8xf32>) outs(%1 : tensor<8xf32>) {
// CHECK-NEXT: ^bb0(%3: f32, %4: f32):
// CHECK-NEXT:   linalg.yield %3 : f32
// CHECK-NEXT: } -> tensor<8xf32>
// CHECK-NEXT: bufferization.materialize_in_destination %2 in restrict writable %b : (tensor<8xf32>, memref<{{.*}}>) -> ()
