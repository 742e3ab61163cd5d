// Padding that is known has to give the type of the result.
// RUN: DIAG -p legalize-stablehlo-contractions

func.func @main(%x: tensor<1x5x2xf32>, %k: tensor<3x2x4xf32>) -> tensor<1x5x4xf32> {
  %c = arith.constant dense<[[1, 0]]> : tensor<1x2xi64>
  // expected-error@below {{expected a result of type tensor<1x4x4xf32>, got tensor<1x5x4xf32>}}
  %1 = "stablehlo.dynamic_conv"(%x, %k, %c) <{dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64, batch_group_count = 1 : i64}> : (tensor<1x5x2xf32>, tensor<3x2x4xf32>, tensor<1x2xi64>) -> tensor<1x5x4xf32>
  return %1 : tensor<1x5x4xf32>
}
