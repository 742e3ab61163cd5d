// A chain of generics that ends nowhere goes; one that asserts something stays.
// RUN: zellige-opt %s -p erase-dead-ops | filecheck %s

func.func @main(%a: tensor<4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %dead = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%x: f32, %o: f32):
    %n = arith.negf %x : f32
    linalg.yield %n : f32
  } -> tensor<4xf32>
  %dead2 = tensor.extract_slice %dead[0] [2] [1] : tensor<4xf32> to tensor<2xf32>
  %checked = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%x: f32, %o: f32):
    %positive = arith.cmpf ogt, %x, %zero : f32
    cf.assert %positive, "not positive"
    linalg.yield %x : f32
  } -> tensor<4xf32>
  return
}

// CHECK-NOT: %dead
// CHECK:     %checked = linalg.generic
// CHECK:       cf.assert
