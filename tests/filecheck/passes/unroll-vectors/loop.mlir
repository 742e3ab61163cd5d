// A loop carries the pieces of what it carried.
// RUN: zellige-opt %s -p 'unroll-vectors' | filecheck %s

flow.executable @k workgroups [1, 1, 1] {
  func.func @k(%out: memref<8xf32, #hal.memory<device>>) {
    %x = arith.constant 1.0 : f32
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %v = vector.broadcast %x : f32 to vector<8xf32>
    %s = scf.for %i = %c0 to %c9 step %c1 iter_args(%a = %v) -> (vector<8xf32>) {
      %b = arith.addf %a, %a : vector<8xf32>
      scf.yield %b : vector<8xf32>
    }
    vector.transfer_write %s, %out[%c0] {in_bounds = [true]} : vector<8xf32>, memref<8xf32, #hal.memory<device>>
    func.return
  }
}

// CHECK:      %1, %2 = scf.for %i = %c0 to %c9 step %c1 iter_args(%3 = %0, %4 = %0) -> (vector<4xf32>, vector<4xf32>) {
// CHECK-NEXT:   %5 = arith.addf %3, %3 : vector<4xf32>
// CHECK-NEXT:   %6 = arith.addf %4, %4 : vector<4xf32>
// CHECK-NEXT:   scf.yield %5, %6 : vector<4xf32>, vector<4xf32>
// CHECK-NEXT: }
