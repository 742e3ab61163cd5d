// Short rows, long rows, rows along the first dimension, and numbers that move with their keys.
func.func @main(%x: tensor<3x7xf32>, %y: tensor<2x133xi32>, %z: tensor<70x3xi8>, %places: tensor<70x3xi16>)
    -> (tensor<3x7xf32>, tensor<2x133xi32>, tensor<70x3xi8>, tensor<70x3xi16>) {
  %short = linalg_ext.sort dimension(1) ins(%x : tensor<3x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %less = arith.cmpf olt, %a, %b : f32
    linalg_ext.yield %less : i1
  } -> tensor<3x7xf32>
  %long, %space = linalg_ext.sort dimension(1) ins(%y : tensor<2x133xi32>) {
  ^bb0(%a: i32, %b: i32):
    %greater = arith.cmpi sgt, %a, %b : i32
    linalg_ext.yield %greater : i1
  } -> (tensor<2x133xi32>, tensor<2x133xi32>)
  %keys:2, %spaces:2 = linalg_ext.sort dimension(0) ins(%z, %places : tensor<70x3xi8>, tensor<70x3xi16>) {
  ^bb0(%a: i8, %b: i8, %i: i16, %j: i16):
    %c16 = arith.constant 16 : i8
    %0 = arith.divsi %a, %c16 : i8
    %1 = arith.divsi %b, %c16 : i8
    %less = arith.cmpi sle, %0, %1 : i8
    linalg_ext.yield %less : i1
  } -> (tensor<70x3xi8>, tensor<70x3xi16>, tensor<70x3xi8>, tensor<70x3xi16>)
  return %short, %long, %keys#0, %keys#1 : tensor<3x7xf32>, tensor<2x133xi32>, tensor<70x3xi8>, tensor<70x3xi16>
}
