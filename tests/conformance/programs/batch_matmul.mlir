// Several products at once.
func.func @main(%a: tensor<3x5x11xf32>, %b: tensor<3x11x6xf32>) -> tensor<3x5x6xf32> {
  %zero = arith.constant 0.000000e+00 : f32
  %empty = tensor.empty() : tensor<3x5x6xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x5x6xf32>) -> tensor<3x5x6xf32>
  %result = linalg.batch_matmul ins(%a, %b : tensor<3x5x11xf32>, tensor<3x11x6xf32>)
      outs(%start : tensor<3x5x6xf32>) -> tensor<3x5x6xf32>
  return %result : tensor<3x5x6xf32>
}
