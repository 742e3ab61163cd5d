// Padding that would cut elements off is refused.
// RUN: zellige-opt %s -p decompose-pad --verify-diagnostics

func.func @main(%a: tensor<4xf32>, %z: f32) -> tensor<4xf32> {
  // expected-error@below {{padding must not be negative, got -1}}
  %0 = tensor.pad %a low[-1] high[1] {
  ^bb0(%i: index):
    tensor.yield %z : f32
  } : tensor<4xf32> to tensor<4xf32>
  return %0 : tensor<4xf32>
}
