// Reads of a slice of a buffer become reads of a view of it.
// RUN: zellige-opt %s -p 'bufferize-kernels' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<8x8xf32, #hal.memory<device>>, %out: memref<4xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<8x8xf32, #hal.memory<device>> to tensor<8x8xf32>
    %i = hal.workgroup_id 0
    %1 = tensor.extract_slice %0[%i, 0] [1, 8] [1, 1] : tensor<8x8xf32> to tensor<1x8xf32>
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %pad = arith.constant 0.0 : f32
    %2 = vector.transfer_read %1[%c0, %c4], %pad {in_bounds = [true]} : tensor<1x8xf32>, vector<4xf32>
    %3 = tensor.extract %1[%c0, %c0] : tensor<1x8xf32>
    vector.transfer_write %2, %out[%c0] {in_bounds = [true]} : vector<4xf32>, memref<4xf32, #hal.memory<device>>
    memref.store %3, %out[%c0] : memref<4xf32, #hal.memory<device>>
    func.return
  }
}

// CHECK:      %i = hal.workgroup_id 0
// CHECK-NEXT: %0 = memref.subview %a[%i, 0] [1, 8] [1, 1] : memref<{{.*}}> to memref<{{.*}}>
// CHECK-NEXT: %c0 = arith.constant 0 : index
// CHECK-NEXT: %c4 = arith.constant 4 : index
// CHECK-NEXT: %pad = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: %1 = vector.transfer_read %0[%c0, %c4], %pad {in_bounds = [true]} : memref<{{.*}}>, vector<4xf32>
// CHECK-NEXT: %2 = memref.load %0[%c0, %c0] : memref<1x8xf32, strided<[8, 1], offset: ?>, #hal.memory<device>>
// CHECK-NEXT: vector.transfer_write %1, %out[%c0] {in_bounds = [true]} : vector<4xf32>, memref<4xf32, #hal.memory<device>>
// CHECK-NEXT: memref.store %2, %out[%c0] : memref<4xf32, #hal.memory<device>>
// CHECK-NEXT: func.return
