// A broadcast stays: its constant would be larger than what it is made of.
// RUN: zellige-opt %s -p fold-constants | filecheck %s

func.func @main() -> tensor<3x2xi32> {
  %w = arith.constant dense<[1, 2]> : tensor<2xi32>
  %e = tensor.empty() : tensor<3x2xi32>
  %t = linalg.generic {indexing_maps = [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%w : tensor<2xi32>) outs(%e : tensor<3x2xi32>) {
  ^bb0(%x: i32, %o: i32):
    linalg.yield %x : i32
  } -> tensor<3x2xi32>
  return %t : tensor<3x2xi32>
}

// CHECK: %t = linalg.generic {{.*}} ins(%w : tensor<2xi32>)
