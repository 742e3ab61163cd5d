func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.ad ins(%x, %x : tensor<4xf32>, tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
