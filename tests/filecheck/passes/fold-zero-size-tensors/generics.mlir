// A sum over nothing is what it starts from; elementwise ops on nothing go.
// RUN: zellige-opt %s -p fold-zero-size-tensors,erase-dead-ops | filecheck %s

func.func @main(%a: tensor<3x0xf32>, %start: tensor<3xf32>) -> (tensor<3xf32>, tensor<3x0xf32>) {
  %e = tensor.empty() : tensor<3x0xf32>
  %double = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<3x0xf32>) outs(%e : tensor<3x0xf32>) {
  ^bb0(%x: f32, %o: f32):
    %y = arith.addf %x, %x : f32
    linalg.yield %y : f32
  } -> tensor<3x0xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%double : tensor<3x0xf32>) outs(%start : tensor<3xf32>) {
  ^bb0(%x: f32, %o: f32):
    %y = arith.addf %x, %o : f32
    linalg.yield %y : f32
  } -> tensor<3xf32>
  return %sum, %double : tensor<3xf32>, tensor<3x0xf32>
}

// CHECK:      func.func @main
// CHECK-NEXT:   %e = tensor.empty() : tensor<3x0xf32>
// CHECK-NEXT:   func.return %start, %e
