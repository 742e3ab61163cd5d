// The width of the machine is an option of the pass; the order of a sum does not depend on it.
// RUN: zellige-opt %s -p 'unroll-vectors{bits=64}' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<6xf32, #hal.memory<device>>, %out: memref<f32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<6xf32, #hal.memory<device>> to tensor<6xf32>
    %c0 = arith.constant 0 : index
    %pad = arith.constant 0.0 : f32
    %v = vector.transfer_read %0[%c0], %pad {in_bounds = [true]} : tensor<6xf32>, vector<6xf32>
    %s = vector.reduction <add>, %v : vector<6xf32> into f32
    memref.store %s, %out[] : memref<f32, #hal.memory<device>>
    func.return
  }
}

// CHECK:      %1 = arith.constant 0 : index
// CHECK-NEXT: %2 = vector.transfer_read %0[%1], %pad {in_bounds = [true]} : tensor<6xf32>, vector<2xf32>
// CHECK-NEXT: %3 = arith.constant 2 : index
// CHECK-NEXT: %4 = vector.transfer_read %0[%3], %pad {in_bounds = [true]} : tensor<6xf32>, vector<2xf32>
// CHECK-NEXT: %5 = arith.constant 4 : index
// CHECK-NEXT: %6 = vector.transfer_read %0[%5], %pad {in_bounds = [true]} : tensor<6xf32>, vector<2xf32>
// CHECK-NEXT: %7 = arith.addf %2, %4 : vector<2xf32>
// CHECK-NEXT: %8 = vector.reduction <add>, %7 : vector<2xf32> into f32
// CHECK-NEXT: %9 = vector.reduction <add>, %6 : vector<2xf32> into f32
// CHECK-NEXT: %s = arith.addf %8, %9 : f32
