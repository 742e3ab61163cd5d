// A transpose reads through the inverse permutation, a broadcast leaves out dimensions, a fill reads a scalar.
// RUN: zellige-opt %s -p generalize-named-ops | filecheck %s

func.func @f(%a: tensor<2x3x4xf32>, %t: tensor<4x2x3xf32>, %v: tensor<3xf32>, %s: f32, %m: tensor<2x3xf32>) {
  %0 = linalg.transpose ins(%a : tensor<2x3x4xf32>) outs(%t : tensor<4x2x3xf32>) permutation = [2, 0, 1]
  %1 = linalg.broadcast ins(%v : tensor<3xf32>) outs(%m : tensor<2x3xf32>) dimensions = [0]
  %2 = linalg.fill ins(%s : f32) outs(%m : tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = linalg.reduce { arith.maximumf } ins(%m : tensor<2x3xf32>) outs(%v : tensor<3xf32>) dimensions = [0]
  return
}

// CHECK:     indexing_maps = [affine_map<(d0, d1, d2) -> (d1, d2, d0)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]
// CHECK:     indexing_maps = [affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]
// CHECK:     indexing_maps = [affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%s : f32)
// CHECK:     indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>], iterator_types = ["reduction", "parallel"]
// CHECK-NOT: linalg.{{(transpose|broadcast|fill|reduce)}}
