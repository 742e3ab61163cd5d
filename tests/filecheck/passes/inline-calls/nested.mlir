// Calls inside callees and inside regions are inlined too; each call has a body of its own.
// RUN: zellige-opt %s -p inline-calls | filecheck %s

func.func private @square(%x: f32) -> f32 {
  %s = arith.mulf %x, %x : f32
  return %s : f32
}
func.func private @fourth(%x: f32) -> f32 {
  %a = func.call @square(%x) : (f32) -> f32
  %b = func.call @square(%a) : (f32) -> f32
  return %b : f32
}
func.func @main(%c: i1, %x: f32) -> f32 {
  %r = scf.if %c -> (f32) {
    %t = func.call @fourth(%x) : (f32) -> f32
    scf.yield %t : f32
  } else {
    scf.yield %x : f32
  }
  return %r : f32
}

// CHECK:        scf.if %c -> (f32) {
// CHECK-NEXT:     %[[A:.*]] = arith.mulf %x, %x : f32
// CHECK-NEXT:     %[[B:.*]] = arith.mulf %[[A]], %[[A]] : f32
// CHECK-NEXT:     scf.yield %[[B]] : f32
// CHECK-NOT:    func.call
