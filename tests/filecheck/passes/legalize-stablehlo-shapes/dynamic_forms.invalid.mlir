// Amounts that are known have to give the type of the result.
// RUN: DIAG -p legalize-stablehlo-shapes

func.func @main(%a: tensor<4xf32>, %p: tensor<f32>) -> tensor<8xf32> {
  %one = arith.constant dense<1> : tensor<1xi32>
  // expected-error@below {{expected a result of type tensor<9xf32>, got tensor<8xf32>}}
  %0 = stablehlo.dynamic_pad %a, %p, %one, %one, %one : (tensor<4xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @main(%a: tensor<4xf32>) -> tensor<2x2xf32> {
  %shape = arith.constant dense<[4, 1]> : tensor<2xi32>
  // expected-error@below {{expected a result of type tensor<4x1xf32>, got tensor<2x2xf32>}}
  %0 = stablehlo.dynamic_reshape %a, %shape : (tensor<4xf32>, tensor<2xi32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

func.func @main(%a: tensor<4xf32>) -> tensor<2xf32> {
  %start = arith.constant dense<-1> : tensor<1xi32>
  %limit = arith.constant dense<1> : tensor<1xi32>
  // expected-error@below {{dimension 0: expected a range of 0 to 4, got -1 to 1}}
  %0 = stablehlo.real_dynamic_slice %a, %start, %limit, %limit : (tensor<4xf32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
