// A scan of two tensors, which has no accumulator, and tensors that cannot be sorted together are refused.
// RUN: DIAG -p legalize-linalg-ext

func.func @f(%x: tensor<6xf32>, %e: tensor<6xf32>) {
  // expected-error@below {{expected one input and two outputs, got 2 and 2}}
  %0:2 = tm_tensor.scan dimension(0) inclusive(true) ins(%x, %x : tensor<6xf32>, tensor<6xf32>) outs(%e, %e : tensor<6xf32>, tensor<6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32):
    tm_tensor.yield %a, %b : f32, f32
  } -> tensor<6xf32>, tensor<6xf32>
  return
}

// -----

func.func @f(%x: tensor<6xf32>, %y: tensor<7xf32>) -> tensor<6xf32> {
  // expected-error@below {{inputs must have one shape, got (tensor<6xf32>, tensor<7xf32>)}}
  %0:2 = tm_tensor.sort dimension(0) outs(%x, %y : tensor<6xf32>, tensor<7xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32):
    %less = arith.cmpf olt, %a, %b : f32
    tm_tensor.yield %less : i1
  } -> tensor<6xf32>, tensor<7xf32>
  return %0#0 : tensor<6xf32>
}
