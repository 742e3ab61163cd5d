// Generics on tensors pass.
// RUN: zellige-opt %s -p 'check-global' | filecheck %s

func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  } -> tensor<8xf32>
  func.return %2 : tensor<8xf32>
}

// CHECK: func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {
