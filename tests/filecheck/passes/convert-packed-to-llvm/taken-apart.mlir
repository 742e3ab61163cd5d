// Without an instruction each element is shifted to the top of a word and down again with its own sign.
// RUN: zellige-opt %s -p 'convert-packed-to-llvm' | filecheck %s

func.func @f(%a: i32, %b: i32, %start: i32) -> i32 {
  %0 = packed.dot %a : ui16, %b : si16, %start : i32
  func.return %0 : i32
}

// CHECK:      %0 = arith.constant 16 : i32
// CHECK-NEXT: %1 = arith.shli %a, %0 : i32
// CHECK-NEXT: %2 = arith.constant 16 : i32
// CHECK-NEXT: %3 = arith.shrui %1, %2 : i32
// CHECK:      %7 = arith.shrsi %5, %6 : i32
// CHECK-NEXT: %8 = arith.muli %3, %7 : i32
// CHECK-NEXT: %9 = arith.addi %start, %8 : i32
// CHECK-NEXT: %10 = arith.constant 16 : i32
// CHECK-NEXT: %11 = arith.shrui %a, %10 : i32
// CHECK:      func.return %15 : i32
