// Truth values as arguments, results and conditions.
#map = affine_map<(d0) -> (d0)>
func.func @main(%p: tensor<19xi1>, %q: tensor<19xi1>, %x: tensor<19xf32>) -> (tensor<19xi1>, tensor<19xf32>) {
  %zero = arith.constant 0.000000e+00 : f32
  %true = arith.constant true
  %truths = tensor.empty() : tensor<19xi1>
  %numbers = tensor.empty() : tensor<19xf32>
  %result:2 = linalg.generic {indexing_maps = [#map, #map, #map, #map, #map], iterator_types = ["parallel"]}
      ins(%p, %q, %x : tensor<19xi1>, tensor<19xi1>, tensor<19xf32>)
      outs(%truths, %numbers : tensor<19xi1>, tensor<19xf32>) {
  ^bb0(%a: i1, %b: i1, %value: f32, %truth: i1, %number: f32):
    %not = arith.xori %a, %true : i1
    %either = arith.ori %not, %b : i1
    %is_positive = arith.cmpf ogt, %value, %zero : f32
    %both = arith.andi %either, %is_positive : i1
    %chosen = arith.select %b, %value, %zero : f32
    linalg.yield %both, %chosen : i1, f32
  } -> (tensor<19xi1>, tensor<19xf32>)
  return %result#0, %result#1 : tensor<19xi1>, tensor<19xf32>
}
