// A switch compares with one case after the other; a region that always runs is no region.
// RUN: zellige-opt %s -p legalize-scf | filecheck %s

func.func @main(%n: index, %a: i32, %b: i32) -> i32 {
  %0 = scf.index_switch %n -> i32
  case 2 {
    scf.yield %a : i32
  }
  case -5 {
    scf.yield %b : i32
  }
  default {
    %c = arith.addi %a, %b : i32
    scf.yield %c : i32
  }
  %1 = scf.execute_region -> (i32) {
    %d = arith.muli %0, %a : i32
    scf.yield %d : i32
  }
  return %1 : i32
}

// CHECK:      %0 = arith.constant 2 : index
// CHECK-NEXT: %1 = arith.cmpi eq, %n, %0 : index
// CHECK-NEXT: %2 = scf.if %1 -> (i32) {
// CHECK-NEXT:   scf.yield %a : i32
// CHECK-NEXT: } else {
// CHECK-NEXT:   %3 = arith.constant -5 : index
// CHECK-NEXT:   %4 = arith.cmpi eq, %n, %3 : index
// CHECK-NEXT:   %5 = scf.if %4 -> (i32) {
// CHECK-NEXT:     scf.yield %b : i32
// CHECK-NEXT:   } else {
// CHECK-NEXT:     %c = arith.addi %a, %b : i32
// CHECK-NEXT:     scf.yield %c : i32
// CHECK-NEXT:   }
// CHECK-NEXT:   scf.yield %5 : i32
// CHECK-NEXT: }
// CHECK-NEXT: %d = arith.muli %2, %a : i32
// CHECK-NEXT: func.return %d : i32
