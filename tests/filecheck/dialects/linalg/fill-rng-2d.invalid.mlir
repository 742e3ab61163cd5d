// Bounds of another type than f64 are refused.
// RUN: DIAG

func.func @main(%a: f32, %b: f32, %s: i32, %e: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error@below {{'linalg.fill_rng_2d' is not defined on inputs of type f32, f32, i32, expected f64, f64, i32}}
  %0 = linalg.fill_rng_2d ins(%a, %b, %s : f32, f32, i32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
