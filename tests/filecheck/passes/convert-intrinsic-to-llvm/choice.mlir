// A choice asks for the newest version first and ends in the default; the group itself answers 0.
// RUN: zellige-opt %s -p 'convert-intrinsic-to-llvm' | filecheck %s

intrinsic.group @g versions [1, 2, 3]

func.func @f(%a: f32, %b: f32, %c: f32) -> (f32, i1) {
  %r = intrinsic.choice @g -> (f32) {
    intrinsic.yield %a : f32
  } version 2 {
    intrinsic.yield %b : f32
  } version 3 {
    intrinsic.yield %c : f32
  }
  %any = intrinsic.is_available @g
  func.return %r, %any : f32, i1
}

// CHECK:      llvm.func @g.is_available() -> i32 attributes {intrinsic.builtin = #intrinsic.builtin<group @g version 3>} {
// CHECK-NEXT:   %0 = llvm.mlir.constant(0 : i32) : i32
// CHECK-NEXT:   llvm.return %0 : i32
// CHECK-NEXT: }
// CHECK-NEXT: func.func @f(%a: f32, %b: f32, %c: f32) -> (f32, i1) {
// CHECK-NEXT:   %[[NEWEST:.*]] = llvm.call @g.is_available() : () -> i32
// CHECK-NEXT:   %[[THREE:.*]] = arith.constant 3 : i32
// CHECK-NEXT:   %[[IS3:.*]] = arith.cmpi uge, %[[NEWEST]], %[[THREE]] : i32
// CHECK-NEXT:   %r = scf.if %[[IS3]] -> (f32) {
// CHECK-NEXT:     scf.yield %c : f32
// CHECK-NEXT:   } else {
// CHECK-NEXT:     %[[AGAIN:.*]] = llvm.call @g.is_available() : () -> i32
// CHECK-NEXT:     %[[TWO:.*]] = arith.constant 2 : i32
// CHECK-NEXT:     %[[IS2:.*]] = arith.cmpi uge, %[[AGAIN]], %[[TWO]] : i32
// CHECK-NEXT:     %[[OLDER:.*]] = scf.if %[[IS2]] -> (f32) {
// CHECK-NEXT:       scf.yield %b : f32
// CHECK-NEXT:     } else {
// CHECK-NEXT:       scf.yield %a : f32
// CHECK-NEXT:     }
// CHECK-NEXT:     scf.yield %[[OLDER]] : f32
// CHECK-NEXT:   }
// CHECK-NEXT:   %[[LAST:.*]] = llvm.call @g.is_available() : () -> i32
// CHECK-NEXT:   %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-NEXT:   %any = arith.cmpi uge, %[[LAST]], %[[ONE]] : i32
// CHECK-NEXT:   func.return %r, %any : f32, i1
