// Results that are an argument, a constant, the same value twice, and what a private function gives.
func.func private @twice(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %empty = tensor.empty() : tensor<4xf32>
  %sum = linalg.add ins(%x, %x : tensor<4xf32>, tensor<4xf32>) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
  return %sum, %x : tensor<4xf32>, tensor<4xf32>
}
func.func @main(%x: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<2x2xi16>, tensor<4xf32>, tensor<4xf32>) {
  %constant = arith.constant dense<[[1, -2], [3, -4]]> : tensor<2x2xi16>
  %sum, %same = func.call @twice(%x) : (tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  return %sum, %x, %constant, %sum, %same
      : tensor<4xf32>, tensor<4xf32>, tensor<2x2xi16>, tensor<4xf32>, tensor<4xf32>
}
