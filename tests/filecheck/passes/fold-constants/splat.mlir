// What is computed from splats is one scalar and a fill, whatever the size.
// RUN: zellige-opt %s -p fold-constants | filecheck %s

func.func @main() -> tensor<1000x1000xf32> {
  %w = arith.constant dense<2.0> : tensor<1000x1000xf32>
  %e = tensor.empty() : tensor<1000x1000xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%w : tensor<1000x1000xf32>) outs(%e : tensor<1000x1000xf32>) {
  ^bb0(%x: f32, %o: f32):
    %s = math.sqrt %x : f32
    linalg.yield %s : f32
  } -> tensor<1000x1000xf32>
  return %t : tensor<1000x1000xf32>
}

// CHECK:      %[[C:.*]] = arith.constant 1.41421354 : f32
// CHECK:      linalg.generic {{.*}} ins(%[[C]] : f32)
