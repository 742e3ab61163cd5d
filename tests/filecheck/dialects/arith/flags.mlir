// Promises that nothing here makes use of are read and forgotten.
// RUN: zellige-opt %s | filecheck %s

func.func @f(%a: i32, %b: i64, %x: f64) {
  %0 = arith.divsi %a, %a exact : i32
  %1 = arith.extui %a nneg : i32 to i64
  %2 = arith.trunci %b overflow<nsw, nuw> : i64 to i32
  %3 = arith.truncf %x fastmath<contract> : f64 to f32
  return
}

// CHECK:      %0 = arith.divsi %a, %a : i32
// CHECK-NEXT: %1 = arith.extui %a : i32 to i64
// CHECK-NEXT: %2 = arith.trunci %b : i64 to i32
// CHECK-NEXT: %3 = arith.truncf %x : f64 to f32
