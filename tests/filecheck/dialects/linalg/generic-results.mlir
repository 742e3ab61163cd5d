// A generic with several results prints their types in parentheses, and reads them.
// RUN: ROUNDTRIP

func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<4xi64>) {
  %0:2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%a : tensor<4xf32>) outs(%b, %c : tensor<4xf32>, tensor<4xi64>) {
  ^bb0(%x: f32, %y: f32, %z: i64):
    linalg.yield %x, %z : f32, i64
  } -> (tensor<4xf32>, tensor<4xi64>)
  return
}

// CHECK: linalg.generic {{.*}} ins(%a : tensor<4xf32>) outs(%b, %c : tensor<4xf32>, tensor<4xi64>) {
// CHECK: } -> (tensor<4xf32>, tensor<4xi64>)
