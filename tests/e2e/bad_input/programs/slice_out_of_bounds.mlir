func.func @main(%x: tensor<4xf32>) -> tensor<3xf32> {
  %y = tensor.extract_slice %x[2] [3] [1] : tensor<4xf32> to tensor<3xf32>
  return %y : tensor<3xf32>
}
