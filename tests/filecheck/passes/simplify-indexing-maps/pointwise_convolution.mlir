// The window of a 1-wide kernel is the position itself; the kernel still says how far its loop goes.
// RUN: zellige-opt %s -p simplify-indexing-maps | filecheck %s

func.func @main(%a: tensor<8x4xf32>, %k: tensor<1x4xf32>, %init: tensor<8xf32>) -> tensor<8xf32> {
  %t = linalg.generic {indexing_maps = [affine_map<(x, k, c) -> (x + k, c)>, affine_map<(x, k, c) -> (k, c)>, affine_map<(x, k, c) -> (x)>], iterator_types = ["parallel", "reduction", "reduction"]} ins(%a, %k : tensor<8x4xf32>, tensor<1x4xf32>) outs(%init : tensor<8xf32>) {
  ^bb0(%x: f32, %w: f32, %o: f32):
    %m = arith.mulf %x, %w : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %t : tensor<8xf32>
}

// CHECK: affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0)>
