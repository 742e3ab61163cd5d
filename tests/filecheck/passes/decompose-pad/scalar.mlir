// A pad with one value everywhere is a fill with the source inserted after `low` elements.
// RUN: zellige-opt %s -p decompose-pad | filecheck %s

func.func @main(%a: tensor<4x6xf32>, %z: f32) -> tensor<5x9xf32> {
  %0 = tensor.pad %a low[0, 1] high[1, 2] {
  ^bb0(%i: index, %j: index):
    tensor.yield %z : f32
  } : tensor<4x6xf32> to tensor<5x9xf32>
  return %0 : tensor<5x9xf32>
}

// CHECK:      %[[E:.*]] = tensor.empty() : tensor<5x9xf32>
// CHECK-NEXT: %[[F:.*]] = linalg.generic {{.*}} ins(%z : f32) outs(%[[E]] : tensor<5x9xf32>)
// CHECK:      tensor.insert_slice %a into %[[F]][0, 1] [4, 6] [1, 1] : tensor<4x6xf32> into tensor<5x9xf32>
