// Of equal constants of a kernel one is left, at its start; zeros of two signs and numbers of two types differ.
// RUN: zellige-opt %s -p share-constants | filecheck %s

flow.executable @k {
  func.func @k(%m: memref<4x8xf32>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %c1 = arith.constant 1 : index
    scf.for %i = %c0 to %c4 step %c1 {
      %zero = arith.constant 0.0 : f32
      %minus = arith.constant -0.0 : f32
      %four = arith.constant 4 : index
      memref.store %zero, %m[%i, %four] : memref<4x8xf32>
      %c4_i32 = arith.constant 4 : i32
      %again = arith.constant 0.0 : f32
      %n = "test.op"(%minus, %again, %c4_i32) : (f32, f32, i32) -> f32
      memref.store %n, %m[%i, %four] : memref<4x8xf32>
    }
    func.return
  }
}

// CHECK:      func.func @k
// CHECK-NEXT:   %c0 = arith.constant 0 : index
// CHECK-NEXT:   %c4 = arith.constant 4 : index
// CHECK-NEXT:   %c1 = arith.constant 1 : index
// CHECK-NEXT:   %zero = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:   %minus = arith.constant -0.000000e+00 : f32
// CHECK-NEXT:   %c4_i32 = arith.constant 4 : i32
// CHECK-NEXT:   scf.for %i = %c0 to %c4 step %c1 {
// CHECK-NEXT:     memref.store %zero, %m[%i, %c4]
// CHECK-NEXT:     %n = "test.op"(%minus, %zero, %c4_i32)
// CHECK-NEXT:     memref.store %n, %m[%i, %c4]
