// A dimension that is not there, or not known, is refused.
// RUN: zellige-opt %s -p fold-static-shapes --split-input-file --verify-diagnostics

func.func @main(%a: tensor<4xf32>) -> index {
  %c3 = arith.constant 3 : index
  // expected-error@below {{expected a dimension of 0 to 0, got 3}}
  %d = tensor.dim %a, %c3 : tensor<4xf32>
  return %d : index
}

// -----

func.func @main(%a: tensor<4xf32>, %i: index) -> index {
  // expected-error@below {{the dimension of 'tensor.dim' is not known at compile time}}
  %d = tensor.dim %a, %i : tensor<4xf32>
  return %d : index
}
