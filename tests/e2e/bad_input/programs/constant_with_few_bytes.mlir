func.func @main() -> tensor<4xf32> {
  %c = arith.constant dense<"0x0000803F00000040"> : tensor<4xf32>
  return %c : tensor<4xf32>
}
