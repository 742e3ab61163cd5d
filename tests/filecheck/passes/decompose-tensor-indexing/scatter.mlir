// A scatter puts rows of windows at rows of indices; numbers of type index become integers.
// RUN: zellige-opt %s -p decompose-tensor-indexing | filecheck %s

func.func @main(%u: tensor<2x3x6xf32>, %x: tensor<5x6xf32>, %i: tensor<2x3x1xindex>) -> tensor<5x6xf32> {
  %0 = tensor.scatter %u into %x[%i] scatter_dims([0]) unique : (tensor<2x3x6xf32>, tensor<5x6xf32>, tensor<2x3x1xindex>) -> tensor<5x6xf32>
  return %0 : tensor<5x6xf32>
}

// CHECK:      arith.index_cast %{{.*}} : index to i32
// CHECK:      tensor.collapse_shape %{{.*}} : tensor<2x3x1xi32> into tensor<6x1xi32>
// CHECK:      tensor.expand_shape %{{.*}} into tensor<6x1x6xf32>
// CHECK-NEXT: linalg_ext.scatter dims = [0] into(%x : tensor<5x6xf32>) ins(%{{.*}}, %{{.*}} : tensor<6x1xi32>, tensor<6x1x6xf32>) {
// CHECK-NEXT: ^bb0(%{{.*}}: f32, [[NEW:%\d+]]: f32):
// CHECK-NEXT:   linalg_ext.yield [[NEW]] : f32
