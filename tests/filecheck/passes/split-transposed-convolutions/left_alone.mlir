// A small convolution stays one kernel, and so does one whose window has steps.
// RUN: zellige-opt %s -p split-transposed-convolutions | filecheck %s

func.func @main(%x: tensor<1x4x8xf32>, %k: tensor<3x8x5xf32>, %y: tensor<1x400x80xf32>, %l: tensor<3x80x50xf32>) -> (tensor<1x7x5xf32>, tensor<1x400x50xf32>) {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[1, 1]], lhs_dilate = [2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x8xf32>, tensor<3x8x5xf32>) -> tensor<1x7x5xf32>
  %1 = stablehlo.convolution(%y, %l) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {stride = [2], pad = [[1, 1]], lhs_dilate = [2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x400x80xf32>, tensor<3x80x50xf32>) -> tensor<1x400x50xf32>
  return %0, %1 : tensor<1x7x5xf32>, tensor<1x400x50xf32>
}

// CHECK:     stablehlo.convolution(%x, %k)
// CHECK:     stablehlo.convolution(%y, %l)
// CHECK-NOT: stablehlo.convolution
