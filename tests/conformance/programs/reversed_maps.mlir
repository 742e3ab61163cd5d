// Maps that run backwards: a product over a reversed loop, one written from the end, and the edge of a reflected row.
#map = affine_map<(i, j, k) -> (i, -k + 30)>
func.func @main(%a: tensor<5x31xf32>, %b: tensor<31x9xf32>) -> (tensor<5x9xf32>, tensor<5x9xf32>, tensor<5x9xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5x9xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<5x9xf32>) -> tensor<5x9xf32>
  %0 = linalg.generic {indexing_maps = [#map, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<5x31xf32>, tensor<31x9xf32>) outs(%f : tensor<5x9xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %m = arith.mulf %x, %y : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<5x9xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (-i + 4, -j + 8)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<5x31xf32>, tensor<31x9xf32>) outs(%f : tensor<5x9xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %m = arith.mulf %x, %y : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<5x9xf32>
  %edge = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, -j + 9)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<5x31xf32>) outs(%e : tensor<5x9xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<5x9xf32>
  return %0, %1, %edge : tensor<5x9xf32>, tensor<5x9xf32>, tensor<5x9xf32>
}
