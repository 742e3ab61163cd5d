// The same in f64: two elements a vector.
#map = affine_map<(d0) -> (d0)>
func.func @main(%x: tensor<23xf64>, %y: tensor<23xf64>) -> tensor<23xf64> {
  %third = arith.constant 0.33333333333333331 : f64
  %empty = tensor.empty() : tensor<23xf64>
  %result = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel"]}
      ins(%x, %y : tensor<23xf64>, tensor<23xf64>) outs(%empty : tensor<23xf64>) {
  ^bb0(%a: f64, %b: f64, %out: f64):
    %product = arith.mulf %a, %b : f64
    %difference = arith.subf %product, %third : f64
    %size = math.absf %difference : f64
    %root = math.sqrt %size : f64
    %is_less = arith.cmpf olt, %a, %b : f64
    %chosen = arith.select %is_less, %root, %difference : f64
    %quotient = arith.divf %chosen, %third : f64
    linalg.yield %quotient : f64
  } -> tensor<23xf64>
  return %result : tensor<23xf64>
}
