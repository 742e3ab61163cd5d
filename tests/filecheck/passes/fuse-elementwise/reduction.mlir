// What only a reduction reads is computed in the reduction.
// RUN: zellige-opt %s -p fuse-elementwise | filecheck %s

func.func @main(%a: tensor<4x8xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %p = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%x: f32, %o: f32):
    %n = math.exp %x : f32
    linalg.yield %n : f32
  } -> tensor<4x8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%p : tensor<4x8xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%x: f32, %o: f32):
    %n = arith.addf %o, %x : f32
    linalg.yield %n : f32
  } -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// CHECK:      %r = linalg.generic {{.*}} ins(%a : tensor<4x8xf32>) outs(%init : tensor<4xf32>)
// CHECK-NEXT: ^{{.*}}
// CHECK-NEXT:   %[[P:.*]] = math.exp
// CHECK-NEXT:   arith.addf %{{.*}}, %[[P]] : f32
