// Rows of probabilities.
func.func @main(%x: tensor<5x19xf32>) -> tensor<5x19xf32> {
  %empty = tensor.empty() : tensor<5x19xf32>
  %result = linalg.softmax dimension(1) ins(%x : tensor<5x19xf32>) outs(%empty : tensor<5x19xf32>) -> tensor<5x19xf32>
  return %result : tensor<5x19xf32>
}
