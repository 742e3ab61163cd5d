// A pad of nothing is its source.
// RUN: zellige-opt %s -p decompose-pad | filecheck %s

func.func @main(%a: tensor<4xf32>, %z: f32) -> tensor<4xf32> {
  %0 = tensor.pad %a low[0] high[0] {
  ^bb0(%i: index):
    tensor.yield %z : f32
  } : tensor<4xf32> to tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK:      func.func
// CHECK-NEXT:   func.return %a : tensor<4xf32>
