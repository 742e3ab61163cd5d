// Small integers summed in large ones.
func.func @main(%a: tensor<12x40xi8>, %b: tensor<40x9xi8>) -> tensor<12x9xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<12x9xi32>
  %start = linalg.fill ins(%zero : i32) outs(%empty : tensor<12x9xi32>) -> tensor<12x9xi32>
  %result = linalg.matmul ins(%a, %b : tensor<12x40xi8>, tensor<40x9xi8>)
      outs(%start : tensor<12x9xi32>) -> tensor<12x9xi32>
  return %result : tensor<12x9xi32>
}
