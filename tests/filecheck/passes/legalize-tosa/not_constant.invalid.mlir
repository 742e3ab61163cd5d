// A shift that the program computes is refused.
// RUN: DIAG -p legalize-tosa

func.func @main(%x: tensor<4xi32>, %shift: tensor<1xi8>) -> tensor<4xi32> {
  // expected-error@below {{'tosa.mul': expected 'shift' to be a constant}}
  %0 = tosa.mul %x, %x, %shift : (tensor<4xi32>, tensor<4xi32>, tensor<1xi8>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}
