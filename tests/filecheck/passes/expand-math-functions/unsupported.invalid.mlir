// A function that is not written for the element type is refused where it stands.
// RUN: zellige-opt %s -p expand-math-functions --split-input-file --verify-diagnostics

func.func @exp(%x: f16) -> f16 {
  // expected-error@below {{'math.exp' on f16 is not supported}}
  %y = math.exp %x : f16
  func.return %y : f16
}

// -----

func.func @fpowi(%x: f32, %n: i64) -> f32 {
  // expected-error@below {{'math.fpowi' on f32, i64 is not supported}}
  %y = math.fpowi %x, %n : f32, i64
  func.return %y : f32
}
