// Constants as numbers, as one number, as bytes, and as a resource.
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %numbers = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %splat = arith.constant dense<2.5> : tensor<2x3xf32>
  %bytes = arith.constant dense<"0x0000803F0000004000004040000080400000A0400000C040"> : tensor<2x3xf32>
  %resource = arith.constant dense_resource<weights> : tensor<2x3xf32>
  %empty = tensor.empty() : tensor<2x3xf32>
  %a = linalg.mul ins(%x, %numbers : tensor<2x3xf32>, tensor<2x3xf32>) outs(%empty : tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = linalg.add ins(%a, %splat : tensor<2x3xf32>, tensor<2x3xf32>) outs(%empty : tensor<2x3xf32>) -> tensor<2x3xf32>
  %c = linalg.sub ins(%b, %bytes : tensor<2x3xf32>, tensor<2x3xf32>) outs(%empty : tensor<2x3xf32>) -> tensor<2x3xf32>
  %d = linalg.mul ins(%c, %resource : tensor<2x3xf32>, tensor<2x3xf32>) outs(%empty : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %d : tensor<2x3xf32>
}
{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F0000004000004040000080400000A0400000C040"
    }
  }
#-}
