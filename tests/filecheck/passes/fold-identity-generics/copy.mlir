// A copy is its source, a transpose is not, and neither is a copy with another element type.
// RUN: zellige-opt %s -p fold-identity-generics | filecheck %s

func.func @main(%a: tensor<1x4xf32>, %b: tensor<4x4xf32>) -> (tensor<1x4xf32>, tensor<4x4xf32>) {
  %e = tensor.empty() : tensor<1x4xf32>
  %copy = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<1x4xf32>) outs(%e : tensor<1x4xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<1x4xf32>
  %f = tensor.empty() : tensor<4x4xf32>
  %transposed = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<4x4xf32>
  return %copy, %transposed : tensor<1x4xf32>, tensor<4x4xf32>
}

// CHECK-NOT: %copy
// CHECK:     %transposed = linalg.generic
// CHECK:     func.return %a, %transposed
