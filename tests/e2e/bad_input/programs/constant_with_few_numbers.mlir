func.func @main() -> tensor<4xf32> {
  %c = arith.constant dense<[1.0, 2.0]> : tensor<4xf32>
  return %c : tensor<4xf32>
}
