// Seven elements are a full vector, half a vector, and a scalar, row by row.
// RUN: zellige-opt %s -p 'unroll-vectors' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%a: memref<2x7xf32, #hal.memory<device>>, %out: memref<2x7xf32, #hal.memory<device>>) {
    %0 = bufferization.to_tensor %a restrict : memref<2x7xf32, #hal.memory<device>> to tensor<2x7xf32>
    %c0 = arith.constant 0 : index
    %pad = arith.constant 0.0 : f32
    %v = vector.transfer_read %0[%c0, %c0], %pad {in_bounds = [true, true]} : tensor<2x7xf32>, vector<2x7xf32>
    %n = arith.negf %v : vector<2x7xf32>
    vector.transfer_write %n, %out[%c0, %c0] {in_bounds = [true, true]} : vector<2x7xf32>, memref<2x7xf32, #hal.memory<device>>
    func.return
  }
}

// CHECK:      %11 = arith.negf %2 : vector<4xf32>
// CHECK-NEXT: %12 = arith.negf %4 : vector<2xf32>
// CHECK-NEXT: %13 = arith.negf %6 : f32
// CHECK-NEXT: %14 = arith.negf %8 : vector<4xf32>
// CHECK-NEXT: %15 = arith.negf %9 : vector<2xf32>
// CHECK-NEXT: %16 = arith.negf %10 : f32
