// An input that the body does not use goes; a repeated one that alone gives a loop its extent stays.
// RUN: zellige-opt %s -p fuse-elementwise | filecheck %s

func.func @main(%a: tensor<8xf32>, %b: tensor<8xf32>, %c: tensor<1x4xf32>, %init: tensor<4xf32>) -> (tensor<8xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %n = arith.negf %y : f32
    linalg.yield %n : f32
  } -> tensor<8xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(k, j) -> (0, j)>, affine_map<(k, j) -> (k, j)>, affine_map<(k, j) -> (j)>], iterator_types = ["reduction", "parallel"]} ins(%c, %c : tensor<1x4xf32>, tensor<1x4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %m = arith.subf %x, %y : f32
    %n = arith.addf %m, %o : f32
    linalg.yield %n : f32
  } -> tensor<4xf32>
  return %r, %s : tensor<8xf32>, tensor<4xf32>
}

// CHECK: %r = linalg.generic {{.*}} ins(%b : tensor<8xf32>)
// CHECK: %s = linalg.generic {{.*}} ins(%c, %c : tensor<1x4xf32>, tensor<1x4xf32>)
