// Three layers, two of them alike, with weights that are no splats; and a second function.

func.func private @layer(%x: tensor<4x8xf32>, %w: tensor<8x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x8xf32>) outs(%i : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

func.func @main(%x: tensor<4x8xf32>, %w0: tensor<8x8xf32>, %w1: tensor<8x8xf32>) -> tensor<4x8xf32> {
  %w2 = arith.constant dense<[
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [2.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
    [3.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [4.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
    [5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [6.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
    [7.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], [8.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]]> : tensor<8x8xf32>
  %h0 = func.call @layer(%x, %w0) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %h1 = func.call @layer(%h0, %w1) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %h2 = func.call @layer(%h1, %w2) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  return %h2 : tensor<4x8xf32>
}

func.func @once(%x: tensor<4x8xf32>, %w: tensor<8x8xf32>) -> tensor<4x8xf32> {
  %y = func.call @layer(%x, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
