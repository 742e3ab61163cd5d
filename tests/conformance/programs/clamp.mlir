// Selections by a comparison of what is selected: what is no number is not above the lower bound, and so becomes it.
#map = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<9x67xf32>) -> tensor<9x67xf32> {
  %low = arith.constant 0.0 : f32
  %high = arith.constant 6.0 : f32
  %empty = tensor.empty() : tensor<9x67xf32>
  %result = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<9x67xf32>) outs(%empty : tensor<9x67xf32>) {
  ^bb0(%a: f32, %unused: f32):
    %is_above = arith.cmpf ogt, %a, %low : f32
    %raised = arith.select %is_above, %a, %low : f32
    %is_too_high = arith.cmpf olt, %high, %raised : f32
    %kept = arith.select %is_too_high, %high, %raised : f32
    linalg.yield %kept : f32
  } -> tensor<9x67xf32>
  return %result : tensor<9x67xf32>
}
