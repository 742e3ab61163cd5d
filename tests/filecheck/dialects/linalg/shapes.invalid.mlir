// Operands that do not fit together, and results that are not those of the outputs, are refused at the op.
// RUN: DIAG

func.func @f(%a: tensor<4x8xf32>, %b: tensor<9x4xf32>, %c: tensor<4x4xf32>) {
  // expected-error@below {{'linalg.matmul': inferred input/output operand #1 has shape's dimension #0 to be 8, but found 9}}
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<9x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x8xf32>, %b: tensor<8x4xf32>, %c: tensor<4x4xf32>) {
  // expected-error@below {{expected results of the types of the outputs, (tensor<4x4xf32>), got (tensor<4x5xf32>)}}
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @f(%x: tensor<1x2x5x5xf32>, %w: tensor<3x2x3x3xf32>, %y: tensor<1x3x3x3xf32>) {
  // expected-error@below {{'linalg.conv_2d_nchw_fchw': expected 2 dilations, got 3}}
  %0 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<3xi64>} ins(%x, %w : tensor<1x2x5x5xf32>, tensor<3x2x3x3xf32>) outs(%y : tensor<1x3x3x3xf32>) -> tensor<1x3x3x3xf32>
  return
}

// -----

func.func @f(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) {
  // expected-error@below {{expected a permutation of the dimensions of the input, got [1, 1]}}
  %0 = linalg.transpose ins(%a : tensor<2x3xf32>) outs(%b : tensor<3x2xf32>) permutation = [1, 1]
  return
}

// -----

func.func @f(%a: tensor<2xf32>, %b: tensor<3x2xf32>) {
  // expected-error@below {{expected increasing dimensions of the output (0 to 1), got [5]}}
  %0 = linalg.broadcast ins(%a : tensor<2xf32>) outs(%b : tensor<3x2xf32>) dimensions = [5]
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) {
  // expected-error@below {{'linalg.generic': expected the body to yield (f32), got (f64)}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%a : tensor<4xf32>) outs(%b : tensor<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %z = arith.extf %x : f32 to f64
    linalg.yield %z : f64
  } -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: f32, %b: tensor<3xi32>) {
  // expected-error@below {{'linalg.fill': expected a value of the output's element type i32, got f32}}
  %0 = linalg.fill ins(%a : f32) outs(%b : tensor<3xi32>) -> tensor<3xi32>
  return
}

// -----

func.func @f(%a: tensor<3xi32>) {
  // expected-error@below {{'linalg.exp' is not defined on elements of type i32}}
  %0 = linalg.exp ins(%a : tensor<3xi32>) outs(%a : tensor<3xi32>) -> tensor<3xi32>
  return
}

// -----

func.func @f(%a: tensor<3xf32>) {
  // expected-error@below {{dimension must be 0 to 0, got 1}}
  %0 = linalg.softmax dimension(1) ins(%a : tensor<3xf32>) outs(%a : tensor<3xf32>) -> tensor<3xf32>
  return
}
