// A batch of dynamic size is in every part, and in the tensor that they are put into.
// RUN: zellige-opt %s -p 'split-transposed-convolutions{least-work=1}' | filecheck %s

func.func @main(%x: tensor<?x4x8xf32>, %k: tensor<3x8x5xf32>) -> tensor<?x7x5xf32> {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[1, 1]], lhs_dilate = [2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<?x4x8xf32>, tensor<3x8x5xf32>) -> tensor<?x7x5xf32>
  return %0 : tensor<?x7x5xf32>
}

// CHECK:      %[[BATCH:.*]] = tensor.dim %x, %{{.*}} : tensor<?x4x8xf32>
// CHECK:      %[[EVEN:.*]] = stablehlo.convolution(%x, %{{.*}}) {{.*}} : (tensor<?x4x8xf32>, tensor<1x8x5xf32>) -> tensor<?x4x5xf32>
// CHECK-NEXT: tensor.insert_slice %[[EVEN]] into %{{.*}}[0, 0, 0] [%[[BATCH]], 4, 5] [1, 2, 1] : tensor<?x4x5xf32> into tensor<?x7x5xf32>
// CHECK:      %[[ODD:.*]] = stablehlo.convolution(%x, %{{.*}}) {{.*}} : (tensor<?x4x8xf32>, tensor<2x8x5xf32>) -> tensor<?x3x5xf32>
// CHECK-NEXT: tensor.insert_slice %[[ODD]] into %{{.*}}[0, 1, 0] [%[[BATCH]], 3, 5] [1, 2, 1] : tensor<?x3x5xf32> into tensor<?x7x5xf32>
