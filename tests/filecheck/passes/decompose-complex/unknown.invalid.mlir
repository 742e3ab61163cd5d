// An op that moves complex numbers and is not known to work on pairs is refused.
// RUN: DIAG -p decompose-complex

func.func @main(%x: tensor<8xcomplex<f32>>, %i: index) -> tensor<8xcomplex<f32>> {
  %z = tensor.extract %x[%i] : tensor<8xcomplex<f32>>
  // expected-error@below {{'tensor.splat' on complex numbers is not supported}}
  %0 = tensor.splat %z : tensor<8xcomplex<f32>>
  return %0 : tensor<8xcomplex<f32>>
}
