// Floats in their total order, with zeros and NaN of either sign, and numbers that move with unsigned keys.
func.func @main(%x: tensor<2x30xf32>, %keys: tensor<5x40xui8>, %places: tensor<5x40xi32>)
    -> (tensor<2x30xi32>, tensor<5x40xui8>, tensor<5x40xi32>) {
  %0 = "stablehlo.sort"(%x) <{dimension = 1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %less = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %less : tensor<i1>
  }) : (tensor<2x30xf32>) -> tensor<2x30xf32>
  %bits = stablehlo.bitcast_convert %0 : (tensor<2x30xf32>) -> tensor<2x30xi32>
  %1:2 = "stablehlo.sort"(%keys, %places) <{dimension = -1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<ui8>, %b: tensor<ui8>, %i: tensor<i32>, %j: tensor<i32>):
    %greater = stablehlo.compare GE, %a, %b, UNSIGNED : (tensor<ui8>, tensor<ui8>) -> tensor<i1>
    stablehlo.return %greater : tensor<i1>
  }) : (tensor<5x40xui8>, tensor<5x40xi32>) -> (tensor<5x40xui8>, tensor<5x40xi32>)
  return %bits, %1#0, %1#1 : tensor<2x30xi32>, tensor<5x40xui8>, tensor<5x40xi32>
}
