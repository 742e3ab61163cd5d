// A removed dimension of size 1 is read at 0; a reshape that something else reads stays for that.
// RUN: zellige-opt %s -p fold-unit-reshapes | filecheck %s

func.func @main(%a: tensor<4x1xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %x = tensor.collapse_shape %a [[0, 1]] : tensor<4x1xf32> into tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%in: f32, %o: f32):
    %n = arith.negf %in : f32
    linalg.yield %n : f32
  } -> tensor<4xf32>
  return %t, %x : tensor<4xf32>, tensor<4xf32>
}

// CHECK:      %x = tensor.collapse_shape
// CHECK:      linalg.generic {indexing_maps = [affine_map<(d0) -> (d0, 0)>, {{.*}} ins(%a : tensor<4x1xf32>)
// CHECK:      func.return %t, %x
