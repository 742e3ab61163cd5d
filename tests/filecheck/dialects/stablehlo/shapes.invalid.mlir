// A result, a dimension or an amount that does not go with the rest is refused with what was expected.
// RUN: DIAG

func.func @f(%a: tensor<2x3xf32>) {
  // expected-error@below {{expected size 1 or 4 for dimension 1 of the operand, got 3: it is dimension 1 of tensor<2x4xf32>}}
  %0 = stablehlo.broadcast_in_dim %a, dims = [0, 1] : (tensor<2x3xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>) {
  // expected-error@below {{expected broadcast dimensions to be different and 0 to 2, got [0, 3]}}
  %0 = stablehlo.broadcast_in_dim %a, dims = [0, 3] : (tensor<2x3xf32>) -> tensor<2x3x3xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>) {
  // expected-error@below {{expected a result of 6 elements, as tensor<2x3xf32> has, got 5: tensor<5xf32>}}
  %0 = stablehlo.reshape %a : (tensor<2x3xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>) {
  // expected-error@below {{expected a permutation of 2 dimensions, got [0, 0]}}
  %0 = stablehlo.transpose %a, dims = [0, 0] : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>) {
  // expected-error@below {{expected a result of type tensor<3x2xf32>, got tensor<2x3xf32>}}
  %0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>) {
  // expected-error@below {{dimension 1: expected a range of 0 to 3, got 1 to 4}}
  %0 = stablehlo.slice %a [0:2, 1:4] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>) {
  // expected-error@below {{dimension 0: expected a stride of at least 1, got 0}}
  %0 = stablehlo.slice %a [0:2:0, 1:3] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>, %z: tensor<f32>) {
  // expected-error@below {{expected at least 0 elements to be left in each dimension, got [-1, 3]}}
  %0 = stablehlo.pad %a, %z, low = [-3, 0], high = [0, 0], interior = [0, 0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<0x3xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>, %z: tensor<f64>) {
  // expected-error@below {{expected a padding value of type tensor<f32>, got tensor<f64>}}
  %0 = stablehlo.pad %a, %z, low = [0, 0], high = [0, 0], interior = [0, 0] : (tensor<2x3xf32>, tensor<f64>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) {
  // expected-error@below {{expected operands that differ in dimension 0 only, got tensor<2x3xf32> and tensor<2x4xf32> (operand 1)}}
  %0 = stablehlo.concatenate %a, %b, dim = 0 : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>) {
  // expected-error@below {{expected the dimensions to be different and 0 to 1, got [1, 1]}}
  %0 = stablehlo.reverse %a, dims = [1, 1] : tensor<2x3xf32>
  return
}

// -----

func.func @f() {
  // expected-error@below {{expected a dimension of 0 to 0, got 1}}
  %0 = stablehlo.iota dim = 1 : tensor<4xi32>
  return
}

// -----

func.func @f(%a: tensor<f32>, %n: tensor<2xf32>) {
  // expected-error@below {{expected the output dimensions to be 2 integers, one a dimension, got tensor<2xf32>}}
  %0 = stablehlo.dynamic_broadcast_in_dim %a, %n, dims = [] : (tensor<f32>, tensor<2xf32>) -> tensor<?x?xf32>
  return
}
