// Slices and updates at computed places, moved inside; a cache that a loop fills in place.
func.func @main(%x: tensor<7x9xf32>, %u: tensor<2x9xf32>, %i: tensor<i32>, %j: tensor<ui8>)
    -> (tensor<3x2xf32>, tensor<7x9xf32>, tensor<7x9xf32>) {
  %c4 = stablehlo.constant dense<4> : tensor<i32>
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %0 = stablehlo.dynamic_slice %x, %i, %j, sizes = [3, 2] : (tensor<7x9xf32>, tensor<i32>, tensor<ui8>) -> tensor<3x2xf32>
  %1 = stablehlo.dynamic_update_slice %x, %u, %i, %c4 : (tensor<7x9xf32>, tensor<2x9xf32>, tensor<i32>, tensor<i32>) -> tensor<7x9xf32>
  %2:2 = stablehlo.while(%n = %c0, %cache = %x) : tensor<i32>, tensor<7x9xf32>
  cond {
    %3 = stablehlo.compare LT, %n, %c4 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %3 : tensor<i1>
  } do {
    %row = stablehlo.dynamic_slice %cache, %n, %c0, sizes = [1, 9] : (tensor<7x9xf32>, tensor<i32>, tensor<i32>) -> tensor<1x9xf32>
    %next = stablehlo.add %n, %c1 : tensor<i32>
    %twice = stablehlo.add %row, %row : tensor<1x9xf32>
    %new = stablehlo.dynamic_update_slice %cache, %twice, %next, %c0 : (tensor<7x9xf32>, tensor<1x9xf32>, tensor<i32>, tensor<i32>) -> tensor<7x9xf32>
    stablehlo.return %next, %new : tensor<i32>, tensor<7x9xf32>
  }
  return %0, %1, %2#1 : tensor<3x2xf32>, tensor<7x9xf32>, tensor<7x9xf32>
}
