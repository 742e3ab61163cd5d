// Each place between the elements of the input has the elements of the kernel that meet one; nothing else is multiplied.
// RUN: zellige-opt %s -p 'split-transposed-convolutions{least-work=0}' | filecheck %s

func.func @main(%x: tensor<1x4x8xf32>, %k: tensor<3x8x5xf32>) -> tensor<1x7x5xf32> {
  %0 = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[1, 1]], lhs_dilate = [2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x8xf32>, tensor<3x8x5xf32>) -> tensor<1x7x5xf32>
  return %0 : tensor<1x7x5xf32>
}

// CHECK:      %[[ZEROS:.*]] = stablehlo.broadcast_in_dim
// CHECK-NEXT: %[[K:.*]] = stablehlo.slice %k [1:3:2, 0:8, 0:5] : (tensor<3x8x5xf32>) -> tensor<1x8x5xf32>
// CHECK-NEXT: %[[EVEN:.*]] = stablehlo.convolution(%x, %[[K]]) {{.*}} lhs_dilate = [1], {{.*}} -> tensor<1x4x5xf32>
// CHECK-NEXT: %[[FIRST:.*]] = tensor.insert_slice %[[EVEN]] into %[[ZEROS]][0, 0, 0] [1, 4, 5] [1, 2, 1]
// CHECK-NEXT: %[[K2:.*]] = stablehlo.slice %k [0:3:2, 0:8, 0:5] : (tensor<3x8x5xf32>) -> tensor<2x8x5xf32>
// CHECK-NEXT: %[[ODD:.*]] = stablehlo.convolution(%x, %[[K2]]) {{.*}} lhs_dilate = [1], {{.*}} -> tensor<1x3x5xf32>
// CHECK-NEXT: tensor.insert_slice %[[ODD]] into %[[FIRST]][0, 1, 0] [1, 3, 5] [1, 2, 1]
