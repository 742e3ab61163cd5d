// Transforms of open sizes are refused.
// RUN: DIAG -p decompose-winograd

func.func @main(%f: tensor<?x3x3x5xf32>, %a: tensor<6x6x5x?xf32>) -> tensor<6x6x5x?xf32> {
  // expected-error@below {{'linalg.winograd_filter_transform' with dynamic sizes is not supported}}
  %0 = linalg.winograd_filter_transform fmr(F_4_3) ins(%f : tensor<?x3x3x5xf32>) outs(%a : tensor<6x6x5x?xf32>) -> tensor<6x6x5x?xf32>
  return %0 : tensor<6x6x5x?xf32>
}
