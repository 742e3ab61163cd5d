// A short transform is one product with a matrix of real numbers; a longer one has a product for each of its factors.
// RUN: zellige-opt %s -p decompose-stablehlo-fft | filecheck %s

func.func @short(%x: tensor<4x8xcomplex<f32>>) -> tensor<4x8xcomplex<f32>> {
  %0 = stablehlo.fft %x, type = FFT, length = [8] : (tensor<4x8xcomplex<f32>>) -> tensor<4x8xcomplex<f32>>
  return %0 : tensor<4x8xcomplex<f32>>
}

func.func @long(%x: tensor<96xcomplex<f32>>) -> tensor<96xcomplex<f32>> {
  %0 = stablehlo.fft %x, type = FFT, length = [96] : (tensor<96xcomplex<f32>>) -> tensor<96xcomplex<f32>>
  return %0 : tensor<96xcomplex<f32>>
}

// CHECK:     func.func @short
// CHECK:     stablehlo.dot_general %{{.*}}, contracting_dims = [1] x [0] : (tensor<4x16xf32>, tensor<16x16xf32>) -> tensor<4x16xf32>
// CHECK-NOT: stablehlo.dot_general
// CHECK:     func.func @long
// CHECK:     stablehlo.dot_general %{{.*}} : (tensor<3x64xf32>, tensor<64x64xf32>) -> tensor<3x64xf32>
// CHECK:     stablehlo.dot_general %{{.*}} : (tensor<32x6xf32>, tensor<6x6xf32>) -> tensor<32x6xf32>
// CHECK-NOT: stablehlo.dot_general
