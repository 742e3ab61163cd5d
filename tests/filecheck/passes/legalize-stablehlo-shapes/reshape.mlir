// A reshape joins and splits only the dimensions that differ.
// RUN: zellige-opt %s -p legalize-stablehlo-shapes | filecheck %s

func.func @main(%a: tensor<2x3x4x5xf32>, %s: tensor<f32>) -> (tensor<6x4x5xf32>, tensor<6x2x10xf32>, tensor<1x1xf32>, tensor<2x1x3x4x5xf32>) {
  %0 = stablehlo.reshape %a : (tensor<2x3x4x5xf32>) -> tensor<6x4x5xf32>
  %1 = stablehlo.reshape %0 : (tensor<6x4x5xf32>) -> tensor<6x2x10xf32>
  %2 = stablehlo.reshape %s : (tensor<f32>) -> tensor<1x1xf32>
  %3 = stablehlo.reshape %a : (tensor<2x3x4x5xf32>) -> tensor<2x1x3x4x5xf32>
  return %0, %1, %2, %3 : tensor<6x4x5xf32>, tensor<6x2x10xf32>, tensor<1x1xf32>, tensor<2x1x3x4x5xf32>
}

// CHECK:      %[[A:.*]] = tensor.collapse_shape %a {{\[\[}}0 : i64, 1 : i64], [2 : i64], [3 : i64]] : tensor<2x3x4x5xf32> into tensor<6x4x5xf32>
// CHECK-NEXT: %[[B:.*]] = tensor.collapse_shape %[[A]] {{\[\[}}0 : i64], [1 : i64, 2 : i64]] : tensor<6x4x5xf32> into tensor<6x20xf32>
// CHECK-NEXT: tensor.expand_shape %[[B]] {{\[\[}}0 : i64], [1 : i64, 2 : i64]] output_shape [6, 2, 10] : tensor<6x20xf32> into tensor<6x2x10xf32>
// CHECK-NEXT: tensor.expand_shape %s [] output_shape [1, 1] : tensor<f32> into tensor<1x1xf32>
// CHECK-NEXT: tensor.expand_shape %a {{\[\[}}0 : i64], [1 : i64, 2 : i64], [3 : i64], [4 : i64]] output_shape [2, 1, 3, 4, 5]
