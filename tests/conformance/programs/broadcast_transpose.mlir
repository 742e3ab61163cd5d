// Operands that are read along fewer dimensions, in another order, and at a constant position.
func.func @main(%x: tensor<5x7xf32>, %row: tensor<5xf32>, %one: tensor<7x1x5xf32>) -> tensor<7x5xf32> {
  %empty = tensor.empty() : tensor<7x5xf32>
  %turned = linalg.transpose ins(%x : tensor<5x7xf32>) outs(%empty : tensor<7x5xf32>) permutation = [1, 0]
  %spread = linalg.broadcast ins(%row : tensor<5xf32>) outs(%empty : tensor<7x5xf32>) dimensions = [0]
  %result = linalg.generic {indexing_maps = [
        affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, 0, j)>,
        affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%turned, %spread, %one : tensor<7x5xf32>, tensor<7x5xf32>, tensor<7x1x5xf32>)
      outs(%empty : tensor<7x5xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %out: f32):
    %product = arith.mulf %a, %b : f32
    %difference = arith.subf %product, %c : f32
    linalg.yield %difference : f32
  } -> tensor<7x5xf32>
  return %result : tensor<7x5xf32>
}
