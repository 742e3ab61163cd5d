// Vectors of 128 bits are fused, whichever operand the product is; scalars are not.
// RUN: zellige-opt %s -p 'fuse-multiply-add' | filecheck %s

func.func @f(%a: vector<4xf32>, %b: vector<4xf32>, %c: vector<4xf32>, %d: vector<2xf64>, %x: f32) -> (vector<4xf32>, vector<2xf64>, f32) {
  %0 = arith.mulf %a, %b : vector<4xf32>
  %1 = arith.addf %c, %0 : vector<4xf32>
  %2 = arith.mulf %d, %d : vector<2xf64>
  %3 = arith.addf %2, %d : vector<2xf64>
  %4 = arith.mulf %x, %x : f32
  %5 = arith.addf %4, %x : f32
  func.return %1, %3, %5 : vector<4xf32>, vector<2xf64>, f32
}

// CHECK:      %0 = llvm.call_intrinsic "llvm.fmuladd.v4f32"(%a, %b, %c) : (vector<4xf32>, vector<4xf32>, vector<4xf32>) -> vector<4xf32>
// CHECK-NEXT: %1 = llvm.call_intrinsic "llvm.fmuladd.v2f64"(%d, %d, %d) : (vector<2xf64>, vector<2xf64>, vector<2xf64>) -> vector<2xf64>
// CHECK-NEXT: %2 = arith.mulf %x, %x : f32
// CHECK-NEXT: %3 = arith.addf %2, %x : f32
