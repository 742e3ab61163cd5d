// A reduction with two results that depend on each other, one of them a position.
func.func @main(%x: tensor<6x21xf32>) -> (tensor<6xf32>, tensor<6xi64>) {
  %lowest = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %values = tensor.empty() : tensor<6xf32>
  %places = tensor.empty() : tensor<6xi64>
  %values0 = linalg.fill ins(%lowest : f32) outs(%values : tensor<6xf32>) -> tensor<6xf32>
  %places0 = linalg.fill ins(%zero : i64) outs(%places : tensor<6xi64>) -> tensor<6xi64>
  %best:2 = linalg.generic {indexing_maps = [
        affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<6x21xf32>) outs(%values0, %places0 : tensor<6xf32>, tensor<6xi64>) {
  ^bb0(%a: f32, %value: f32, %place: i64):
    %j = linalg.index 1 : index
    %here = arith.index_cast %j : index to i64
    %is_larger = arith.cmpf ogt, %a, %value : f32
    %new_value = arith.select %is_larger, %a, %value : f32
    %new_place = arith.select %is_larger, %here, %place : i64
    linalg.yield %new_value, %new_place : f32, i64
  } -> (tensor<6xf32>, tensor<6xi64>)
  return %best#0, %best#1 : tensor<6xf32>, tensor<6xi64>
}
