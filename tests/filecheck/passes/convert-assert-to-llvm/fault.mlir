// An assertion that does not hold stores 1 + its number at device address 16 and traps.
// RUN: zellige-opt %s -p convert-assert-to-llvm | filecheck %s

func.func @f(%c: i1) {
  cf.assert %c, "too large" {hal.message = 4 : i64}
  func.return
}

// CHECK:        llvm.cond_br %c, ^bb2, ^bb1
// CHECK-NEXT: ^bb1:
// CHECK-NEXT:   %0 = llvm.mlir.constant(5 : i32) : i32
// CHECK-NEXT:   %1 = llvm.mlir.constant(16 : i32) : i32
// CHECK-NEXT:   %2 = llvm.inttoptr %1 : i32 to !llvm.ptr<2>
// CHECK-NEXT:   llvm.store %0, %2 {alignment = 4 : i64} : i32, !llvm.ptr<2>
// CHECK-NEXT:   llvm.call_intrinsic "llvm.trap"() : () -> ()
// CHECK-NEXT:   llvm.unreachable
// CHECK-NEXT: ^bb2:
// CHECK-NEXT:   func.return
