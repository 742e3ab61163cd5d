// RUN: not zellige-opt %s -p decompose-complex 2>&1 | filecheck %s

func.func @main(%x: tensor<8xcomplex<f32>>, %i: index) -> tensor<8xcomplex<f32>> {
  %z = tensor.extract %x[%i] : tensor<8xcomplex<f32>>
  %0 = tensor.splat %z : tensor<8xcomplex<f32>>
  return %0 : tensor<8xcomplex<f32>>
}

// CHECK: error: 'tensor.splat' on complex numbers is not supported
