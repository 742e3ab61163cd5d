// Windows at computed places, with and without the dimensions that indices stand for.
// RUN: ROUNDTRIP

func.func @main(%x: tensor<5x6xf32>, %i: tensor<3x1xi32>, %n: tensor<?x2xindex>, %u: tensor<3x1x6xf32>) {
  %0 = tensor.gather %x[%i] gather_dims([0]) : (tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<3x1x6xf32>
  %1 = tensor.gather %x[%n] gather_dims([0, 1]) unique : (tensor<5x6xf32>, tensor<?x2xindex>) -> tensor<?xf32>
  %2 = tensor.scatter %u into %x[%i] scatter_dims([0]) unique : (tensor<3x1x6xf32>, tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<5x6xf32>
  return
}

// CHECK:      %0 = tensor.gather %x[%i] gather_dims([0]) : (tensor<5x6xf32>, tensor<3x1xi32>) -> tensor<3x1x6xf32>
// CHECK-NEXT: %1 = tensor.gather %x[%n] gather_dims([0, 1]) unique : (tensor<5x6xf32>, tensor<?x2xindex>) -> tensor<?xf32>
// CHECK-NEXT: %2 = tensor.scatter %u into %x[%i] scatter_dims([0]) unique :
