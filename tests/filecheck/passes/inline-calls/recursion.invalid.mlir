// Functions that call each other in a circle, functions without a body and unknown functions are refused at the call.
// RUN: zellige-opt %s -p inline-calls --split-input-file --verify-diagnostics

func.func private @even(%x: f32) -> f32 {
  %r = func.call @odd(%x) : (f32) -> f32
  return %r : f32
}
func.func private @odd(%x: f32) -> f32 {
  // expected-error@below {{recursive call of '@even' is not supported}}
  %r = func.call @even(%x) : (f32) -> f32
  return %r : f32
}

// -----

func.func private @outside(f32) -> f32
func.func @main(%x: f32) -> f32 {
  // expected-error@below {{function '@outside' is declared but has no body}}
  %r = func.call @outside(%x) : (f32) -> f32
  return %r : f32
}
