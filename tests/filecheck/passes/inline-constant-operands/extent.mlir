// The window of a pooling stays: only it says how far the loop goes.
// RUN: zellige-opt %s -p inline-constant-operands | filecheck %s

func.func @main(%a: tensor<8xf32>, %init: tensor<6xf32>) -> tensor<6xf32> {
  %window = arith.constant dense<0.0> : tensor<3xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%a, %window : tensor<8xf32>, tensor<3xf32>) outs(%init : tensor<6xf32>) {
  ^bb0(%x: f32, %w: f32, %o: f32):
    %0 = arith.addf %x, %o : f32
    linalg.yield %0 : f32
  } -> tensor<6xf32>
  return %t : tensor<6xf32>
}

// CHECK: linalg.generic {{.*}} ins(%a, %window : tensor<8xf32>, tensor<3xf32>)
