func.func @main(%x: tensor<1x32x112x112xf32>) -> tensor<1x32x112x112xf32> {
  %w = arith.constant dense_resource<w> : tensor<32x3x3xf32>
  %bias = arith.constant dense_resource<bias> : tensor<32xf32>
  %zero = arith.constant 0.0 : f32
  %padded = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%n: index, %c: index, %h: index, %v: index):
    tensor.yield %zero : f32
  } : tensor<1x32x112x112xf32> to tensor<1x32x114x114xf32>
  %empty = tensor.empty() : tensor<1x32x112x112xf32>
  %init = linalg.broadcast ins(%bias : tensor<32xf32>) outs(%empty : tensor<1x32x112x112xf32>) dimensions = [0, 2, 3]
  %y = linalg.depthwise_conv_2d_nchw_chw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
      ins(%padded, %w : tensor<1x32x114x114xf32>, tensor<32x3x3xf32>)
      outs(%init : tensor<1x32x112x112xf32>) -> tensor<1x32x112x112xf32>
  func.return %y : tensor<1x32x112x112xf32>
}
