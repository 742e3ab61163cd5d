// Input and result are integers; only what a kernel keeps between its loops is f64.
#map = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<4x6xi32>) -> tensor<4x6xi64> {
  %wide = tensor.empty() : tensor<4x6xf64>
  %whole = tensor.empty() : tensor<4x6xi64>
  %numbers = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<4x6xi32>) outs(%wide : tensor<4x6xf64>) {
  ^bb0(%a: i32, %out: f64):
    %number = arith.sitofp %a : i32 to f64
    linalg.yield %number : f64
  } -> tensor<4x6xf64>
  %parts = linalg.softmax dimension(1)
      ins(%numbers : tensor<4x6xf64>) outs(%wide : tensor<4x6xf64>) -> tensor<4x6xf64>
  %result = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%parts : tensor<4x6xf64>) outs(%whole : tensor<4x6xi64>) {
  ^bb0(%a: f64, %out: i64):
    %number = arith.fptosi %a : f64 to i64
    linalg.yield %number : i64
  } -> tensor<4x6xi64>
  return %result : tensor<4x6xi64>
}
