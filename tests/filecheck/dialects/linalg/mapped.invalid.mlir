// Maps that are missing, or no projected permutations, and too few inputs are refused.
// RUN: zellige-opt %s --split-input-file --verify-diagnostics

func.func @few(%a: tensor<4xf32>, %c: tensor<f32>) -> tensor<f32> {
  // expected-error@below {{expected 3 indexing maps, got 2}}
  %0 = linalg.contract indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> ()>] ins(%a, %a : tensor<4xf32>, tensor<4xf32>) outs(%c : tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

func.func @sum(%a: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{expected projected permutations, got (d0) -> ((d0 + 1))}}
  %0 = linalg.elementwise kind=#linalg.elementwise_kind<exp> indexing_maps = [affine_map<(i) -> (i + 1)>, affine_map<(i) -> (i)>] ins(%a : tensor<4xf32>) outs(%c : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @inputs(%a: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{expected 2 inputs and 1 output, got 1 and 1}}
  %0 = linalg.elementwise kind=#linalg.elementwise_kind<add> ins(%a : tensor<4xf32>) outs(%c : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
