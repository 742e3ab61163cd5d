// The largest and the sum of windows.
func.func @main(%x: tensor<1x4x9x9xf32>) -> (tensor<1x4x4x4xf32>, tensor<1x4x3x3xf32>) {
  %zero = arith.constant 0.000000e+00 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %w0 = tensor.empty() : tensor<2x2xf32>
  %e0 = tensor.empty() : tensor<1x4x4x4xf32>
  %s0 = linalg.fill ins(%lowest : f32) outs(%e0 : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %max = linalg.pooling_nchw_max {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%x, %w0 : tensor<1x4x9x9xf32>, tensor<2x2xf32>) outs(%s0 : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %w1 = tensor.empty() : tensor<3x3xf32>
  %e1 = tensor.empty() : tensor<1x4x3x3xf32>
  %s1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x4x3x3xf32>) -> tensor<1x4x3x3xf32>
  %sum = linalg.pooling_nchw_sum {dilations = dense<1> : tensor<2xi64>, strides = dense<3> : tensor<2xi64>}
      ins(%x, %w1 : tensor<1x4x9x9xf32>, tensor<3x3xf32>) outs(%s1 : tensor<1x4x3x3xf32>) -> tensor<1x4x3x3xf32>
  return %max, %sum : tensor<1x4x4x4xf32>, tensor<1x4x3x3xf32>
}
