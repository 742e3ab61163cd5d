// RUN: not zellige-opt %s -p legalize-tosa 2>&1 | filecheck %s

func.func @main(%x: tensor<4xi32>, %shift: tensor<1xi8>) -> tensor<4xi32> {
  %0 = tosa.mul %x, %x, %shift : (tensor<4xi32>, tensor<4xi32>, tensor<1xi8>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// CHECK: error: 'tosa.mul': expected 'shift' to be a constant
