// An added dimension of size 1 is left out of the reader's map.
// RUN: zellige-opt %s -p fold-unit-reshapes | filecheck %s

func.func @main(%a: tensor<4x8xf32>) -> tensor<4x3x8xf32> {
  %x = tensor.expand_shape %a [[0], [1, 2]] output_shape [4, 1, 8] : tensor<4x8xf32> into tensor<4x1x8xf32>
  %e = tensor.empty() : tensor<4x3x8xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, 0, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : tensor<4x1x8xf32>) outs(%e : tensor<4x3x8xf32>) {
  ^bb0(%in: f32, %o: f32):
    linalg.yield %in : f32
  } -> tensor<4x3x8xf32>
  return %t : tensor<4x3x8xf32>
}

// CHECK-NOT:  expand_shape
// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, {{.*}} ins(%a : tensor<4x8xf32>)
