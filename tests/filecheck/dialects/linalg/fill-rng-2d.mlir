// fill_rng_2d has the text of other named ops; its inputs are two bounds and a seed.
// RUN: ROUNDTRIP

func.func @main(%a: f64, %b: f64, %s: i32, %e: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = linalg.fill_rng_2d ins(%a, %b, %s : f64, f64, i32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK: %0 = linalg.fill_rng_2d ins(%a, %b, %s : f64, f64, i32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
