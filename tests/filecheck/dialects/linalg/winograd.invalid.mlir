// Transformed tensors of other shapes are refused with the one that fits.
// RUN: DIAG

func.func @filter(%f: tensor<2x3x3x5xf32>, %a: tensor<4x4x5x2xf32>) {
  // expected-error@below {{expected tensor<6x6x5x2xf32> as the transformed form of tensor<2x3x3x5xf32>, got tensor<4x4x5x2xf32>}}
  %0 = linalg.winograd_filter_transform fmr(F_4_3) ins(%f : tensor<2x3x3x5xf32>) outs(%a : tensor<4x4x5x2xf32>) -> tensor<4x4x5x2xf32>
  return
}

// -----

func.func @size(%f: tensor<2x5x5x5xf32>, %a: tensor<6x6x5x2xf32>) {
  // expected-error@below {{expected filters of 3 or 1, got 5 by 5}}
  %0 = linalg.winograd_filter_transform fmr(F_4_3) ins(%f : tensor<2x5x5x5xf32>) outs(%a : tensor<6x6x5x2xf32>) -> tensor<6x6x5x2xf32>
  return
}
