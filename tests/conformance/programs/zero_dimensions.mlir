// Tensors of one number.
#map = affine_map<() -> ()>
func.func @main(%x: tensor<f32>, %y: tensor<f32>, %n: tensor<i64>) -> (tensor<f32>, tensor<i64>) {
  %e0 = tensor.empty() : tensor<f32>
  %e1 = tensor.empty() : tensor<i64>
  %result:2 = linalg.generic {indexing_maps = [#map, #map, #map, #map, #map], iterator_types = []}
      ins(%x, %y, %n : tensor<f32>, tensor<f32>, tensor<i64>) outs(%e0, %e1 : tensor<f32>, tensor<i64>) {
  ^bb0(%a: f32, %b: f32, %c: i64, %o0: f32, %o1: i64):
    %product = arith.mulf %a, %b : f32
    %double = arith.addi %c, %c : i64
    linalg.yield %product, %double : f32, i64
  } -> (tensor<f32>, tensor<i64>)
  return %result#0, %result#1 : tensor<f32>, tensor<i64>
}
