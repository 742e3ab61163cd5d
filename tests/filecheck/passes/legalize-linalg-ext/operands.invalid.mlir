// A scan of two tensors has no accumulator that could be told from its results.
// RUN: DIAG -p legalize-linalg-ext

func.func @f(%x: tensor<6xf32>, %e: tensor<6xf32>) {
  // expected-error@below {{expected one input and two outputs, got 2 and 2}}
  %0:2 = tm_tensor.scan dimension(0) inclusive(true) ins(%x, %x : tensor<6xf32>, tensor<6xf32>) outs(%e, %e : tensor<6xf32>, tensor<6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32):
    tm_tensor.yield %a, %b : f32, f32
  } -> tensor<6xf32>, tensor<6xf32>
  return
}
