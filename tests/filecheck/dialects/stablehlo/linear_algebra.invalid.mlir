// Matrices, signals and vectors of features that do not fit are refused with what was expected.
// RUN: DIAG

func.func @f(%a: tensor<3x4xf32>) {
  // expected-error@below {{expected square matrices, got the shape [3, 4]}}
  %0 = stablehlo.cholesky %a : tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<3x3xf32>, %b: tensor<4x1xf32>) {
  // expected-error@below {{expected matrices that fit, got tensor<3x3xf32> and tensor<4x1xf32>}}
  %0 = "stablehlo.triangular_solve"(%a, %b) <{left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>}> : (tensor<3x3xf32>, tensor<4x1xf32>) -> tensor<4x1xf32>
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>) {
  // expected-error@below {{expected complex numbers, got tensor<4x8xf32>}}
  %0 = stablehlo.fft %x, type = FFT, length = [8] : (tensor<4x8xf32>) -> tensor<4x8xcomplex<f32>>
  return
}

// -----

func.func @f(%x: tensor<4x8xcomplex<f32>>) {
  // expected-error@below {{expected an operand whose last dimensions are [9], got tensor<4x8xcomplex<f32>>}}
  %0 = stablehlo.fft %x, type = IRFFT, length = [16] : (tensor<4x8xcomplex<f32>>) -> tensor<4x16xf32>
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>, %v: tensor<4xf32>) {
  // expected-error@below {{expected scale, offset, mean and variance of type tensor<8xf32>, got tensor<4xf32>}}
  %0 = "stablehlo.batch_norm_inference"(%x, %v, %v, %v, %v) <{epsilon = 1.0e-3 : f32, feature_index = 1 : i64}> : (tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4x8xf32>
  return
}
