// A loop with a condition: the block before decides, the block after leads back to it.
// RUN: zellige-opt %s -p convert-scf-to-cf | filecheck %s

func.func @main(%x: i32, %n: i32) -> i32 {
  %r = scf.while (%a = %x) : (i32) -> (i32) {
    %c = arith.cmpi slt, %a, %n : i32
    %t = scf.if %c -> (i32) {
      scf.yield %a : i32
    } else {
      scf.yield %n : i32
    }
    scf.condition(%c) %t : i32
  } do {
  ^bb0(%b: i32):
    %d = arith.addi %b, %b : i32
    scf.yield %d : i32
  }
  func.return %r : i32
}

// CHECK:        cf.br ^bb1(%x : i32)
// CHECK-NEXT: ^bb1(%a: i32):
// CHECK-NEXT:   %c = arith.cmpi slt, %a, %n : i32
// CHECK-NEXT:   cf.cond_br %c, ^bb2, ^bb3
// CHECK-NEXT: ^bb2:
// CHECK-NEXT:   cf.br ^bb4(%a : i32)
// CHECK-NEXT: ^bb3:
// CHECK-NEXT:   cf.br ^bb4(%n : i32)
// CHECK-NEXT: ^bb4(%t: i32):
// CHECK-NEXT:   cf.br ^bb5
// CHECK-NEXT: ^bb5:
// CHECK-NEXT:   cf.cond_br %c, ^bb6(%t : i32), ^bb7(%t : i32)
// CHECK-NEXT: ^bb6(%b: i32):
// CHECK-NEXT:   %d = arith.addi %b, %b : i32
// CHECK-NEXT:   cf.br ^bb1(%d : i32)
// CHECK-NEXT: ^bb7(%r: i32):
// CHECK-NEXT:   func.return %r : i32
