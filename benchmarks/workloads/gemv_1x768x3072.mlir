func.func @main(%a: tensor<1x768xf32>) -> tensor<1x3072xf32> {
  %b = arith.constant dense_resource<b> : tensor<768x3072xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x3072xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x3072xf32>) -> tensor<1x3072xf32>
  %y = linalg.matmul ins(%a, %b : tensor<1x768xf32>, tensor<768x3072xf32>) outs(%init : tensor<1x3072xf32>) -> tensor<1x3072xf32>
  func.return %y : tensor<1x3072xf32>
}
