// A reshape that splits a large dimension stays.
// RUN: zellige-opt %s -p fold-unit-reshapes | filecheck %s

func.func @main(%a: tensor<8xf32>) -> tensor<2x4xf32> {
  %x = tensor.expand_shape %a [[0, 1]] output_shape [2, 4] : tensor<8xf32> into tensor<2x4xf32>
  %e = tensor.empty() : tensor<2x4xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) {
  ^bb0(%in: f32, %o: f32):
    %n = arith.negf %in : f32
    linalg.yield %n : f32
  } -> tensor<2x4xf32>
  return %t : tensor<2x4xf32>
}

// CHECK: %x = tensor.expand_shape
// CHECK: linalg.generic {{.*}} ins(%x : tensor<2x4xf32>)
