// A product whose sizes no tile divides, with a bias.
func.func @main(%a: tensor<33x29xf32>, %b: tensor<29x19xf32>, %bias: tensor<19xf32>) -> tensor<33x19xf32> {
  %empty = tensor.empty() : tensor<33x19xf32>
  %start = linalg.broadcast ins(%bias : tensor<19xf32>) outs(%empty : tensor<33x19xf32>) dimensions = [0]
  %result = linalg.matmul ins(%a, %b : tensor<33x29xf32>, tensor<29x19xf32>)
      outs(%start : tensor<33x19xf32>) -> tensor<33x19xf32>
  return %result : tensor<33x19xf32>
}
