// A tensor without elements goes through an elementwise op, and sums to zero.
func.func @main(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>, tensor<3xf32>) {
  %zero = arith.constant 0.000000e+00 : f32
  %e0 = tensor.empty() : tensor<3x0xf32>
  %double = linalg.add ins(%x, %x : tensor<3x0xf32>, tensor<3x0xf32>) outs(%e0 : tensor<3x0xf32>) -> tensor<3x0xf32>
  %e1 = tensor.empty() : tensor<3xf32>
  %start = linalg.fill ins(%zero : f32) outs(%e1 : tensor<3xf32>) -> tensor<3xf32>
  %sums = linalg.reduce ins(%double : tensor<3x0xf32>) outs(%start : tensor<3xf32>) dimensions = [1]
    (%a: f32, %sum: f32) {
      %next = arith.addf %a, %sum : f32
      linalg.yield %next : f32
    }
  return %double, %sums : tensor<3x0xf32>, tensor<3xf32>
}
