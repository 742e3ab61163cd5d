// Arithmetic, comparisons and roots of f32, on a row length that no vector width divides.
#map = affine_map<(d0, d1) -> (d0, d1)>
func.func @main(%x: tensor<3x37xf32>, %y: tensor<3x37xf32>) -> tensor<3x37xf32> {
  %half = arith.constant 5.000000e-01 : f32
  %empty = tensor.empty() : tensor<3x37xf32>
  %result = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%x, %y : tensor<3x37xf32>, tensor<3x37xf32>) outs(%empty : tensor<3x37xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %sum = arith.addf %a, %b : f32
    %difference = arith.subf %a, %b : f32
    %product = arith.mulf %sum, %difference : f32
    %size = math.absf %product : f32
    %root = math.sqrt %size : f32
    %divisor = arith.addf %root, %half : f32
    %quotient = arith.divf %a, %divisor : f32
    %floor = math.floor %b : f32
    %is_less = arith.cmpf olt, %quotient, %floor : f32
    %negative = arith.negf %quotient : f32
    %chosen = arith.select %is_less, %negative, %floor : f32
    %largest = arith.maximumf %chosen, %difference : f32
    %least = arith.minimumf %largest, %sum : f32
    linalg.yield %least : f32
  } -> tensor<3x37xf32>
  return %result : tensor<3x37xf32>
}
