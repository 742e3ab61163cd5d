// The body of a private function stands where it was called, results matched one by one, and the function is gone.
// RUN: zellige-opt %s -p inline-calls | filecheck %s

func.func private @both(%x: f32, %y: f32) -> (f32, f32) {
  %s = arith.addf %x, %y : f32
  return %s, %x : f32, f32
}
func.func @main(%a: f32, %b: f32) -> (f32, f32) {
  %p, %q = func.call @both(%b, %a) : (f32, f32) -> (f32, f32)
  return %p, %q : f32, f32
}

// CHECK-NOT:  @both
// CHECK:      func.func @main(%a: f32, %b: f32) -> (f32, f32) {
// CHECK-NEXT:   %[[S:.*]] = arith.addf %b, %a : f32
// CHECK-NEXT:   func.return %[[S]], %b : f32, f32
// CHECK-NEXT: }
