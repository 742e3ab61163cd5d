// Each result loses its own dimensions, down to none; what it starts from is a view where it is an argument.
// RUN: zellige-opt %s -p collapse-unit-results | filecheck %s

#all = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<4x8xf32>, %a: tensor<1x1xf32>, %b: tensor<1x4x1xf32>, %c: tensor<4xf32>)
    -> (tensor<1x1xf32>, tensor<1x4x1xf32>, tensor<4xf32>) {
  %0, %1, %2 = linalg.generic {indexing_maps = [#all, affine_map<(i, j) -> (0, 0)>, affine_map<(i, j) -> (0, i, 0)>, affine_map<(i, j) -> (i)>], iterator_types = ["reduction", "reduction"]}
    ins(%x : tensor<4x8xf32>) outs(%a, %b, %c : tensor<1x1xf32>, tensor<1x4x1xf32>, tensor<4xf32>) {
  ^bb0(%in: f32, %o: f32, %p: f32, %q: f32):
    linalg.yield %in, %in, %in : f32, f32, f32
  } -> (tensor<1x1xf32>, tensor<1x4x1xf32>, tensor<4xf32>)
  return %0, %1, %2 : tensor<1x1xf32>, tensor<1x4x1xf32>, tensor<4xf32>
}

// CHECK:      [[A:%\d+]] = tensor.collapse_shape %a [] : tensor<1x1xf32> into tensor<f32>
// CHECK-NEXT: [[B:%\d+]] = tensor.collapse_shape %b {{\[\[}}0 : i64, 1 : i64, 2 : i64]] : tensor<1x4x1xf32> into tensor<4xf32>
// CHECK-NEXT: linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>]
// CHECK-SAME: outs([[A]], [[B]], %c : tensor<f32>, tensor<4xf32>, tensor<4xf32>)
// CHECK:      tensor.expand_shape %{{.*}} [] output_shape [1, 1] : tensor<f32> into tensor<1x1xf32>
// CHECK-NEXT: tensor.expand_shape %{{.*}} output_shape [1, 4, 1] : tensor<4xf32> into tensor<1x4x1xf32>
