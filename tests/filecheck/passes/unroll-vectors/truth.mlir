// A truth value takes a byte in memory, so sixteen of them fill a vector.
// RUN: zellige-opt %s -p 'unroll-vectors' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%out: memref<20xi1, #hal.memory<device>>) {
    %true = arith.constant true
    %c0 = arith.constant 0 : index
    %v = vector.broadcast %true : i1 to vector<20xi1>
    vector.transfer_write %v, %out[%c0] {in_bounds = [true]} : vector<20xi1>, memref<20xi1, #hal.memory<device>>
    func.return
  }
}

// CHECK:      %0 = vector.broadcast %true : i1 to vector<16xi1>
// CHECK-NEXT: %1 = vector.broadcast %true : i1 to vector<4xi1>
// CHECK-NEXT: %2 = arith.constant 0 : index
// CHECK-NEXT: vector.transfer_write %0, %out[%2] {in_bounds = [true]} : vector<16xi1>, memref<20xi1, #hal.memory<device>>
// CHECK-NEXT: %3 = arith.constant 16 : index
// CHECK-NEXT: vector.transfer_write %1, %out[%3] {in_bounds = [true]} : vector<4xi1>, memref<20xi1, #hal.memory<device>>
