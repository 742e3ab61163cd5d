// The largest of rows and where they are, and the smallest down columns that are smaller than given ones.
func.func @main(%x: tensor<3x40xi8>, %y: tensor<30x2xf32>, %least: tensor<4x2xf32>, %none: tensor<4x2xi64>)
    -> (tensor<3x5xi8>, tensor<3x5xi32>, tensor<4x2xf32>, tensor<4x2xi64>) {
  %large:2 = linalg_ext.topk dimension(1) ins(%x : tensor<3x40xi8>) {
  ^bb0(%a: i8, %b: i8):
    %c32 = arith.constant 32 : i8
    %0 = arith.divsi %a, %c32 : i8
    %1 = arith.divsi %b, %c32 : i8
    %greater = arith.cmpi sgt, %0, %1 : i8
    linalg_ext.yield %greater : i1
  } -> (tensor<3x5xi8>, tensor<3x5xi32>)
  %small:2 = linalg_ext.topk dimension(0) ins(%y : tensor<30x2xf32>) outs(%least, %none : tensor<4x2xf32>, tensor<4x2xi64>) {
  ^bb0(%a: f32, %b: f32):
    %less = arith.cmpf olt, %a, %b : f32
    linalg_ext.yield %less : i1
  } -> (tensor<4x2xf32>, tensor<4x2xi64>)
  return %large#0, %large#1, %small#0, %small#1 : tensor<3x5xi8>, tensor<3x5xi32>, tensor<4x2xf32>, tensor<4x2xi64>
}
