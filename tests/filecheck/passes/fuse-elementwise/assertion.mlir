// A producer that asserts something is taken in when all its elements are read, and stays when some are not.
// RUN: zellige-opt %s -p fuse-elementwise | filecheck %s

func.func @main(%a: tensor<4x8xf32>, %ok: i1) -> (tensor<4x8xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<4x8xf32>
  %p = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%x: f32, %o: f32):
    cf.assert %ok, "p"
    linalg.yield %x : f32
  } -> tensor<4x8xf32>
  %q = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%x: f32, %o: f32):
    cf.assert %ok, "q"
    linalg.yield %x : f32
  } -> tensor<4x8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%p : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%x: f32, %o: f32):
    %n = arith.negf %x : f32
    linalg.yield %n : f32
  } -> tensor<4x8xf32>
  %f = tensor.empty() : tensor<8xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(j) -> (2, j)>, affine_map<(j) -> (j)>], iterator_types = ["parallel"]} ins(%q : tensor<4x8xf32>) outs(%f : tensor<8xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<8xf32>
  return %r, %s : tensor<4x8xf32>, tensor<8xf32>
}

// CHECK-NOT: %p =
// CHECK:     %q = linalg.generic
// CHECK:     %r = linalg.generic
// CHECK:       cf.assert %ok, "p"
// CHECK:     %s = linalg.generic {{.*}} ins(%q : tensor<4x8xf32>)
