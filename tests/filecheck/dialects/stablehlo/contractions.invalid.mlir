// Dimensions, groups and shapes that do not go together are refused with what was expected.
// RUN: DIAG

func.func @f(%a: tensor<4x8xf32>, %b: tensor<8x5xf32>) {
  // expected-error@below {{expected lhs dimensions to be different and 0 to 1, got [2]}}
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [2] x [0] : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @f(%a: tensor<4x8xf32>, %b: tensor<8x5xf32>) {
  // expected-error@below {{expected as many contracting dimensions of lhs as of rhs, got 1 and 2}}
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0, 1] : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x8xf32>, %b: tensor<8x5xf32>) {
  // expected-error@below {{contracting dimensions 0 and 0 have different sizes: 4 and 8}}
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [0] x [0] : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<8x5xf32>
  return
}

// -----

func.func @f(%a: tensor<4x8xf32>, %b: tensor<8x5xf32>) {
  // expected-error@below {{expected a result of type tensor<4x5xf32>, got tensor<5x4xf32>}}
  %0 = stablehlo.dot %a, %b : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<5x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x8xf32>, %b: tensor<8x5xf32>) {
  // expected-error@below {{'j' has different sizes: 8 and 5}}
  %0 = stablehlo.einsum %a, %b, config = "ij,kj->ik" : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x7x7xf32>, %k: tensor<3x3x6x4xf32>) {
  // expected-error@below {{expected 6 x 1 input features, got 4}}
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[0, 1, i, o]->[b, f, 0, 1], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x7x7xf32>, tensor<3x3x6x4xf32>) -> tensor<1x4x5x5xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x7x7xf32>, %k: tensor<3x3x2x5xf32>) {
  // expected-error@below {{expected output features in 2 equal groups, got 5}}
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[0, 1, i, o]->[b, f, 0, 1], window = {} {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<1x4x7x7xf32>, tensor<3x3x2x5xf32>) -> tensor<1x5x5x5xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x7x7xf32>, %k: tensor<3x3x4x5xf32>) {
  // expected-error@below {{expected a result of type tensor<1x5x3x5xf32>, got tensor<1x5x5x5xf32>}}
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[0, 1, i, o]->[b, f, 0, 1], window = {stride = [2, 1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x7x7xf32>, tensor<3x3x4x5xf32>) -> tensor<1x5x5x5xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x7x7xf32>, %k: tensor<3x3x4x5xf32>) {
  // expected-error@below {{window strides must be at least 1, got [0, 1]}}
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 1]x[0, 1, i, o]->[b, f, 0, 1], window = {stride = [0, 1]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x7x7xf32>, tensor<3x3x4x5xf32>) -> tensor<1x5x5x5xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x7x7xf32>, %k: tensor<3x3x4x5xf32>) {
  // expected-error@below {{expected each of b, f, 0, 1 once, got b, f, 0, 0}}
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, f, 0, 0]x[0, 1, i, o]->[b, f, 0, 1], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x7x7xf32>, tensor<3x3x4x5xf32>) -> tensor<1x5x5x5xf32>
  return
}
