// Elements that are not neighbours in memory are read one by one.
// RUN: zellige-opt %s -p 'unroll-vectors' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<2x2xf32, #hal.memory<device>>, %out: memref<2xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<2x2xf32, #hal.memory<device>> to tensor<2x2xf32>
    %c0 = arith.constant 0 : index
    %pad = arith.constant 0.0 : f32
    %v = vector.transfer_read %0[%c0, %c0], %pad {in_bounds = [true], permutation_map = affine_map<(d0, d1) -> (d0)>} : tensor<2x2xf32>, vector<2xf32>
    vector.transfer_write %v, %out[%c0] {in_bounds = [true]} : vector<2xf32>, memref<2xf32, #hal.memory<device>>
    func.return
  }
}

// CHECK:      %2 = tensor.extract %0[%1, %1] : tensor<2x2xf32>
// CHECK-NEXT: %3 = vector.broadcast %2 : f32 to vector<2xf32>
// CHECK-NEXT: %4 = arith.constant 1 : index
// CHECK-NEXT: %5 = tensor.extract %0[%4, %1] : tensor<2x2xf32>
// CHECK-NEXT: %6 = vector.insert %5, %3 [1] : f32 into vector<2xf32>
