// What is around and between the elements is a pad of the input, and a window that is reversed is a reversed kernel.
// RUN: zellige-opt %s -p legalize-stablehlo-contractions | filecheck %s

func.func @main(%x: tensor<1x5x2xf32>, %k: tensor<3x2x4xf32>, %amounts: tensor<1x2xi64>) -> (tensor<1x9x4xf32>, tensor<1x5x4xf32>) {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[1, 1]], lhs_dilate = [2], reverse = [true]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x5x2xf32>, tensor<3x2x4xf32>) -> tensor<1x9x4xf32>
  %c = arith.constant dense<[[2, 0]]> : tensor<1x2xi64>
  %1 = "stablehlo.dynamic_conv"(%x, %k, %c) <{dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, feature_group_count = 1 : i64, batch_group_count = 1 : i64}> : (tensor<1x5x2xf32>, tensor<3x2x4xf32>, tensor<1x2xi64>) -> tensor<1x5x4xf32>
  return %0, %1 : tensor<1x9x4xf32>, tensor<1x5x4xf32>
}

// CHECK: stablehlo.pad %x, %{{.*}}, low = [0, 1, 0], high = [0, 1, 0], interior = [0, 1, 0]
// CHECK: stablehlo.reverse %k, dims = [0] : tensor<3x2x4xf32>
// CHECK: stablehlo.pad %x, %{{.*}}, low = [0, 2, 0], high = [0, 0, 0], interior = [0, 0, 0]
