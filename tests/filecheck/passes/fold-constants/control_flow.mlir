// The branch of a known condition is taken, and an assertion that holds is dropped.
// RUN: zellige-opt %s -p fold-constants | filecheck %s

func.func @main(%x: f32) -> f32 {
  %a = arith.constant 3 : i32
  %b = arith.constant 4 : i32
  %less = arith.cmpi slt, %a, %b : i32
  cf.assert %less, "never"
  %r = scf.if %less -> (f32) {
    %n = arith.negf %x : f32
    scf.yield %n : f32
  } else {
    scf.yield %x : f32
  }
  return %r : f32
}

// CHECK-NOT:  cf.assert
// CHECK-NOT:  scf.if
// CHECK:      %[[N:.*]] = arith.negf %x : f32
// CHECK-NEXT: func.return %[[N]] : f32
