// Arithmetic becomes ops and intrinsics; conversions to integers saturate.
// RUN: zellige-opt %s -p 'convert-arith-to-llvm' | filecheck %s

func.func @f(%a: vector<4xf32>, %b: vector<4xf32>, %i: i32) {
  %0 = arith.addf %a, %b : vector<4xf32>
  %1 = arith.maximumf %a, %b : vector<4xf32>
  %2 = math.sqrt %a : vector<4xf32>
  %3 = arith.fptosi %a : vector<4xf32> to vector<4xi32>
  %4 = arith.cmpf olt, %a, %b : vector<4xf32>
  %5 = arith.select %4, %a, %b : vector<4xi1>, vector<4xf32>
  %6 = math.ctlz %i : i32
  %7 = arith.constant dense<1.0> : vector<4xf32>
  "test.op"(%0, %1, %2, %3, %5, %6, %7) : (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xi32>, vector<4xf32>, i32, vector<4xf32>) -> ()
  func.return
}

// CHECK:      %0 = llvm.fadd %a, %b : vector<4xf32>
// CHECK-NEXT: %1 = llvm.call_intrinsic "llvm.maximum.v4f32"(%a, %b) : (vector<4xf32>, vector<4xf32>) -> vector<4xf32>
// CHECK-NEXT: %2 = llvm.call_intrinsic "llvm.sqrt.v4f32"(%a) : (vector<4xf32>) -> vector<4xf32>
// CHECK-NEXT: %3 = llvm.call_intrinsic "llvm.fptosi.sat.v4i32.v4f32"(%a) : (vector<4xf32>) -> vector<4xi32>
// CHECK-NEXT: %4 = llvm.fcmp "olt" %a, %b : vector<4xf32>
// CHECK-NEXT: %5 = llvm.select %4, %a, %b : vector<4xi1>, vector<4xf32>
// CHECK-NEXT: %6 = llvm.mlir.constant(false) : i1
// CHECK-NEXT: %7 = llvm.call_intrinsic "llvm.ctlz.i32"(%i, %6) : (i32, i1) -> i32
// CHECK-NEXT: %8 = llvm.mlir.constant(dense<1.000000e+00> : vector<4xf32>) : vector<4xf32>
