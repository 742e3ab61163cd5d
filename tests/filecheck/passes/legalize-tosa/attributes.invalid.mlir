// Lists and dimensions that do not fit the operands are refused where they stand.
// RUN: DIAG -p legalize-tosa

func.func @few_numbers(%x: tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32> {
  // expected-error@below {{'tosa.max_pool2d': expected 4 numbers in 'pad', got [0, 0]}}
  %0 = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0>} : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}

// -----

func.func @no_step(%x: tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32> {
  // expected-error@below {{'tosa.max_pool2d': expected numbers of at least 1 in 'stride', got [0, 2]}}
  %0 = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 0, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}

// -----

func.func @no_dimension(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error@below {{'tosa.reduce_sum': expected 'axis' to be a dimension of tensor<4x8xf32>, got 7}}
  %0 = tosa.reduce_sum %x {axis = 7 : i32} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

func.func @dimension_twice(%x: tensor<4x8xf32>) -> tensor<8x8xf32> {
  // expected-error@below {{'tosa.transpose': expected 'perms' to be a permutation of 2 dimensions, got [1, 1]}}
  %0 = tosa.transpose %x {perms = array<i32: 1, 1>} : (tensor<4x8xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// -----

func.func @outside(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %start = tosa.const_shape {values = dense<[0, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %size = tosa.const_shape {values = dense<[4, 8]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // expected-error@below {{'tosa.slice': the slice of [4, 8] at [0, 2] is not inside of tensor<4x8xf32>}}
  %0 = tosa.slice %x, %start, %size : (tensor<4x8xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

func.func @ranks(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // expected-error@below {{'tosa.matmul': expected 'a' to have 3 dimensions, got tensor<4x8xf32>}}
  %0 = tosa.matmul %x, %x, %z, %z : (tensor<4x8xf32>, tensor<4x8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

func.func @elements(%x: tensor<4xf32>, %y: tensor<4xi32>) -> tensor<4xf32> {
  // expected-error@below {{'tosa.add': expected elements of type i32, got tensor<4xf32>}}
  %0 = tosa.add %x, %y : (tensor<4xf32>, tensor<4xi32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
