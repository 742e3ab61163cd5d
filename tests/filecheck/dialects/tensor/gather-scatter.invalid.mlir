// Indices and windows that do not fit the tensor are refused with what would.
// RUN: DIAG

func.func @dims(%x: tensor<5x6xf32>, %i: tensor<3x2xi32>) {
  // expected-error@below {{expected increasing dimensions of tensor<5x6xf32>, got [1, 0]}}
  %0 = tensor.gather %x[%i] gather_dims([1, 0]) : (tensor<5x6xf32>, tensor<3x2xi32>) -> tensor<3xf32>
  return
}

// -----

func.func @indices(%x: tensor<5x6xf32>, %i: tensor<3x2xi32>) {
  // expected-error@below {{expected 1 numbers in the last dimension of the indices, got tensor<3x2xi32>}}
  %0 = tensor.gather %x[%i] gather_dims([0]) : (tensor<5x6xf32>, tensor<3x2xi32>) -> tensor<3x6xf32>
  return
}

// -----

func.func @windows(%x: tensor<5x6xf32>, %i: tensor<3x1xi32>) {
  // expected-error@below {{expected tensor<3x1x6xf32> or tensor<3x6xf32> as windows of tensor<5x6xf32>, got tensor<3x5xf32>}}
  %0 = tensor.gather %x[%i] gather_dims([0]) : (tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @unique(%x: tensor<5x6xf32>, %i: tensor<3x1xi32>, %u: tensor<3x6xf32>) {
  // expected-error@below {{expected 'unique': no two windows may be at the same place}}
  %0 = tensor.scatter %u into %x[%i] scatter_dims([0]) : (tensor<3x6xf32>, tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<5x6xf32>
  return
}
