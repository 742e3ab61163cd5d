// Slices, pads and reshapes whose sizes do not add up are refused with the numbers.
// RUN: DIAG

func.func @f(%a: tensor<4x8xf32>) {
  // expected-error@below {{'tensor.extract_slice': dimension 0: the slice reaches 4, the tensor has 4 elements}}
  %0 = tensor.extract_slice %a[3, 0] [2, 2] [1, 1] : tensor<4x8xf32> to tensor<2x2xf32>
  return
}

// -----

func.func @f(%a: tensor<4x8xf32>) {
  // expected-error@below {{expected a slice of shape 2x2, or without some dimensions of 1, got tensor<2x3xf32>}}
  %0 = tensor.extract_slice %a[0, 0] [2, 2] [1, 1] : tensor<4x8xf32> to tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<4x8xf32>, %b: tensor<2x2xf32>) {
  // expected-error@below {{'tensor.insert_slice': dimension 1: the slice reaches 8, the tensor has 8 elements}}
  %0 = tensor.insert_slice %b into %a[0, 7] [2, 2] [1, 1] : tensor<2x2xf32> into tensor<4x8xf32>
  return
}

// -----

func.func @f(%a: tensor<4x8xf32>) {
  // expected-error@below {{'tensor.collapse_shape': dimension 0: expected [4, 8] to multiply to 33}}
  %0 = tensor.collapse_shape %a [[0, 1]] : tensor<4x8xf32> into tensor<33xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %z: f32) {
  // expected-error@below {{'tensor.pad': dimension 0: 1 + 4 + 1 is not 7}}
  %0 = tensor.pad %a low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %z : f32
  } : tensor<4xf32> to tensor<7xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %i: index) {
  // expected-error@below {{'tensor.extract': expected 1 indices, got 2}}
  %0 = tensor.extract %a[%i, %i] : tensor<4xf32>
  return
}
