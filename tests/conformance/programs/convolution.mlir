// A strided convolution, channels last, and a depthwise one on what it gives.
func.func @main(%x: tensor<1x11x11x3xf32>, %w: tensor<3x3x3x6xf32>, %d: tensor<2x2x6xf32>) -> tensor<1x4x4x6xf32> {
  %zero = arith.constant 0.000000e+00 : f32
  %e0 = tensor.empty() : tensor<1x5x5x6xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x5x5x6xf32>) -> tensor<1x5x5x6xf32>
  %first = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%x, %w : tensor<1x11x11x3xf32>, tensor<3x3x3x6xf32>) outs(%s0 : tensor<1x5x5x6xf32>) -> tensor<1x5x5x6xf32>
  %e1 = tensor.empty() : tensor<1x4x4x6xf32>
  %s1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x4x4x6xf32>) -> tensor<1x4x4x6xf32>
  %second = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%first, %d : tensor<1x5x5x6xf32>, tensor<2x2x6xf32>) outs(%s1 : tensor<1x4x4x6xf32>) -> tensor<1x4x4x6xf32>
  return %second : tensor<1x4x4x6xf32>
}
