// A tensor of one element collapses to a 0-d tensor, and that expands to any shape of one element.
// RUN: zellige-opt %s -p fold-static-shapes | filecheck %s

func.func @main(%a: tensor<1x1xf32>) -> tensor<1xf32> {
  %none = arith.constant dense<> : tensor<0xi64>
  %one = arith.constant dense<[1]> : tensor<1xi64>
  %s = tensor.reshape %a(%none) : (tensor<1x1xf32>, tensor<0xi64>) -> tensor<f32>
  %r = tensor.reshape %s(%one) : (tensor<f32>, tensor<1xi64>) -> tensor<1xf32>
  return %r : tensor<1xf32>
}

// CHECK:      %[[S:.*]] = tensor.collapse_shape %a [] : tensor<1x1xf32> into tensor<f32>
// CHECK:      tensor.expand_shape %[[S]] [] output_shape [1] : tensor<f32> into tensor<1xf32>
