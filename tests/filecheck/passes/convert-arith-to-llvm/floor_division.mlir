// The quotient of a floor division steps down where the remainder has another sign than the divisor.
// RUN: zellige-opt %s -p 'convert-arith-to-llvm' | filecheck %s

%a, %b = "test.op"() : () -> (i32, i32)
%0 = arith.floordivsi %a, %b : i32
"test.op"(%0) : (i32) -> ()

// CHECK:      %0 = llvm.sdiv %a, %b : i32
// CHECK-NEXT: %1 = llvm.srem %a, %b : i32
// CHECK-NEXT: %2 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT: %3 = llvm.xor %1, %b : i32
// CHECK-NEXT: %4 = llvm.icmp "slt" %3, %2 : i32
// CHECK-NEXT: %5 = llvm.icmp "ne" %1, %2 : i32
// CHECK-NEXT: %6 = llvm.and %4, %5 : i1
// CHECK-NEXT: %7 = llvm.mlir.constant(-1 : i32) : i32
// CHECK-NEXT: %8 = llvm.add %0, %7 : i32
// CHECK-NEXT: %9 = llvm.select %6, %8, %0 : i1, i32
// CHECK-NEXT: "test.op"(%9) : (i32) -> ()
