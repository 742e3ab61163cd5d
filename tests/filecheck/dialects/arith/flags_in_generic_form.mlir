// What upstream promises of operands is read in generic form too, where xDSL's ops have no place for it.
// RUN: zellige-opt %s | filecheck %s

func.func @main(%a: i64, %b: i32) -> i32 {
  %0 = "arith.trunci"(%a) <{overflowFlags = #arith.overflow<nsw>}> : (i64) -> i32
  %1 = "arith.extui"(%b) <{nonNeg}> : (i32) -> i64
  %2 = "arith.divui"(%0, %b) <{isExact}> : (i32, i32) -> i32
  return %2 : i32
}

// CHECK:      %0 = arith.trunci %a : i64 to i32
// CHECK-NEXT: %1 = arith.extui %b : i32 to i64
// CHECK-NEXT: %2 = arith.divui %0, %b : i32
